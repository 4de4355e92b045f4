"""Independent directions of the parameters, and how well the slopes know each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SMALLEST = 1e-10  # singular value over the largest, below which a direction is not felt
UNFELT = 1e-130  # of the largest singular value where nothing is felt: its square is a number yet


@dataclass(frozen=True)
class Directions:
    """Independent directions of the parameters, the least known first, and their deviations."""

    vectors: np.ndarray  # a row each, of length one
    deviations: np.ndarray

    @classmethod
    def of(cls, J: np.ndarray) -> Directions:
        lacking = max(J.shape[1] - J.shape[0], 0)  # rows of numbers that were not measured
        _, s, V = np.linalg.svd(np.pad(J, ((0, lacking), (0, 0))), full_matrices=False)
        s = np.maximum(s, SMALLEST * max(s.max(initial=0.0), UNFELT))
        return cls(V[::-1], 1 / s[::-1])

    @property
    def covariance(self) -> np.ndarray:
        """Of the parameters."""
        return (self.vectors.T * self.deviations**2) @ self.vectors

    def deviation(self, weights: np.ndarray) -> float:
        """Of a sum of parameters, each with its weight."""
        return float(np.sqrt(np.sum((self.vectors @ weights * self.deviations) ** 2)))


def deviations(J: np.ndarray) -> np.ndarray:
    """Standard deviations of the parameters by the slopes of the residuals."""
    return np.sqrt(np.diag(Directions.of(J).covariance))


def correlation(covariance: np.ndarray) -> np.ndarray:
    """Of each pair."""
    deviations = np.sqrt(np.diag(covariance))
    return covariance / np.outer(deviations, deviations)
