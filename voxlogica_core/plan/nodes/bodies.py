"""Bodies of loops as lists of steps: found out once, taken for each item. Makes no nodes itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voxlogica_core.plan.node import Apply, Bound, Node, NodeId, loose_of
from voxlogica_core.plan.nodes.maker import Maker
from voxlogica_core.plan.nodes.substitute import outer_inputs, remade
from voxlogica_core.plan.signature import Primitive

if TYPE_CHECKING:
    from voxlogica_core.plan.nodes.forms import Form
    from voxlogica_core.values.kind import Kind


class BodyStep:
    """One node of a body that differs from item to item, and the places of what it is made of."""

    __slots__ = ("form", "kinds", "node", "operands", "primitive")

    def __init__(self, node: Node, primitive: Primitive | None, operands: tuple[int, ...]) -> None:
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

    def __init__(self, table: Maker, root: NodeId, arity: int) -> None:
        self._table = table
        self.arity = arity
        self.constants: list[NodeId] = []
        self.steps: list[BodyStep] = []
        place: dict[NodeId, int] = {}
        order = _changing(table, root)
        inside = {node.id for node in order}
        outside = dict.fromkeys(n for node in order for n in outer_inputs(node) if n not in inside)
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
            operands = tuple(place[name] for name in outer_inputs(node))
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
                made = table[remade(table, step.node, inputs, tuple(items), {})]
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


def _changing(table: Maker, root: NodeId) -> list[Node]:
    """Return the nodes that hold a variable of the loop, inputs before users."""
    order: dict[NodeId, Node] = {}
    stack = [root]
    while stack:
        node = table[stack[-1]]
        missing = [
            name for name in outer_inputs(node) if name not in order and loose_of(table[name])
        ]
        if node.id in order or not loose_of(node):
            stack.pop()
        elif missing:
            stack.extend(missing)
        else:
            order[node.id] = node
            stack.pop()
    return list(order.values())
