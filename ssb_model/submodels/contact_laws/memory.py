"""Contact that remembers: what pressing formed, what has held since, what breathing loosened."""

from __future__ import annotations

from ssb_model.laws import micro_contact
from ssb_model.laws.micro_contact import History
from ssb_model.quantities.declared import AT_LEAST_1, FROM_0_TO_1, INSIDE_0_TO_1, NOT_NEGATIVE
from ssb_model.submodels.contact_laws.law import (
    ELECTRODE,
    ELECTROLYTE,
    HIGHEST,
    LOOSENED,
    SEPARATOR,
    Constant,
    MemoryLaw,
    Surroundings,
)
from ssb_model.submodels.contact_laws.of_pressure import HARDNESS

SETTLING = 1.0  # s in which contact follows pressure: at once beside any discharge
FRACTION = ("{place} contact fraction", "{pellet} reference relative contact")
ALL_FRACTIONS = (  # of what the whole electrolyte has in common
    "Negative electrode contact fraction",
    "Positive electrode contact fraction",
    "Electrolyte reference relative contact",
)
MADE = "contact before loosening"
CHEN = "100 cycles, then 5, 1, 5 and 500 MPa; Chen2024"


class Memory(MemoryLaw):
    """Asperities that pressing forms, bonds keep, friction holds back and breathing loosens.

    .. math::
        \\theta / \\theta_{cover} = (1 - w) \\{F(P) + s \\Phi [F(M) - F(P)]
        + (1 - s)(1 - n) \\langle e^n \\rangle [K(M) - K(P)]\\}

    ``laws.micro_contact.parts`` says what the letters are. The states follow
    ``laws.micro_contact.after`` within a second; breathing loosens besides.
    """

    name = "memory"
    constants = (
        HARDNESS,
        Constant(
            "Contact exponent",
            "exponent",
            "How contact that nothing bonds falls with pressure, at particles and faces.",
            INSIDE_0_TO_1,
            default=(0.57, "derived", f"interfaces x 2.5 from 5 to 1 MPa after {CHEN}", (0.5, 0.7)),
            at=(ELECTRODE,),
            through=FRACTION,
        ),
        Constant(
            "Grain contact exponent",
            "exponent",
            "How contact between grains that nothing bonds falls with pressure.",
            INSIDE_0_TO_1,
            default=(2 / 3, "literature", "elastic spheres; Hertz 1882", (0.5, 0.7)),
            at=(SEPARATOR,),
            through=("{pellet} reference relative contact",),
        ),
        Constant(
            "Bonded share after pressing",
            "bonded_share",
            "Share of the contact formed that is bonded, at particles and faces.",
            FROM_0_TO_1,
            default=(0.02, "assumed", "powder and tape; a sheet with binder 0.1", (0.0, 0.1)),
            at=(ELECTRODE,),
            through=FRACTION,
        ),
        Constant(
            "Bonded share of grains",
            "bonded_share",
            "Share of the contact formed between grains that is bonded.",
            FROM_0_TO_1,
            default=(0.9, "assumed", "separators alike at 5, 3 and 2 MPa; Chen2024", (0.5, 1.0)),
            at=(SEPARATOR,),
            through=("{pellet} reference relative contact",),
        ),
        Constant(
            "Release pressure [Pa]",
            "release_pressure",
            "Pressure below which half of the bonds have opened.",
            default=(1.2e6, "derived", f"separator x 1.7 from 5 to 1 MPa after {CHEN}", (1e6, 2e6)),
            through=FRACTION,
        ),
        Constant(
            "Release spread",
            "release_spread",
            "Spread of the logarithm of the pressure at which bonds open.",
            default=(0.4, "assumed", "most open between 2 and 1 MPa; Chen2024", (0.2, 0.6)),
            through=FRACTION,
        ),
        Constant(
            "Contact friction",
            "friction",
            "Ratio of pressures by which friction holds contact back as load comes on again.",
            AT_LEAST_1,
            default=(8.0, "assumed", f"not restored back at 5 MPa after {CHEN}", (2.0, 12.0)),
            at=(ELECTROLYTE,),
            through=ALL_FRACTIONS,
        ),
        Constant(
            "Bond renewal ratio",
            "renewal",
            "How many times the pressure that opened a bond forms it again.",
            AT_LEAST_1,
            default=(100.0, "assumed", "bonds form where powder is pressed", (30.0, 300.0)),
            through=FRACTION,
        ),
        Constant(
            "Adhesion pressure [Pa]",
            "adhesion",
            "Pressure that adhesion stands for, beside the stack's.",
            default=(
                5e4,
                "derived",
                "pull-off force 1.5 pi W R over (2R)**2 with W = 0.1 J/m2 and R = 2.5 um; Johnson, "
                "Kendall & Roberts, Proc. R. Soc. A 324 (1971) 301",
                (5e3, 5e5),
            ),
            at=(ELECTROLYTE,),
            through=ALL_FRACTIONS,
        ),
        Constant(
            "Flow pressure [Pa]",
            "flow_pressure",
            "Pressure at which half of the loosened contact flows together again.",
            default=(
                3.4e8,
                "assumed",
                "300 MPa brought back two thirds of the capacity; Shi et al., J. Mater. Chem. A 8 "
                "(2020) 17399",
                (1e8, 5e8),
            ),
            at=(ELECTROLYTE,),
            through=ALL_FRACTIONS,
        ),
        Constant(
            "Loosening per strain",
            "loosening",
            "Share of the contact that a strain loosens, beside grains of 3 um at 1 MPa.",
            NOT_NEGATIVE,
            default=(0.027, "assumed", "not known for this material; as NCM811", (0.0, 0.08)),
            at=(ELECTRODE,),  # the grains of a separator do not breathe
            options={"loosening": ("breathing",)},
        ),
        Constant(
            "Loosening pressure exponent",
            "loosening_exponent",
            "How loosening falls with the stack pressure: hardly in a die, steeply in a sheet.",
            NOT_NEGATIVE,
            default=(
                micro_contact.IN_POWDER,
                "assumed",
                "powder in a die; after cells at 30 and 10 MPa; Zhou2025",
                (0.0, 0.25),
            ),
            at=(ELECTRODE,),
            options={"loosening": ("breathing",)},
        ),
    )
    states = (  # in the order of ``laws.micro_contact.History``
        HIGHEST,
        "lowest pressure of bonds [Pa]",
        "effective pressure under light friction [Pa]",
        "effective pressure [Pa]",
        "effective pressure under heavy friction [Pa]",
        LOOSENED,
        MADE,
    )
    follow = (MADE,)

    def just_pressed(self, pressure, constants) -> History:
        return micro_contact.after(micro_contact.NEVER_PRESSED, pressure, constants)

    def after(self, history, pressure, constants) -> History:
        return micro_contact.after(History(*history), pressure, constants)

    def relative_contact(self, history, constants):
        return micro_contact.contact(History(*history))

    def parts(self, history, pressure, constants):
        history = History(*history)
        bonded, pressed = micro_contact.parts(history, pressure, constants)
        left = 1 - history.loosened
        return {"bonded": left * bonded, "pressed": left * pressed}

    def rates(self, history, around: Surroundings, constants) -> tuple:
        history = History(*history)
        ends = self.after(history, around.pressure, constants)
        settling = History(
            *((end - now) / SETTLING for end, now in zip(ends, history, strict=True))
        )
        breathing = micro_contact.loosening_rate(
            history.loosened, around.breathing, around.grain_size, around.pressure, constants
        )
        return settling._replace(loosened=settling.loosened + breathing)


MEMORY = Memory()
