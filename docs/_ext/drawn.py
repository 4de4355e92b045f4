"""Figures of the gallery: every figure an example leaves behind is shown once, in one style."""

from __future__ import annotations

import logging
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

INKS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
_SHOWN: set[int] = set()


def scraper(block, block_vars, gallery_conf):
    """Save the figures that the variables of an example hold and that were not shown before."""
    paths = []
    for value in block_vars["example_globals"].values():
        if isinstance(value, Figure) and id(value) not in _SHOWN:
            _SHOWN.add(id(value))
            path = Path(next(block_vars["image_path_iterator"]))
            value.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
            paths.append(str(path))
    return figure_rst(paths, gallery_conf["src_dir"])


def reset(gallery_conf, name):
    """Begin each example with the same style, that of the package's own figures."""
    mpl.use("agg")
    mpl.rcdefaults()
    mpl.rcParams |= {
        "axes.prop_cycle": mpl.cycler(color=INKS),
        "axes.grid": True,
        "grid.alpha": 0.3,
        "figure.constrained_layout.use": True,
        "figure.figsize": (6.4, 3.8),
        "legend.frameon": False,
    }
    logging.getLogger("pybamm").setLevel(logging.ERROR)
    _SHOWN.clear()
