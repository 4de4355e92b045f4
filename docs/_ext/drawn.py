"""Figures of the gallery: every figure an example leaves behind is shown once, in one style."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

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
    """Run each example in a folder of its own, so that what it saves disturbs nothing."""
    import matplotlib as mpl

    mpl.use("agg")
    logging.getLogger("pybamm").setLevel(logging.ERROR)
    _SHOWN.clear()
    os.environ["SSB_GALLERY_FOLDER"] = tempfile.gettempdir()
