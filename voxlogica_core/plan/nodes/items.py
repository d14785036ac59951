"""Items of sequences that are known while reducing: an item of a loop is an ordinary node.

Nothing here forces a sequence: lengths and single items are found without making the others.
"""

import math
from collections.abc import Sequence

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Literal,
    Loop,
    NodeId,
    inputs_of,
    is_closed,
    loose_of,
)
from voxlogica_core.plan.nodes.forms import OUTSIDE
from voxlogica_core.plan.nodes.table import NodeTable, Rule
from voxlogica_core.values.kind import STRING

RANGE = "default.range"
SLICE = "default.slice"


def length(table: NodeTable, node: NodeId) -> int | None:
    """Return the number of items of a sequence, None while it is unknown."""
    while True:
        match table[node]:
            case Array() as array:
                return len(array.items)
            case Loop(operation="map") as loop:
                node = loop.source
            case Apply(primitive="default.range") as bounds:
                return _range_length(table, bounds)
            case Apply(primitive="default.slice") as part:
                bounds = _slice_bounds(table, part)
                return None if bounds is None else len(range(*bounds))
            case _:
                return None


def item(table: NodeTable, node: NodeId, index: int) -> NodeId:
    """Return the node of item `index`, which must be within a known `length`."""
    return _some(table, node, index, 1)[0]


def items(table: NodeTable, node: NodeId) -> list[NodeId] | None:
    """Return the nodes of all items, None while their number is unknown."""
    count = length(table, node)
    return None if count is None else _some(table, node, 0, count)


def _some(table: NodeTable, node: NodeId, first: int, count: int) -> list[NodeId]:
    """Return the nodes of `count` items from `first` on, all within a known `length`."""
    bodies: list[NodeId] = []
    while True:
        match table[node]:
            case Array() as array:
                found = list(array.items[first : first + count])
                break
            case Loop(operation="map") as loop:
                bodies.append(loop.body)
                node = loop.source
            case Apply(primitive="default.range") as bounds:
                start = _range_start(table, bounds) + first
                found = [table.literal(float(start + index)) for index in range(count)]
                break
            case Apply(primitive="default.slice") as part:
                start, _ = _slice_bounds(table, part) or (0, 0)
                node, first = part.inputs[0], start + first
            case _:
                raise AssertionError(f"items of {node} are not known")
    for body in reversed(bodies):
        found = [table.instantiate(body, (given,)) for given in found]
    return found


def _index_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
    sequence, position = inputs
    if not is_closed(table[position]) or table.kind(position) == STRING:
        return None
    index = _whole(table, position)
    count = length(table, sequence)
    if index is None or count is None:
        return None
    if not -count <= index < count:
        raise DataError(f"index {index} is outside a sequence of {count} items", "index")
    return item(table, sequence, index % count)


def _length_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
    count = length(table, inputs[0])
    return None if count is None else table.literal(float(count))


def _subsequence_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
    """``subsequence(xs, a[, b])`` is the slice ``xs[a:b]``, the same node."""
    stop = inputs[2] if len(inputs) == 3 else table.literal(math.inf)
    return table.apply(table.catalogue.primitives[SLICE], (*inputs[:2], stop))


def _map_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
    """Return the items of a loop that reads files as a list: its id is that of what was read."""
    body, source = inputs
    known = _read_by_item(table, body, source, 1)
    if known is None:
        return None
    return table.array([table.instantiate(body, (given,)) for given in known])


def _fold_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
    """Return what the steps of a fold that reads files come to, one after the other."""
    body, source, *initial = inputs
    known = _read_by_item(table, body, source, 2)
    if not known:
        return initial[0] if known is not None and initial else None
    total, *rest = [*initial, *known]
    for given in rest:
        total = table.instantiate(body, (given, total))
    return total


def _read_by_item(
    table: NodeTable, body: NodeId, source: NodeId, arity: int
) -> list[NodeId] | None:
    """Return the items of a loop whose body reads from outside, by item; None where unknown."""
    if loose_of(table[body]) > arity or loose_of(table[source]):
        return None  # inside another loop that is closed already: its items will be asked
    return items(table, source) if _reads_loosely(table, body) else None


def _reads_loosely(table: NodeTable, body: NodeId) -> bool:
    """Return whether a path in a body hangs on a loop's variable."""
    seen = {body}
    stack = [body] if loose_of(table[body]) else []
    while stack:
        node = table[stack.pop()]
        if isinstance(node, Apply) and node.primitive.startswith(f"{OUTSIDE}."):
            return True
        below = (n for n in inputs_of(node) if n in table.deferred and n not in seen)
        fresh = [n for n in below if loose_of(table[n])]
        seen.update(fresh)
        stack.extend(fresh)
    return False


RULES: dict[str, Rule] = {
    "default.subsequence": _subsequence_rule,
    "default.index": _index_rule,
    "default.length": _length_rule,
    "map": _map_rule,
    "fold": _fold_rule,
}
"""Applications and loops that are known without running, by qualified primitive or operation."""


def _whole(table: NodeTable, node: NodeId) -> int | None:
    found = table[node]
    if not isinstance(found, Literal):
        return None
    if isinstance(found.value, str | bool) or not float(found.value).is_integer():
        raise DataError(f"a position in a sequence is a whole number, {found.value} came", "index")
    return int(found.value)


def _range_start(table: NodeTable, node: Apply) -> int:
    return 0 if len(node.inputs) == 1 else _whole(table, node.inputs[0]) or 0


def _range_length(table: NodeTable, node: Apply) -> int | None:
    bounds = [_whole(table, given) for given in node.inputs]
    known = [bound for bound in bounds if bound is not None]
    return len(range(*known)) if len(known) == len(bounds) else None


def _slice_bounds(table: NodeTable, node: Apply) -> tuple[int, int] | None:
    count = length(table, node.inputs[0])
    if count is None:
        return None
    first = _whole(table, node.inputs[1])
    last = table[node.inputs[2]]
    endless = isinstance(last, Literal) and last.value == math.inf
    until = None if endless else _whole(table, last.id)
    if first is None or (until is None and not endless):
        return None
    start, stop, _ = slice(first, until).indices(count)
    return start, max(start, stop)
