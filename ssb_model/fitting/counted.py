"""How many independent numbers a data set is worth, by how its residuals miss alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FEWEST = 10  # residuals whose neighbours can be compared
SURE = 3.0  # standard deviations by which chance must be passed before it is believed
WIDE = 4  # lags, a share of a lag: over which likeness is averaged where it is followed
HIDDEN = 4  # of the numbers a fit takes: how much of a slow error each hides
MOST = 48  # means of neighbours that residuals are compared by
LENGTHS = np.geomspace(0.01, 3.0, 7)  # of an error of the model, over the length of the data
SHARES = np.geomspace(1e-2, 1e2, 9)  # of its variance, over that of the noise
FELT = 1e-9  # of the largest slope, below which a direction is not felt


def alike(parts: Sequence[np.ndarray], slopes: Sequence[np.ndarray]) -> float:
    r"""Times the variance of what is fitted is larger than white residuals would make it; least 1.

    Residuals are taken as white noise and an error of the model that changes over a length ℓ,

    .. math:: V = \sigma^2 (I + s^2 e^{-|i - j| / \ell})

    with ℓ and s weighed by the restricted likelihood of what the fit leaves of them, one half of
    all weight on s = 0. The variance of least squares by V over that by I is largest for one of
    the parameters; this one counts, or how many neighbours are alike where that is more, which
    tells smooth errors better. ``parts`` are stretches whose neighbours can be compared, as
    real and imaginary parts of a spectrum, ``slopes`` those of the residuals by the parameters.
    """
    count = sum(map(len, parts))
    if count < FEWEST or not any(np.any(part) for part in parts):
        return 1.0
    together = -(-count // MOST)
    r, J, place = [], [], []
    for number, (part, slope) in enumerate(zip(parts, slopes, strict=True)):
        cut = np.array_split(np.arange(len(part)), max(len(part) // together, 1))
        r += [part[rows].mean() for rows in cut]
        J += [slope[rows].mean(axis=0) for rows in cut]
        place += [10.0 * number + rows.mean() / len(part) for rows in cut]
    r, J, place = np.array(r), np.array(J), np.array(place)
    U, s, V = np.linalg.svd(J, full_matrices=True)
    rank = int(np.sum(s > FELT * s.max(initial=0.0)))
    if rank == 0 or len(r) - rank < 4:
        return 1.0
    solving = (V[:rank].T / s[:rank]) @ U[:, :rank].T
    left = U[:, rank:]
    plain = np.einsum("ij,ij->i", solving, solving)
    felt = plain > 0
    solving, plain = solving[felt], plain[felt]
    contrasts = left.T @ r
    freedom = len(contrasts)
    squares = float(contrasts @ contrasts)
    likely, variances = [-0.5 * freedom * np.log(squares)], [squares / freedom * plain]
    apart = np.abs(np.subtract.outer(place, place))
    for length in LENGTHS:
        K = np.exp(-apart / length)
        values, vectors = np.linalg.eigh(left.T @ K @ left)
        own = (vectors.T @ contrasts) ** 2
        more = np.einsum("ij,ij->i", solving @ K, solving)
        for share in SHARES:
            scale = 1 + share * np.maximum(values, 0.0)
            square = float(np.sum(own / scale))
            likely.append(-0.5 * np.sum(np.log(scale)) - 0.5 * freedom * np.log(square))
            variances.append(square / freedom * (plain + share * more))
    weights = np.exp(np.array(likely) - max(likely))
    weights[0] *= len(weights) - 1
    weights /= weights.sum()
    whole = sum(float(part @ part) for part in parts) / max(count - rank, 1)
    white = whole / together  # of a mean of so many
    slow = float(np.exp(np.max(weights @ np.log(np.array(variances) / plain / white))))
    tau = neighbours_alike(parts)
    return max(slow, tau * (1 + HIDDEN * rank * tau / count) if tau > 1 else 1.0, 1.0)


def neighbours_alike(parts: Sequence[np.ndarray]) -> float:
    r"""Neighbours that count as one: the integrated autocorrelation of residuals, one at least.

    .. math:: \tau = 1 + 2 \sum_{k=1}^{K} \rho_k

    with the autocorrelation ρ at k places, up to where it first vanishes. ``parts`` are stretches
    whose neighbours can be compared, as real and imaginary parts of a spectrum. One where the
    likeness is within what chance makes of white noise.
    """
    whole = sum(map(len, parts))
    if whole < FEWEST:
        return 1.0
    square = sum(float(part @ part) for part in parts)
    if square == 0.0:
        return 1.0
    most = max(len(part) for part in parts) // 2
    rho = np.zeros(most + 1)
    for part in parts:
        size = 2 ** int(np.ceil(np.log2(2 * max(len(part), 1))))
        power = np.abs(np.fft.rfft(part, size)) ** 2
        lags = np.fft.irfft(power, size)[: most + 1]
        lags[len(part) :] = 0.0
        rho[: len(lags)] += lags
    rho = rho / square
    if not _believed(rho, whole):
        return 1.0
    total = np.concatenate([[0.0], np.cumsum(rho[1:])])
    lag = 1
    while lag < most:
        near = max(lag // WIDE, 1)
        if total[min(lag + near, most)] - total[lag] <= 0:
            break
        lag += 1
    return float(max(1 + 2 * total[lag], 1.0))


def _believed(rho: np.ndarray, count: int) -> bool:
    """Whether sums over the first 1, 2, 4 ... lags are more than chance makes them."""
    most = len(rho) - 1
    lags = 2 ** np.arange(int(np.log2(max(most, 1))) + 1)
    sums = np.array([rho[1 : lag + 1].sum() for lag in lags])
    return bool((sums > SURE * np.sqrt(lags / count)).any())


def missed(square: float, count: float) -> float:
    """Mean square of residuals over a noise that was given, where chance cannot make it; else 1."""
    return square if square > 1 + SURE * np.sqrt(2 / max(count, 1.0)) else 1.0
