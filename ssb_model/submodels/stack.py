"""How the cell is held, and how thick its layers are: they breathe and give way elastically.

Changes of thickness count from the pristine, unloaded layer.
"""

from __future__ import annotations

import pybamm

from ssb_model.laws import mechanics

STIFFNESS = {"spring": "Spring stiffness [Pa.m-1]", "rigid": "Frame stiffness [Pa.m-1]"}
LAYERS = ("Negative electrode", "Separator", "Positive electrode")


def set_pressure(time):
    """What the user sets [Pa]: a number, or a profile in time."""
    return pybamm.FunctionParameter("Stack pressure function [Pa]", {"Time [s]": time})


def layer_compliance(layer):
    thickness = pybamm.Parameter(f"{layer} thickness [m]")
    return mechanics.compliance(thickness, pybamm.Parameter(f"{layer} Young's modulus [Pa]"))


def place(domain):
    return "separator" if domain == "separator" else f"{domain} electrode"


def each_point(domain, options):
    """Where a number lives that each point of a composite has for itself.

    It may be the same everywhere: a number that every point hangs on makes the solver's Jacobian
    ten times dearer.
    """
    if domain not in options.porous:
        return {}
    return {"domain": place(domain), "auxiliary_domains": {"secondary": "current collector"}}


def particles_leave(domain, options):
    """Whether particles of an electrode leave the cell with their last contact."""
    return domain in options.porous and getattr(options, domain)["connection"] == "patches"


class BaseStack(pybamm.BaseSubModel):
    """Publishes pressure, gap and the thickness changes that go with them."""

    def get_fundamental_variables(self):
        return {"Stack pressure at the start [Pa]": set_pressure(pybamm.Scalar(0))}

    def _pressure(self, domain, variables):
        """Stack pressure as points of ``domain`` know it: the same everywhere."""
        raise pybamm.ModelError("a stack states its pressure")

    def _gap(self, variables):
        return pybamm.Scalar(0)

    def get_coupled_variables(self, variables):
        for domain in ("negative", "separator", "positive"):
            name = f"Stack pressure on {place(domain)} [Pa]"
            variables[name] = self._pressure(domain, variables)
        pressure = variables["Stack pressure on separator [Pa]"]
        variables["Stack pressure [Pa]"] = pressure
        variables["Stack gap [m]"] = self._gap(variables)
        cell = 0
        for layer in LAYERS:
            breathes = layer != "Separator"
            free = variables[f"{layer} free thickness change [m]"] if breathes else 0
            change = free - layer_compliance(layer) * pressure
            variables[f"{layer} thickness change [m]"] = change
            cell += change
        variables["Cell thickness change [m]"] = cell
        return variables


class IsostaticStack(BaseStack):
    """A fluid holds the cell: the pressure is what the user sets, whatever the cell does."""

    def _pressure(self, domain, variables):
        return set_pressure(pybamm.t)


class ElasticStack(BaseStack):
    """A spring or a frame holds the cell in series with the stack's own compliance.

    .. math::
        P = \\max(0, P_0 + k \\, (h - h_0)), \\quad 1/k = 1/k_{holder} + \\sum L_i / E_i

    Contact pushes and never pulls: once everything has shrunk away a gap opens. The free
    thickness h follows from the charge passed; h_0, when the pressure was set, is a state that
    never changes by itself, so that it goes along with the cell. Each point of a layer counts
    for itself.
    """

    COUNTED = ("negative", "positive")

    def _names(self, domain):
        counted = [
            f"{e.capitalize()} stoichiometry counted in {place(domain)}" for e in self.COUNTED
        ]
        return [*counted, f"Free thickness change when held, known in {place(domain)} [m]"]

    def get_fundamental_variables(self):
        variables = super().get_fundamental_variables()
        for domain in ("negative", "separator", "positive"):
            domains = each_point(domain, self.options)
            for name in self._names(domain):
                scale = 1e-6 if "[m]" in name else 1
                variables[name] = pybamm.Variable(name, scale=scale, **domains)
        return variables

    def _stiffness(self):
        holder = pybamm.Parameter(STIFFNESS[self.options["stack"]])
        soft = sum(layer_compliance(layer) for layer in LAYERS)
        return mechanics.series_stiffness(holder, soft)

    def _load(self, domain, variables):
        *counted, held = (variables[name] for name in self._names(domain))
        free = sum(
            free_thickness_change(electrode, self.param, sto)
            for electrode, sto in zip(self.COUNTED, counted, strict=True)
        )
        return mechanics.held_load(set_pressure(pybamm.t), self._stiffness(), free - held)

    def _pressure(self, domain, variables):
        return mechanics.unilateral(self._load(domain, variables), self._stiffness())[0]

    def _gap(self, variables):
        return mechanics.unilateral(self._load("separator", variables), self._stiffness())[1]

    def _each(self, variables):
        for domain in ("negative", "separator", "positive"):
            *counted, held = (variables[name] for name in self._names(domain))
            yield dict(zip(self.COUNTED, counted, strict=True)), held

    def set_rhs(self, variables):
        i = pybamm.yz_average(variables["Current collector current density [A.m-2]"])
        for counted, held in self._each(variables):
            for electrode, sto in counted.items():
                rate = filling_rate(electrode, self.options, self.param, i)
                self.rhs[sto] = rate * pybamm.ones_like(sto)
            self.rhs[held] = pybamm.zeros_like(held)

    def set_initial_conditions(self, variables):
        free = sum(free_thickness_change(e, self.param, start(e)) for e in self.COUNTED)
        for counted, held in self._each(variables):
            for electrode, sto in counted.items():
                self.initial_conditions[sto] = start(electrode)
            self.initial_conditions[held] = free


