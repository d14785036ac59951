"""Substitution: items into loops, grids into geometry-free images, variables out of bodies.

Bodies are rebuilt by the table's own `apply`, so that an item of a loop is the very node its text
would have been, written by hand. Walks are loops over explicit orders: depth costs no stack, but
for loops inside loops.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

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
from voxlogica_core.values.kind import ANY, Kind, sequence

if TYPE_CHECKING:
    from voxlogica_core.plan.nodes.forms import Form
    from voxlogica_core.plan.nodes.table import NodeTable
    from voxlogica_core.plan.signature import Primitive


def instantiate(table: "NodeTable", body: NodeId, items: Sequence[NodeId]) -> NodeId:
    """Return the body of a loop with `items` in place of `Bound` 0, 1 and so on."""
    key = (body, len(items))
    if (known := table.bodies.get(key)) is None:
        known = table.bodies[key] = Body(table, body, len(items))
    return known.of(items)


def substitute(table: "NodeTable", root: NodeId, by: Mapping[NodeId, NodeId]) -> NodeId:
    """Return `root` with variables, or the hole, replaced."""
    return _rewritten(table, root, (), by)


def close(table: "NodeTable", body: NodeId, variables: Sequence[NodeId]) -> NodeId:
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


class BodyStep:
    """One node of a body that differs from item to item, and the places of what it is made of."""

    __slots__ = ("form", "kinds", "node", "operands", "primitive")

    def __init__(
        self, node: Node, primitive: "Primitive | None", operands: tuple[int, ...]
    ) -> None:
        self.node = node
        self.primitive = primitive
        self.operands = operands
        self.kinds: tuple[Kind, ...] = ()
        self.form: Form | None = None


class Body:
    """The body of a loop as a list of steps: found out once, taken for each item.

    Parameters
    ----------
    table
        Makes the nodes.
    root
        The body.
    arity
        Number of variables that are replaced: one for loops, two for folds.

    Attributes
    ----------
    constants
        Nodes in it that are the same for all items.
    steps
        What is made of them for each item.
    root
        Place of the result; places are those of the variables, then of constants, then of steps.
    """

    def __init__(self, table: "NodeTable", root: NodeId, arity: int) -> None:
        self._table = table
        self.arity = arity
        self.constants: list[NodeId] = []
        self.steps: list[BodyStep] = []
        place: dict[NodeId, int] = {}
        order = _changing(table, root)
        inside = {node.id for node in order}
        outside = dict.fromkeys(n for node in order for n in _outside(node) if n not in inside)
        if root not in inside:
            outside[root] = None
        for name in outside:
            place[name] = arity + len(self.constants)
            self.constants.append(name)
        for node in order:
            if isinstance(node, Bound):
                place[node.id] = node.index
                continue
            primitive = (
                table.catalogue.primitives[node.primitive] if isinstance(node, Apply) else None
            )
            operands = tuple(place[name] for name in _outside(node))
            place[node.id] = arity + len(self.constants) + len(self.steps)
            self.steps.append(BodyStep(node, primitive, operands))
        self.root = place[root]

    def of(self, items: Sequence[NodeId]) -> NodeId:
        """Return the body with `items` in place of `Bound` 0, 1 and so on."""
        table = self._table
        ids = [*items, *self.constants]
        nodes = [*map(table.node, ids)]
        for step in self.steps:
            inputs = [ids[place] for place in step.operands]
            if step.primitive is None:
                made = table[_remade(table, step.node, inputs, tuple(items), {})]
            else:
                given = [nodes[place] for place in step.operands]
                kinds = tuple([node.kind for node in given])
                if step.form is None or kinds != step.kinds:
                    step.form = table.form(step.primitive, kinds)
                    step.kinds = kinds
                made = table.applied(step.form, inputs, given)
            ids.append(made.id)
            nodes.append(made)
        return ids[self.root]


def _changing(table: "NodeTable", root: NodeId) -> list[Node]:
    """Return the nodes that hold a variable of the loop, inputs before users."""
    order: dict[NodeId, Node] = {}
    stack = [root]
    while stack:
        node = table[stack[-1]]
        missing = [name for name in _outside(node) if name not in order and loose_of(table[name])]
        if node.id in order or not loose_of(node):
            stack.pop()
        elif missing:
            stack.extend(missing)
        else:
            order[node.id] = node
            stack.pop()
    return list(order.values())


def _outside(node: Node) -> tuple[NodeId, ...]:
    """Return the inputs of a node that stand under no binder of its own."""
    return inputs_of(node)[1 if isinstance(node, Loop | Fold) else 0 :]


def _children(node: Node) -> list[tuple[NodeId, int]]:
    """Return the inputs of a node with the number of binders each stands under."""
    inputs = inputs_of(node)
    binders = 1 if isinstance(node, Loop) else 2 if isinstance(node, Fold) else 0
    return [(child, binders if position == 0 else 0) for position, child in enumerate(inputs)]


def _rewritten(
    table: "NodeTable",
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
            outside = _outside(node)
            missing = [child for child in outside if child not in done]
            if missing:
                stack.extend(missing)
            else:
                inputs = [done[child] for child in outside]
                done[node.id] = _remade(table, node, inputs, bound, free)
    return done[root]


def _remade(
    table: "NodeTable",
    node: Node,
    inputs: list[NodeId],
    bound: tuple[NodeId, ...],
    free: Mapping[NodeId, NodeId],
) -> NodeId:
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


def loop_kind(table: "NodeTable", node: Loop, body: NodeId, source: NodeId) -> Kind:
    """Return the kind of a loop whose body, still with its variable, is `body`."""
    return sequence(table.kind(body)) if node.operation == "map" else table.kind(source)
