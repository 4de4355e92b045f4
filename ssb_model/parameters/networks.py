"""What of a composite is connected and covered: of the numbers of a recipe, or of parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ssb_model.laws import cover, transport

IONIC, ELECTRONIC = "ionic", "electronic"


@dataclass(frozen=True)
class Networks:
    """Volume fractions of a composite, its other numbers by name; floats and symbols alike."""

    number: Callable[[str], Any]  # by what follows "Positive electrode " in the model
    electrolyte: Any
    active: Any  # connected or not
    voids: Any
    size_ratio: Any  # of electrolyte grains over active particles
    by_fibre: Any  # share of the particles that touch a network of fibre
    bare: Any = 1.0  # share of all surfaces without a film of binder

    @property
    def surface_offered(self) -> Any:
        """Electrolyte grain surface over active particle surface."""
        return cover.surface_ratio(self.electrolyte, self.active, 1.0, self.size_ratio)

    @property
    def surface_connected(self) -> Any:
        """The same of grains that are connected: islands bring no lithium."""
        return self.surface_offered * self.connected(IONIC)

    def threshold(self, of: str) -> Any:
        """Volume fraction from which on electrolyte or active material conducts, by the law."""
        return transport.percolation_threshold(
            self.size_ratio if of == IONIC else 1 / self.size_ratio,
            self.number(f"{of} percolation threshold at equal size"),
            self.number(f"{of} percolation halfway size ratio"),
        )

    def connected(self, of: str) -> Any:
        """Share of the electrolyte, or of active particles, on a network of their own."""
        conducting = transport.uneven_percolation(
            self.electrolyte if of == IONIC else self.active,
            self.number(f"{of} percolation threshold"),
            1,
            self.number(f"{of} percolation tail"),
        )
        constants = (self.number(f"{of} connection {name}") for name in ("scale", "exponent"))
        return cover.connected_share(conducting, *constants)

    @property
    def utilisation(self) -> Any:
        """Share of the active material on both networks, of ions and of electrons."""
        patches = self.number("contact patches per particle")
        by_ions = cover.reached_by_ions(self.connected(IONIC), patches)
        return cover.on_both_networks(by_ions, self.connected(ELECTRONIC), self.by_fibre)

    def ceiling(self, of_size: Any = 1.0) -> Any:
        """The highest cover there can be, of particles so many times as large as the mean."""
        names = ("factor", "surface exponent", "void limit", "void exponent")
        constants = (self.number(f"coverage {name}") for name in names)
        offered = self.surface_connected * of_size
        return self.bare * cover.coverage_ceiling(offered, self.voids, *constants)

    def clusters(self, of_size: Any = 1.0) -> Any:
        """Radius of what lies between coarse grains, over that of such a particle."""
        exponent = self.number("coverage surface exponent")
        return cover.cluster_ratio(self.surface_connected * of_size, exponent)
