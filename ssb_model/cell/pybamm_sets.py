"""Entry points: the four cells as PyBaMM parameter sets."""

from __future__ import annotations


def _set(name: str) -> dict:
    from ssb_model.cell.cell import load_cell

    return {key: entry.value for key, entry in load_cell(name).entries.items()}


def ncm811_lpscl_si() -> dict:
    """NCM811 | LPSCl | Si pouch cell (Chen et al. 2024)."""
    return _set("NCM811_LPSCl_Si")


def ncm523_lpscl_inli() -> dict:
    """NCM523 | LPSCl | Li-In pellet cell (Kawaguchi et al. 2025)."""
    return _set("NCM523_LPSCl_InLi")


def ncm811_lpscl_li() -> dict:
    """NCM811 | LPSCl | Li pellet cell (Zhou et al. 2025)."""
    return _set("NCM811_LPSCl_Li")


def ncm523_lpscl_graphite() -> dict:
    """NCM523 | LPSCl | graphite sheet cell (Kawaguchi et al. 2026)."""
    return _set("NCM523_LPSCl_Graphite")
