"""Which loops are done in partitions, and how they are cut. Computes no item.

Loops and folds over literals whose bodies are nothing but folding kernels: their items are nodes
like all others, but 100,000 of them are neither looked up, nor cut into tasks, nor told one by one.
"""

from collections.abc import Collection, Sequence

from voxlogica_core.engine.steps.formula import TYPES, Call, Folding, Formula
from voxlogica_core.engine.steps.operand import Constant
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.plan.node import (
    Apply,
    Fold,
    Literal,
    Loop,
    NodeId,
    Scalar,
    is_closed,
)
from voxlogica_core.plan.nodes.bodies import Body
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.values.kind import Kind

LEAST = 64
"""Items from which on partitions are worth it."""
MOST = 8192
"""Items of one partition: some ten milliseconds, after which a run can be cancelled."""
_KINDS = {kind_type: kind for kind, kind_type in TYPES.items()}


class Partitions:
    """Finds the partitions of loops.

    Parameters
    ----------
    table
        Holds the nodes.
    special
        Primitives that are no kernels: conditionals, items, lengths.
    least
        Items from which on a loop has partitions.
    """

    def __init__(self, table: NodeTable, special: Collection[str], least: int = LEAST) -> None:
        self._table = table
        self._special = special
        self._least = least
        self._refused: set[NodeId] = set()

    def refuse(self, loop: NodeId) -> None:
        """Do the items of a loop one by one from now on."""
        self._refused.add(loop)

    def chain(self, loop: Loop | Fold) -> tuple[list[Body], NodeId] | None:
        """Return the bodies that an item goes through, and where the items come from.

        None if the loop is none for partitions, as far as that can be said without its items.
        """
        if loop.id in self._refused or loop.id in self._table.deferred:
            return None
        bodies = [self._table.body(loop.body, 2)] if isinstance(loop, Fold) else []
        source = loop.source if isinstance(loop, Fold) else loop.id
        while isinstance(inner := self._table[source], Loop) and inner.operation == "map":
            bodies.insert(0, self._table.body(inner.body, 1))
            source = inner.source
        return (bodies, source) if all(map(self._is_simple, bodies)) else None

    def cut(
        self, loop: Loop | Fold, bodies: Sequence[Body], items: Sequence[Scalar]
    ) -> tuple[Partition, ...] | None:
        """Return the partitions of a loop over scalars; None if it is to have none."""
        kinds = set(map(type, items))
        if len(items) < self._least or len(kinds) != 1:
            return None
        kind = _KINDS[kinds.pop()]
        if isinstance(loop, Fold):
            return self._whole(loop, bodies, items, kind)
        written = _Writer(self._table, [kind]).formula(bodies)
        if written is None:
            return None
        starts = range(0, len(items), MOST)
        pieces = [(start, items[start : start + MOST]) for start in starts]
        return tuple(self._part(loop, n, piece, written[0], None) for n, piece in pieces)

    def _whole(
        self, loop: Fold, bodies: Sequence[Body], items: Sequence[Scalar], kind: Kind
    ) -> tuple[Partition, ...] | None:
        """Return the only partition of a fold: each step needs the one before."""
        written = _Writer(self._table, [kind]).formula(bodies[:-1])
        if written is None:
            return None
        formula, kind = written
        total = kind if loop.initial is None else self._table.kind(loop.initial)
        if total not in TYPES or (loop.initial is not None and not self._is_ready(loop.initial)):
            return None
        body = _Writer(self._table, [kind, total]).formula(bodies[-1:])
        if body is None or body[1] != total:
            return None
        initial = None if loop.initial is None else _named(self._table, loop.initial)
        return (self._part(loop, 0, items, formula, Folding(body[0], total, initial)),)

    def _part(
        self,
        loop: Loop | Fold,
        start: int,
        items: Sequence[Scalar],
        formula: Formula,
        folding: Folding | None,
    ) -> Partition:
        same = list(formula.same)
        if folding is not None:
            same += [*folding.formula.same, *([folding.initial] if folding.initial else [])]
        operands = tuple(n if v is None else Constant(v) for n, v in same)
        kinds = tuple(self._table.kind(node) for node, _ in same)
        name = NodeId(f"items from {start} of {loop.id}")
        return Partition(name, loop.id, items, formula, folding, operands, kinds)

    def _is_simple(self, body: Body) -> bool:
        used = {body.root, *(place for step in body.steps for place in step.operands)}
        if not used.issuperset(range(body.arity)):
            return False  # what it does not use is not to be computed
        return all(map(self._is_ready, body.constants)) and all(
            step.primitive is not None
            and step.primitive.qualified not in self._special
            and step.primitive.qualified not in self._table.rules
            and any(overload.folds for overload in step.primitive.overloads)
            for step in body.steps
        )

    def _is_ready(self, name: NodeId) -> bool:
        node = self._table[name]
        is_scalar = node.kind in TYPES and isinstance(node, Apply | Literal | Fold)
        return is_scalar and is_closed(node) and name not in self._table.deferred


class _Writer:
    """Writes bodies that an item goes through one after the other down as one formula."""

    def __init__(self, table: NodeTable, variables: Sequence[Kind]) -> None:
        self._table = table
        self._kinds = list(variables)
        self._arity = len(variables)
        self._calls: list[Call] = []

    def formula(self, bodies: Sequence[Body]) -> tuple[Formula, Kind] | None:
        """Return the formula and the kind of what it gives; None if there is none."""
        same = list(dict.fromkeys(name for body in bodies for name in body.constants))
        self._kinds += [self._table.kind(name) for name in same]
        places = {name: self._arity + index for index, name in enumerate(same)}
        root = 0
        for body in bodies:
            first = [root, *range(1, self._arity)]
            found = self._written(body, [*first, *(places[name] for name in body.constants)])
            if found is None:
                return None
            root = found
        pairs = tuple(_named(self._table, name) for name in same)
        return Formula(self._arity, pairs, tuple(self._calls), root), self._kinds[root]

    def _written(self, body: Body, own: list[int]) -> int | None:
        """Write one body; return the place of what it gives."""
        for step in body.steps:
            assert step.primitive is not None
            operands = tuple(own[place] for place in step.operands)
            form = self._table.form(step.primitive, tuple(self._kinds[n] for n in operands))
            is_right = bool(form.overloads) and form.overload.folds and form.kind in TYPES
            if not is_right or not form.is_plain or form.is_field:
                return None
            own.append(len(self._kinds))
            self._kinds.append(form.kind)
            call = Call(
                form.qualified, form.overload, form.applying, operands, form.kind, form.commutes
            )
            self._calls.append(call)
        return own[body.root]


def _named(table: NodeTable, name: NodeId) -> tuple[NodeId, Scalar | None]:
    node = table[name]
    return name, node.value if isinstance(node, Literal) else None
