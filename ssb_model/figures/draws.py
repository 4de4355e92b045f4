"""What share of draws meets a target, against stack pressure."""

from __future__ import annotations

import numpy as np

from ssb_model.analysis.draws import censored_quantiles
from ssb_model.figures.labels import in_lines

MARKED = (5, 50, 95)  # per cent
LETTERS = 90  # of a line of the title
BOX = {"boxstyle": "round,pad=0.15", "fc": "w", "ec": "none", "alpha": 0.8}


def draw_share(axes, minima: np.ndarray, tried: np.ndarray, ink: str) -> None:
    """Cumulative share over the pressures tried; -inf is met at the lowest, +inf never."""
    axes.set_ylabel("Draws that meet it / %")
    axes.set_ylim(0, 104)
    known = np.sort(minima[~np.isnan(minima)])
    failed = len(minima) - len(known)
    if not len(known):
        _title(axes, f"no result from {failed} draws")
        return
    finite = known[np.isfinite(known)]
    at = np.concatenate([[tried[0]], finite, [max(tried[-1], *finite[-1:], tried[0])]])
    share = 100 * np.searchsorted(known, at, side="right") / len(known)
    axes.plot(at, share, color=ink, lw=1.6, drawstyle="steps-post")
    words = []
    for level in MARKED:
        (pressure,) = censored_quantiles(known, (level / 100,))
        words.append(f"{level} %: {_met(pressure, tried)}")
        if np.isfinite(pressure):
            axes.vlines(pressure, 0, level, color=ink, ls=":", lw=1)
            axes.plot(pressure, level, "o", color=ink, ms=6, mec="w", zorder=4)
    more = f" ({failed} more set aside)" if failed else ""
    _title(axes, f"{len(known)} draws{more}; enough for {'; '.join(words)}")
    first, never = 100 * np.isneginf(known).mean(), 100 * np.isposinf(known).mean()
    if first:
        _tell(axes, f"{first:.2g} % already at {tried[0]:.3g} MPa", "left", first < 50)
    if never:
        _tell(axes, f"{never:.2g} % never up to {tried[-1]:.3g} MPa", "right", never > 50)


def _met(pressure: float, tried: np.ndarray) -> str:
    if np.isposinf(pressure):
        return "none tried"
    if np.isneginf(pressure):
        return f"{tried[0]:.3g} MPa or less"
    return f"{pressure:.3g} MPa"


def _title(axes, words: str) -> None:
    axes.set_title(in_lines(words, LETTERS), fontsize=8, loc="left")


def _tell(axes, words: str, side: str, top: bool) -> None:
    """A share at an end of the curve, in the corner that the curve leaves free."""
    at = (0.02 if side == "left" else 0.98, 0.93 if top else 0.07)
    style = {"ha": side, "va": "top" if top else "bottom", "bbox": BOX, "zorder": 6}
    axes.text(*at, words, fontsize=8, transform=axes.transAxes, **style)
