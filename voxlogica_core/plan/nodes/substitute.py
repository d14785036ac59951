"""Substitution: grids into geometry-free images, variables out of bodies and items into them.

Bodies are rebuilt by the table's own `apply`, so that an item of a loop is the very node its text
would have been, written by hand. Walks are loops over explicit orders: depth costs no stack, but
for loops inside loops.
"""

from collections.abc import Mapping, Sequence

from voxlogica_core.plan.node import (
    Apply,
    Array,
    Bound,
    Fold,
    Loop,
    Node,
    NodeId,
    OriginOf,
    free_of,
    inputs_of,
    loose_of,
)
from voxlogica_core.plan.nodes.maker import Maker
from voxlogica_core.values.kind import ANY, Kind, sequence


def substitute(table: Maker, root: NodeId, by: Mapping[NodeId, NodeId]) -> NodeId:
    """Return `root` with variables, or the hole, replaced."""
    return _rewritten(table, root, (), by)


def close(table: Maker, body: NodeId, variables: Sequence[NodeId]) -> NodeId:
    """Return `body` with `variables` replaced by `Bound` 0, 1, …, ready to stand in a loop."""
    wanted = frozenset(variables)
    index = {variable: position for position, variable in enumerate(variables)}
    done: dict[tuple[NodeId, int], NodeId] = {}
    stack: list[tuple[NodeId, int]] = [(body, 0)]
    while stack:
        key = stack[-1]
        node, depth = table[key[0]], key[1]
        if key in done:
            stack.pop()
        elif node.id in index:
            done[key] = table.bound(depth + index[node.id])
        elif not (free_of(node) & wanted):
            done[key] = node.id
        else:
            inner = [(child, depth + added) for child, added in _children(node)]
            missing = [child for child in inner if child not in done]
            if missing:
                stack.extend(missing)
            else:
                done[key] = table.rebuilt(node, [done[child] for child in inner])
    return done[body, 0]


def outer_inputs(node: Node) -> tuple[NodeId, ...]:
    """Return the inputs of a node that stand under no binder of its own."""
    return inputs_of(node)[1 if isinstance(node, Loop | Fold) else 0 :]


def _children(node: Node) -> list[tuple[NodeId, int]]:
    """Return the inputs of a node with the number of binders each stands under."""
    inputs = inputs_of(node)
    binders = 1 if isinstance(node, Loop) else 2 if isinstance(node, Fold) else 0
    return [(child, binders if position == 0 else 0) for position, child in enumerate(inputs)]


def _rewritten(
    table: Maker,
    root: NodeId,
    bound: tuple[NodeId, ...],
    free: Mapping[NodeId, NodeId],
) -> NodeId:
    replaced = frozenset(free)

    def changes(node: Node) -> bool:
        return bool(loose_of(node)) or bool(replaced and free_of(node) & replaced)

    done: dict[NodeId, NodeId] = {}
    stack = [root]
    while stack:
        node = table[stack[-1]]
        if node.id in done:
            stack.pop()
            continue
        if not changes(node):
            done[node.id] = node.id
        elif isinstance(node, Bound):
            done[node.id] = bound[node.index]
        elif node.id in free:
            done[node.id] = free[node.id]
        else:
            outside = outer_inputs(node)
            missing = [child for child in outside if child not in done]
            if missing:
                stack.extend(missing)
            else:
                inputs = [done[child] for child in outside]
                done[node.id] = remade(table, node, inputs, bound, free)
    return done[root]


def remade(
    table: Maker,
    node: Node,
    inputs: list[NodeId],
    bound: tuple[NodeId, ...],
    free: Mapping[NodeId, NodeId],
) -> NodeId:
    """Return a node over other inputs; what it binds itself is rewritten inside.

    Parameters
    ----------
    inputs
        In place of its `outer_inputs`.
    bound, free
        In place of the loops' variables around it, and of other variables.
    """
    match node:
        case Apply():
            return table.apply(table.catalogue.primitives[node.primitive], inputs)
        case Array():
            return table.array(inputs)
        case OriginOf():
            return table.origin(inputs[0])
        case Loop():
            item = table.variable(table.kind(inputs[0]).item or ANY)
            body = _rewritten(table, node.body, (item, *bound), free)
            kind = loop_kind(table, node, body, inputs[0])
            return table.loop(node.operation, close(table, body, (item,)), inputs[0], kind)
        case Fold():
            initial = inputs[1] if node.initial is not None else None
            item = table.variable(table.kind(inputs[0]).item or ANY)
            before = table.variable(table.kind(initial) if initial else table.kind(item))
            body = _rewritten(table, node.body, (item, before, *bound), free)
            kind = table.kind(body)
            return table.fold(close(table, body, (item, before)), initial, inputs[0], kind)
        case _:
            raise AssertionError(f"{node} has nothing to replace")


def loop_kind(table: Maker, node: Loop, body: NodeId, source: NodeId) -> Kind:
    """Return the kind of a loop whose body, still with its variable, is `body`."""
    return sequence(table.kind(body)) if node.operation == "map" else table.kind(source)