def volume_strain(domain, sto):
    """Volume change of the active material since pristine, relative to its pristine volume."""
    Domain = domain.capitalize()

    def volume(x):
        return pybamm.FunctionParameter(
            f"{Domain} electrode volume change", {f"{Domain} particle stoichiometry": x}
        )

    return volume(sto) - volume(pybamm.Parameter(f"{Domain} electrode pristine stoichiometry"))


def breathing_rate(domain, options, param, variables):
    """How fast contacts of an electrode are strained, either way [s-1].

    The active material's own volume strain, and what the other electrode moves per thickness
    of this one: the stack shifts as a whole.
    """
    other = "negative" if domain == "positive" else "positive"
    moved = _swing(other) * pybamm.yz_average(
        variables["Current collector current density [A.m-2]"]
    )
    shift = abs(moved) / (param.F * _c_max(other) * param.domain_params[domain].L)
    return own_breathing_rate(domain, options, param, variables) + shift


def own_breathing_rate(domain, options, param, variables):
    """How fast the active material of an electrode changes volume, either way [s-1].

    This cracks its particles; what the other electrode moves strains contacts alone.
    """
    electrode = f"{domain.capitalize()} electrode"
    if domain in options.porous:
        current = variables[f"{electrode} volumetric interfacial current density [A.m-3]"]
        per_volume = current / _active_fraction(electrode)
    else:
        i = pybamm.yz_average(variables["Current collector current density [A.m-2]"])
        per_volume = i / param.domain_params[domain].L
    return abs(_swing(domain) * per_volume) / (param.F * _c_max(domain))


def _swing(domain):
    """Volume strain of a host over its whole range: a plateau in it hides no stirring."""
    return volume_strain(domain, pybamm.Scalar(1)) - volume_strain(domain, pybamm.Scalar(0))


def _active_fraction(electrode):
    return pybamm.Parameter(f"{electrode} active material volume fraction")


def _c_max(domain):
    return pybamm.Parameter(f"Maximum concentration in {domain} electrode [mol.m-3]")


def free_thickness_change(domain, param, sto):
    """What an electrode at the mean lithium content ``sto`` has grown since pristine [m].

    Exact where volume is linear in lithium; elsewhere the volume at the mean content.
    """
    return mechanics.thickness_from_volume(
        volume_strain(domain, sto),
        _active_fraction(f"{domain.capitalize()} electrode"),
        param.domain_params[domain].L,
    )


def start(domain):
    """Mean lithium content a run starts from."""
    return pybamm.Parameter(f"Initial concentration in {domain} electrode [mol.m-3]") / _c_max(
        domain
    )


def filling_rate(domain, options, param, i):
    """d(sto)/dt of a whole electrode under the cell's current density ``i`` [s-1]."""
    # the concentration of a planar electrode already refers to all of its volume
    porous = domain in options.porous
    share = _active_fraction(f"{domain.capitalize()} electrode") if porous else 1
    room = param.F * _c_max(domain) * share * param.domain_params[domain].L
    return i / room if domain == "positive" else -i / room


class FreeThicknessChange(pybamm.BaseSubModel):
    """Free thickness change of an electrode."""

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        name = f"{electrode} stoichiometry"
        if particles_leave(self.domain, self.options):  # those that left keep their volume
            name += " of all particles"
        sto = pybamm.yz_average(variables[name])
        variables[f"{electrode} free thickness change [m]"] = free_thickness_change(
            self.domain, self.param, sto
        )
        return variables
