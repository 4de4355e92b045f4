"""Derivatives of a discretised model by the chain rule through its constant matrices.

Between its matrices (slopes, means, values elsewhere) a model works at each point by itself. Such
parts become operations on numbers, whose derivatives have few colours; the matrices between them
are multiplied. Where a matrix is full, the plain derivative of the whole takes twice as long.

Newton's method needs no more than nearly the slope: how a coefficient of conduction through the
layers changes with the state is left out, as it would tie every place to every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import casadi

FEW = 3  # entries in a row of a matrix that is left among the operations on numbers
STATE = 1  # place of the state among the arguments t, y, p


def chained_jacobian(function: casadi.Function, places: int = 0) -> casadi.Function | None:
    """The derivative of a function of t, y and p by y; none where it holds a table.

    A table is looked up in a way that has no operations on numbers. Coefficients at up to
    ``places`` places are taken as they are.
    """
    try:
        return _chained(function, places)
    except RuntimeError as error:
        if "eval_sx" not in str(error):
            raise
        return None


def _chained(function: casadi.Function, places: int) -> casadi.Function:
    arguments = [
        casadi.MX.sym(function.name_in(k), function.sparsity_in(k)) for k in range(function.n_in())
    ]
    (whole,) = function.call(arguments, True, False)
    parts, matrices, followed = _cut(whole, arguments, places)
    values: list[casadi.MX] = []
    slopes: list[casadi.MX] = []
    for part, matrix, rows in zip(parts, matrices, followed, strict=False):
        slopes.append(casadi.mtimes(rows, _slope(part, arguments, values, slopes)))
        values.append(casadi.mtimes(matrix, part(*arguments, *values)))
    slope = _slope(parts[-1], arguments, values, slopes)
    return casadi.Function(f"jac_{function.name()}", arguments, [slope])


def _cut(
    whole: casadi.MX, arguments: list, places: int
) -> tuple[list[casadi.Function], list[casadi.DM], list[casadi.DM]]:
    """Parts in operations on numbers, and the matrix behind each but the last.

    A part takes the arguments and what came out of every matrix before it. At last the matrices
    once more, without the rows that derivatives do not follow.
    """
    nodes = _in_order(whole)
    taken = _coefficients(nodes, places)
    depths: dict[int, int] = {}  # matrices in a row up to a node, itself counted
    columns: dict[int, dict[int, list[casadi.MX]]] = {}  # by depth, then by what is multiplied
    for node in nodes:
        depths[hash(node)] = max((depths[hash(each)] for each in _children(node)), default=0)
        if _is_product(node):
            depths[hash(node)] += 1
            at_depth = columns.setdefault(depths[hash(node)], {})
            at_depth.setdefault(hash(node.dep(2)), []).append(node)
    entries, matrices, followed, products, outputs = [], [], [], [], []
    for depth in sorted(columns):
        groups = list(columns[depth].values())
        entries.append(casadi.vertcat(*(group[0].dep(2) for group in groups)))
        stacks = [casadi.vertcat(*(node.dep(1).to_DM() for node in group)) for group in groups]
        stacks = [casadi.sparsify(stack) for stack in stacks]
        matrices.append(casadi.diagcat(*stacks))
        rows = [
            casadi.DM(*stack.shape) if hash(group[0].dep(2)) in taken else stack
            for group, stack in zip(groups, stacks, strict=True)
        ]
        followed.append(casadi.diagcat(*rows))
        output = casadi.MX.sym(f"level_{depth}", matrices[-1].size1())
        ordered = [node for group in groups for node in group]
        ends = accumulate((node.size1() for node in ordered), initial=0)
        products += ordered
        outputs += casadi.vertsplit(output, list(ends))
        arguments = [*arguments, output]
    entries.append(whole)
    if products:
        entries = casadi.graph_substitute(entries, products, outputs)
    known = len(arguments) - len(matrices)
    parts = [
        casadi.Function("part", arguments[: known + number], [casadi.densify(entry)]).expand()
        for number, entry in enumerate(entries)
    ]
    return parts, matrices, followed


def _coefficients(nodes: list[casadi.MX], places: int) -> set[int]:
    """Of gradients, at up to so many places: what ``Spectral`` carries by log |.| and its sign."""
    logs = [node for node in nodes if node.is_op(casadi.OP_LOG) and node.size1() <= places]
    logs = [node for node in logs if node.dep(0).is_op(casadi.OP_FABS)]
    found = {hash(node.dep(0).dep(0)) for node in logs}
    signs = [node for node in nodes if node.is_op(casadi.OP_SIGN)]
    found |= {hash(node) for node in signs if hash(node.dep(0)) in found}
    return found | {hash(node) for node in logs}


def _slope(part: casadi.Function, arguments: list, values: Sequence, slopes: Sequence) -> casadi.MX:
    """Of a part by the state: its own slopes times those of the levels before."""
    symbols = [casadi.SX.sym("x", part.sparsity_in(k)) for k in range(part.n_in())]
    (out,) = part.call(symbols)
    by = [symbols[STATE], *symbols[len(arguments) :]]
    ends = list(accumulate((each.size1() for each in by), initial=0))
    own = casadi.horzsplit(casadi.jacobian(out, casadi.vertcat(*by)), ends)
    total, *through = casadi.Function("slopes", symbols, own).call([*arguments, *values])
    for local, slope in zip(through, slopes, strict=True):
        if local.nnz():
            total = total + casadi.mtimes(local, slope)
    return total


def _in_order(whole: casadi.MX) -> list[casadi.MX]:
    """All nodes of an expression, each after those it hangs on."""
    seen: set[int] = set()
    order, stack = [], [(whole, False)]
    while stack:
        node, children_done = stack.pop()
        if children_done:
            order.append(node)
        elif hash(node) not in seen:
            seen.add(hash(node))
            stack.append((node, True))
            stack += [(child, False) for child in _children(node)]
    return order


def _children(node: casadi.MX) -> list[casadi.MX]:
    return [node.dep(k) for k in range(node.n_dep())]


def _is_product(node: casadi.MX) -> bool:
    """Whether this is a constant matrix with full rows times a column."""
    if not node.is_op(casadi.OP_MTIMES):
        return False
    added, matrix, _ = _children(node)
    if not (added.is_zero() and matrix.is_constant() and node.size2() == 1):
        return False
    ends = matrix.sparsity().T.colind()
    return max(last - first for first, last in pairwise(ends)) > FEW
