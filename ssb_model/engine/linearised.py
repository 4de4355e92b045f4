"""A model about a state: M dx/dt = J x + b i, and its impedance at any frequency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, diags
from scipy.sparse.linalg import splu


@dataclass(frozen=True)
class Interface:
    """Double layer and film of an electrode, point by point, per contacted area.

    Without a capacity of the film the double layer lies across reaction and film; with one,
    reaction and film are two arcs in series. Both are constant-phase elements Q (i omega)**a,
    and Q belongs to the surface: no resistance is in it.
    """

    layer: np.ndarray
    reaction: np.ndarray | None
    film: np.ndarray  # Ohm m2
    capacity: float  # F m-2, the double layer's in the equations that are linearised
    layer_Q: float  # S s**a m-2
    exponent: float
    film_Q: float  # S s**a m-2, 0 of a film without an arc
    film_exponent: float

    @property
    def ideal(self) -> bool:
        """Whether double layer and film are capacitors, the same at every frequency."""
        return self.exponent == 1 and (self.film_exponent == 1 or not self.film_Q)

    def mass(self, omega: float, size: int) -> csc_matrix:
        """What stands for i omega times the states of this interface, over i omega.

        C di/dt terms of the rows "double layer" (d dphi/dt = (i - j_c)/C) and "film"
        (0 = v_film - r j_c, to which r times the charging currents are added).
        """
        rows, columns, values = [], [], []

        def add(row, column, value):
            rows.append(row)
            columns.append(column)
            values.append(np.broadcast_to(value, row.shape))

        double = self.layer_Q * (1j * omega) ** (self.exponent - 1)
        if self.reaction is None or not self.film_Q:
            add(self.layer, self.layer, double / self.capacity)
        else:
            coat = self.film * self.film_Q * (1j * omega) ** (self.film_exponent - 1)
            add(self.layer, self.reaction, double / self.capacity)
            add(self.reaction, self.reaction, self.film * double + coat)
            add(self.reaction, self.layer, -coat)
        at = (np.concatenate(rows), np.concatenate(columns))
        return csc_matrix((np.concatenate(values), at), shape=(size, size))


@dataclass(frozen=True)
class Linearised:
    """M dx/dt = J x + b i, v = c x + d i, with interfaces whose M depends on frequency."""

    M: csc_matrix
    J: csc_matrix
    b: np.ndarray
    c: csc_matrix
    d: np.ndarray
    interfaces: list[Interface]
    area: float

    def impedance(self, frequencies: np.ndarray) -> dict[str, np.ndarray]:
        """Of the cell and, where they are outputs, of each electrode [Ohm m2].

        An electrode is seen against the middle of the separator.
        """
        outputs = np.empty((len(frequencies), len(self.d)), complex)
        for number, (omega, mass) in enumerate(self.masses(frequencies)):
            x = splu((1j * omega * mass - self.J).tocsc()).solve(self.b.astype(complex))
            outputs[number] = self.c @ x + self.d
        parts = ("cell", "positive", "negative")[: len(self.d)]
        return dict(zip(parts, -outputs.T * self.area, strict=True))

    def masses(self, frequencies: np.ndarray) -> Iterator[tuple[float, csc_matrix]]:
        """Each angular frequency with what stands for the mass matrix there."""
        size = self.M.shape[0]
        kept = np.ones(size)
        for face in self.interfaces:
            kept[face.layer] = 0
        mass = (diags(kept) @ self.M).tocsc()
        at_omega = None
        for frequency in frequencies:
            omega = 2 * np.pi * frequency
            if at_omega is None or not all(face.ideal for face in self.interfaces):
                at_omega = sum((face.mass(omega, size) for face in self.interfaces), mass)
            yield omega, at_omega

    def beside(
        self, others: Sequence[Linearised], frequencies: np.ndarray, output: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Impedance [Ohm m2], and to first order how much more that of each other has.

        One factorisation a frequency does for all: with A x = b and A^T l = c, what changes is
        dc x + dd + l (db - dA x).
        """
        impedance = np.empty(len(frequencies), complex)
        more = np.empty((len(others), len(frequencies)), complex)
        row = self.c[output].toarray().ravel()
        changes = [
            (other.J - self.J, other.b - self.b, (other.c - self.c)[output], other.d - self.d)
            for other in others
        ]
        masses = [other.masses(frequencies) for other in others]
        for number, (omega, mass) in enumerate(self.masses(frequencies)):
            factors = splu((1j * omega * mass - self.J).tocsc())
            x = factors.solve(self.b.astype(complex))
            weight = factors.solve(row.astype(complex), trans="T")
            impedance[number] = row @ x + self.d[output]
            for k, (dJ, db, dc, dd) in enumerate(changes):
                dA = 1j * omega * (next(masses[k])[1] - mass) - dJ
                more[k, number] = (dc @ x)[0] + dd[output] + weight @ (db - dA @ x)
        return -self.area * impedance, -self.area * more
