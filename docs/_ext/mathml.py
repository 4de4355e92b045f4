"""Formulas as MathML, which browsers draw by themselves: no script, nothing from elsewhere."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from latex2mathml.converter import convert


def _upright(formula: str) -> str:
    """Indices that are words stand upright, those that are symbols lean."""
    return re.sub(r"_\{([a-z]{2,})\}", r"_{\\mathrm{\1}}", formula)


def _inline(self, node):
    self.body.append(convert(_upright(node.astext())))
    raise nodes.SkipNode


def _block(self, node):
    label = f'<span class="eqno">({escape(str(node["number"]))})</span>' if node["number"] else ""
    formula = convert(_upright(node.astext()), display="block")
    self.body.append(f'<div class="formula">{label}{formula}</div>')
    raise nodes.SkipNode


def setup(app):
    """Make it the way formulas are shown."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
