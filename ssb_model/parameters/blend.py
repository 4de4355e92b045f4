"""Two kinds or two sizes of active material in one electrode: [positive.second] of a cell file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from numbers import Real

from ssb_model.errors import RecipeError
from ssb_model.laws import blend
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.section import Section
from ssb_model.quantities.units import said

DIAMETER, DENSITY = "Active material diameter [m]", "Density [kg.m-3]"
CONCENTRATION, SHARE = "Maximum concentration [mol.m-3]", "Share of active material"
FILM, POTENTIAL = "Film resistance [Ohm.m2]", "Open-circuit potential [V]"
GRAIN, SECOND_GRAIN = "Electrolyte grain size [m]", "Second electrolyte grain size [m]"
GRAIN_SHARE = "Share of second grain size"
SPREAD = "Active material diameter spread"
BRANCHES = ("Lithiation potential [V]", "Delithiation potential [V]")
BY_CAPACITY = ("Pristine stoichiometry", "First-cycle loss", "Entropic change [V.K-1]")
BY_VOLUME = (DENSITY, CONCENTRATION, "Volume change")
BY_SURFACE = ("Double-layer capacity [F.m-2]", FILM)
BY_DECADES = ("Active material conductivity [S.m-1]",)


@dataclass(frozen=True)
class Kind:
    """One of two active materials in a layer, numbers in SI."""

    section: Section
    volume: float  # of it per volume of layer

    @property
    def name(self) -> str:
        return self.section.words["active_material"]

    @property
    def words(self) -> str:
        """The material and its size, for a reader."""
        return f"{self.name} of {said(self.diameter, 'um', '.3g')}"

    @property
    def diameter(self) -> float:
        return self.section[DIAMETER]

    @property
    def mass(self) -> float:
        """Of it per volume of layer [kg m-3]."""
        return self.volume * self.section[DENSITY]

    @property
    def capacity(self) -> float:
        """Lithium it can hold per volume of layer [mol m-3]."""
        return self.volume * self.section[CONCENTRATION]


def weights_of(section: Section) -> dict[str, float]:
    """Weight shares of both kinds in a mixture that names them, or of one it divides."""
    first, second = section.words["active_material"], section.second
    composition = section["Composition"]
    if second is None:
        return {first: composition[first]}
    other = second.words["active_material"]
    if other != first:
        if SHARE in second:
            raise RecipeError(
                f"the composition says how much {other} there is: leave '{SHARE}' out."
            )
        return {first: composition[first], other: composition[other]}
    if SHARE not in second:
        raise RecipeError(
            f"'{SHARE} [%]' is missing under [{section.name}.second]: how much of the {first} "
            "has the second size, by weight."
        )
    share = second[SHARE]
    return {first: (1 - share) * composition[first], f"{first}, second": share * composition[first]}


def of_both_grains(section: Section) -> Section:
    """A layer with one grain size: where it has two, the mean that has the surface of both."""
    named = [name for name in (SECOND_GRAIN, GRAIN_SHARE) if name in section]
    if not named:
        return section
    if len(named) == 1:
        missing = ({SECOND_GRAIN, GRAIN_SHARE} - {*named}).pop()
        raise RecipeError(f"'{named[0]}' is of two grain sizes: give '{missing}' as well.")
    share, first = section[GRAIN_SHARE], section.entry(GRAIN)
    size = blend.mean_diameter((1 - share, share), (first.value, section[SECOND_GRAIN]))
    note = "the surface of grains of two sizes"
    mean = replace(first, value=size, kind="derived", note=note, range=None, interval=None)
    return replace(section, entries={**section.entries, GRAIN: mean})


def kinds_of(section: Section, fractions: dict[str, float]) -> tuple[Kind, ...]:
    """Both kinds of a blend with what they fill of a layer; none where there is one."""
    second = section.second
    if second is None:
        return ()
    if SPREAD in section:
        raise RecipeError(f"a blend has one size a kind: leave '{SPREAD}' out.")
    for name in BRANCHES:
        if name in section or name in second:
            raise RecipeError(
                "a kind whose potential has two branches, as silicon's, cannot be one of a blend."
            )
    weights = weights_of(section)
    if len(set(weights) & set(fractions)) == len(weights):
        volumes = [fractions[name] for name in weights]
    else:
        whole = fractions[section.words["active_material"]]
        volumes = [whole * weight / sum(weights.values()) for weight in weights.values()]
    return tuple(Kind(one, volume) for one, volume in zip((section, second), volumes, strict=True))


def in_common(section: Section, kinds: tuple[Kind, ...]) -> Section:
    """The section with the numbers that an electrode of two kinds has as a whole."""
    if not kinds:
        return section
    volumes = [kind.volume for kind in kinds]
    diameters = [kind.diameter for kind in kinds]
    surfaces = blend.surface_shares(volumes, diameters)
    capacities = [kind.capacity for kind in kinds]
    new = {DIAMETER: blend.mean_diameter(volumes, diameters)}
    for names, law, shares in (
        (BY_CAPACITY, blend.mean, capacities),
        (BY_VOLUME, blend.mean, volumes),
        (BY_SURFACE, blend.mean, surfaces),
        (BY_DECADES, blend.mean_by_decades, volumes),
    ):
        for name in names:
            of_both = [kind.section[name] for kind in kinds]
            if of_both[0] == of_both[1]:
                continue
            if not all(isinstance(one, Real) for one in of_both):
                raise RecipeError(
                    f"'{name}' of a blend is a number of each kind: give it as one under "
                    f"[{section.name}] and [{section.name}.second]."
                )
            new[name] = law(shares, of_both)
    source = f"blend of {' and '.join(dict.fromkeys(kind.name for kind in kinds))}"
    entries = {
        name: replace(section.entry(name), value=value, kind="derived", source=source, range=None)
        for name, value in new.items()
    }
    return replace(section, entries={**section.entries, **entries}, second=None)


def relative(kinds: tuple[Kind, ...], section: Section) -> Iterator[tuple[str, list[float]]]:
    """Numbers of each kind over those of the electrode, by the model's names for them."""
    lithium = [kind.section[CONCENTRATION] / section[CONCENTRATION] for kind in kinds]
    sizes = [kind.diameter / section[DIAMETER] for kind in kinds]
    film = section[FILM]
    yield "relative concentration", lithium
    yield (
        "relative radius",
        [blend.capacity_radius(*pair) for pair in zip(sizes, lithium, strict=True)],
    )
    yield "relative film", [kind.section[FILM] / film if film else 1.0 for kind in kinds]


def alike(kinds: tuple[Kind, ...], *names: str) -> bool:
    """Whether both kinds have the same entries."""

    def said(entry: Entry):
        return entry.value

    return all(said(kinds[0].section.entry(n)) == said(kinds[1].section.entry(n)) for n in names)
