"""How Sphinx builds the manual; ``docs/build.py`` puts this beside the pages it is about."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

import ssb_model  # noqa: E402

project = "ssb_model"
author = "The ssb_model authors"
copyright = "The ssb_model authors, BSD-3-Clause"
version = release = ssb_model.__version__
language = "en-GB"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "mathml",
    "narrow",
    "typeset",
]
if tags.has("short"):  # noqa: F821, which Sphinx provides
    extensions.remove("sphinx.ext.viewcode")
exclude_patterns = ["_ext", "gallery_sources", "gallery/*.ipynb", "**/README.*"]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["config.cache"]  # the scraper of figures is a function
smartquotes = False  # "--out" stays two hyphens

autodoc_typehints = "none"  # units and meaning stand in words
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 80
add_module_names = False
highlight_language = "bash"  # of indented blocks: commands, and TOML with its comments
copybutton_exclude = ".linenos, .gp, .go, .c1"

sphinx_gallery_conf = {
    "examples_dirs": ["gallery_sources"],
    "gallery_dirs": ["gallery"],
    "filename_pattern": r"\.py$",
    "image_scrapers": ("drawn.scraper",),
    "reset_modules": ("drawn.reset",),
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "remove_config_comments": True,
    "download_all_examples": False,
    "show_memory": False,
    "capture_repr": (),
    "min_reported_time": 0,
    "write_computation_times": False,
    "thumbnail_size": (400, 280),
    "backreferences_dir": None,
    "doc_module": (),
}

html_theme = "furo"
html_title = f"ssb_model {release}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_search_scorer = str(HERE / "_ext" / "scorer.js")
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00598a", "color-brand-content": "#00598a"},
    "dark_css_variables": {"color-brand-primary": "#7cc4ee", "color-brand-content": "#7cc4ee"},
    "sidebar_hide_name": False,
}
linkcheck_timeout = 15
linkcheck_anchors = False
