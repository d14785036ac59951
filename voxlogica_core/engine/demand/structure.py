"""Structure: which nodes a kernel makes, and which are made of other nodes. Runs no kernel.

Loops, folds, conditionals, lists and the items of them are never computed: they *are* other nodes,
found here. What can only be found when something has run says so, and is asked again.
"""

import math
from collections.abc import Mapping, Sequence

from voxlogica_core.engine.demand.finals import Finals
from voxlogica_core.engine.demand.shapes import (
    Alias,
    Broken,
    Kernel,
    Never,
    NotYet,
    Partitioned,
    Sequenced,
    Shape,
)
from voxlogica_core.engine.outcome import Failed, Trouble
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.partitions import Partitions
from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Fold,
    Literal,
    Loop,
    Node,
    NodeId,
    Read,
    Scalar,
    inputs_of,
    is_closed,
)
from voxlogica_core.plan.nodes import items as known_items
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.record import Value
from voxlogica_core.values.kind import BOOL, STRING, sequence

INDEX = "default.index"
LENGTH = "default.length"
_PARTS = frozenset({known_items.RANGE, known_items.SLICE})
_SCALAR_TYPES = (float, bool, str)


class Structure:
    """Says of the nodes of a run what they are made of.

    Parameters
    ----------
    table
        Holds the plan's nodes; items of loops are added to it.
    values
        What is known of values so far; grows during the run.
    troubles
        Nodes that have none; grows too.
    least
        Items from which on loops on scalars have partitions; None: they never do.
    """

    def __init__(
        self,
        table: NodeTable,
        values: Mapping[NodeId, Value],
        troubles: Mapping[NodeId, Trouble],
        least: int | None = None,
    ) -> None:
        self.table = table
        self._values = values
        self._troubles = troubles
        self._shapes: dict[NodeId, Shape] = {}
        self._items: dict[NodeId, tuple[NodeId, ...]] = {}
        self._finals = Finals(table, self)
        self._conditionals = _conditionals(table.catalogue)
        self._special = made_of_others(table.catalogue)
        self._partitions = None if least is None else Partitions(table, self._special, least)

    def shape(self, name: NodeId) -> Shape:
        """Return what the node is made of, as far as that is known by now."""
        if found := self._shapes.get(name):
            return found
        node = self.table.node(name)
        if type(node) is Apply and self._is_plain(node):  # by far the most
            shape = self._shapes[name] = Kernel(node.inputs)
            return shape
        try:
            shape = self._found(node)
        except NotYet as unknown:
            return unknown.waits
        except Never as unmade:
            shape = Broken(unmade.cause if unmade.by == name else unmade.trouble)
        except DataError as error:
            shape = Broken(Failed(name_of(node), error.argument, str(error)))
        self._shapes[name] = shape
        return shape

    def _is_plain(self, node: Apply) -> bool:
        return node.primitive not in self._special and node.id not in self.table.deferred

    def final(self, name: NodeId) -> NodeId:
        """Return the node that a deferred one is by now; itself where that is not known."""
        try:
            return self._finals.of(name)
        except (NotYet, Never):
            return name

    def replace(self, old: NodeId, new: NodeId) -> None:
        """Put a node in the place of another one, everywhere: what hangs on it is made anew."""
        self._finals.replace(old, new)
        self._shapes.clear()
        self._items.clear()

    def items(self, name: NodeId) -> tuple[NodeId, ...] | None:
        """Return the nodes of the items of a sequence, None as long as they are unknown."""
        try:
            return self._items_of(name)
        except (NotYet, Never, DataError):
            return None

    def asks(self, name: NodeId) -> tuple[NodeId, ...]:
        """Return the nodes whose values are needed to know the items of a sequence."""
        try:
            self._items_of(name)
        except NotYet as unknown:
            return unknown.waits.needs
        except (Never, DataError):
            pass
        return ()

    def _found(self, node: Node) -> Shape:
        if self._finals.is_remade(node):
            return Alias(self._finals.of(node.id))
        match node:
            case Array(items=items):
                return Sequenced(items)
            case Loop(operation="map") | Fold() if parts := self._in_partitions(node):
                return Partitioned(parts, isinstance(node, Fold))
            case Loop():
                return Sequenced(self._items_of(node.id))
            case Fold():
                return Alias(self._folded(node))
            case Read():
                return Kernel(())
            case Apply():
                return self._applied(node)
            case _:
                raise AssertionError(f"{node} is open: it has no value")

    def one_by_one(self, loop: NodeId) -> None:
        """Do the items of a loop one by one from now on: one of them has no value."""
        if self._partitions is not None:
            self._partitions.refuse(loop)
            self._shapes.pop(loop, None)
            self._items.clear()

    def _in_partitions(self, node: Loop | Fold) -> tuple[Partition, ...] | None:
        if self._partitions is None or (found := self._partitions.chain(node)) is None:
            return None
        bodies, source = found
        items = self._scalars(source, self._captured(node.body))
        return None if items is None else self._partitions.cut(node, bodies, items)

    def _scalars(self, source: NodeId, may_use: Sequence[NodeId]) -> Sequence[Scalar] | None:
        """Return the values of the items of a sequence, None if they are not all literals."""
        match self.table[source]:
            case Apply(primitive=known_items.RANGE, inputs=inputs):
                return [float(n) for n in range(*[self._whole(n, may_use) for n in inputs])]
            case _:
                found = [self.table[item] for item in self._items_of(source, may_use)]
                values = [node.value for node in found if isinstance(node, Literal)]
                return values if len(values) == len(found) else None

    def _applied(self, node: Apply) -> Shape:
        if self._is_conditional(node):
            return Alias(self._branch(node))
        match node.primitive:
            case known_items.RANGE | known_items.SLICE:
                return Sequenced(self._items_of(node.id))
            case "default.index" if self._is_told(node):
                return Alias(self._item(node))
            case "default.length" if self._is_told(node):
                return Alias(self.table.literal(float(len(self._items_of(node.inputs[0])))))
            case _:
                return Kernel(node.inputs)

    def is_made_of(self, node: Apply) -> bool:
        """Return whether an application is never computed, but is made of other nodes."""
        if node.primitive in (INDEX, LENGTH):
            return self._is_told(node)
        return node.primitive in _PARTS or self._is_conditional(node)

    def _is_conditional(self, node: Apply) -> bool:
        """Conditionals are those whose result is one of their arguments after the first."""
        return node.primitive in self._conditionals

    def _is_told(self, node: Apply) -> bool:
        """Return whether the item or the length of a sequence is found without a kernel."""
        is_field = self.table.kind(node.inputs[-1]) == STRING
        return not is_field and not self._is_opaque(node.inputs[0])

    def _is_opaque(self, name: NodeId) -> bool:
        """Whether a kernel makes the sequence, so that its items are no nodes yet."""
        while True:
            match self.table[name]:
                case Apply(primitive=known_items.RANGE | known_items.SLICE):
                    return False
                case Apply(primitive="default.index") as node:
                    name = node.inputs[0]
                case Apply() as node:
                    return not self._is_conditional(node)
                case _:
                    return False

    def _branch(self, node: Apply) -> NodeId:
        condition, *branches = node.inputs
        taken = self._value(condition, branches)
        return branches[0 if taken else 1]

    def _item(self, node: Apply) -> NodeId:
        sequence, position = node.inputs
        items = self._items_of(sequence)
        index = self._whole(position, (sequence,))
        if not -len(items) <= index < len(items):
            raise DataError(f"index {index} is outside a sequence of {len(items)} items", "index")
        return items[index]

    def _folded(self, node: Fold) -> NodeId:
        items = self._items_of(node.source, self._captured(node.body))
        if node.initial is None and not items:
            raise DataError("a fold over an empty sequence wants an initial value", "initial")
        total, rest = (items[0], items[1:]) if node.initial is None else (node.initial, items)
        for item in rest:
            total = self.table.instantiate(node.body, (item, total))
        return total

    def _items_of(self, name: NodeId, may_use: Sequence[NodeId] = ()) -> tuple[NodeId, ...]:
        if (found := self._items.get(name)) is not None:
            return found
        try:
            known = known_items.items(self.table, name)
            found = self._items_at_run_time(name) if known is None else tuple(known)
        except NotYet as unknown:
            raise NotYet(unknown.waits.needs, [*unknown.waits.may_use, *may_use]) from None
        self._items[name] = found
        return found

    def _items_at_run_time(self, name: NodeId) -> tuple[NodeId, ...]:
        match self.table[name]:
            case Loop(operation="map", body=body, source=source):
                items = self._items_of(source, self._captured(body))
                return tuple(self.table.instantiate(body, (item,)) for item in items)
            case Loop() as loop if (picked := self._picked(loop)) is not None:
                return picked
            case Loop(body=body, source=source):
                return self._filtered(body, self._items_of(source, self._captured(body)))
            case Fold() as node:
                return self._items_of(self._folded(node))
            case Apply(primitive=known_items.RANGE, inputs=inputs):
                bounds = [self._whole(bound, ()) for bound in inputs]
                return tuple(self.table.literal(float(number)) for number in range(*bounds))
            case Apply(primitive=known_items.SLICE, inputs=(sequence, *bounds)):
                start, stop = (self._bound(bound, (sequence,)) for bound in bounds)
                return self._items_of(sequence)[start:stop]
            case Apply(primitive="default.index") as node if self._is_told(node):
                return self._items_of(self._item(node))
            case Apply() as node if self._is_conditional(node):
                return self._items_of(self._branch(node))
            case Apply() if name in self.table.deferred:
                return self._items_of(self._finals.of(name))
            case _:
                return self._items_of_value(name)

    def _picked(self, node: Loop) -> tuple[NodeId, ...] | None:
        """Return the items of a filter whose answers are found in partitions; None: one by one."""
        kind = sequence(BOOL)
        answers = self.table[self.table.loop("map", node.body, node.source, kind)]
        assert isinstance(answers, Loop)
        if self._partitions is None or self._in_partitions(answers) is None:
            return None
        found = self._value(answers.id, ())
        assert isinstance(found, tuple)
        items = self._scalars(node.source, ())
        assert items is not None
        pairs = zip(items, found, strict=True)
        return tuple(self.table.literal(item) for item, is_wanted in pairs if is_wanted)

    def _filtered(self, body: NodeId, items: Sequence[NodeId]) -> tuple[NodeId, ...]:
        predicates = [self.table.instantiate(body, (item,)) for item in items]
        unknown = [predicate for predicate in predicates if not self.is_known(predicate)]
        if unknown:
            raise NotYet(unknown, items)
        pairs = zip(items, predicates, strict=True)
        return tuple(item for item, predicate in pairs if self._value(predicate, ()))

    def _items_of_value(self, name: NodeId) -> tuple[NodeId, ...]:
        """Return scalars as literals, everything else as items of the sequence by index."""
        value = self._value(name, ())
        if not isinstance(value, tuple):
            raise DataError(f"a sequence is wanted, {value!r} came")
        if all(isinstance(item, _SCALAR_TYPES) for item in value):
            return tuple(self.table.literal(item) for item in value)  # type: ignore[arg-type]
        index = self.table.catalogue.primitives[INDEX]
        places = range(len(value))
        return tuple(self.table.apply(index, (name, self.table.literal(float(i)))) for i in places)

    def _captured(self, body: NodeId) -> tuple[NodeId, ...]:
        """Return the largest closed nodes inside an open body."""
        found: list[NodeId] = []
        seen = {body}
        stack = [body]
        while stack:
            node = self.table[stack.pop()]
            if is_closed(node):
                found.append(node.id)
                continue
            fresh = [child for child in inputs_of(node) if child not in seen]
            seen.update(fresh)
            stack.extend(fresh)
        return tuple(found)

    def is_known(self, name: NodeId) -> bool:
        """Return whether a node has its value, or has none for good."""
        known = isinstance(self.table[name], Literal) or name in self._values
        return known or name in self._troubles

    def _value(self, name: NodeId, may_use: Sequence[NodeId]) -> Value:
        node = self.table[name]
        if isinstance(node, Literal):
            return node.value
        if trouble := self._troubles.get(name):
            raise Never(name, trouble)
        if name not in self._values:
            raise NotYet((name,), may_use)
        return self._values[name]

    def scalar(self, name: NodeId) -> Scalar:
        """Return the value of a path, as soon as it is known."""
        value = self._value(name, ())
        if not isinstance(value, _SCALAR_TYPES):
            raise DataError("a text is wanted as path")
        return value

    def _bound(self, name: NodeId, may_use: Sequence[NodeId]) -> int | None:
        endless = self._value(name, may_use) == math.inf  # as in xs[1:]
        return None if endless else self._whole(name, may_use)

    def _whole(self, name: NodeId, may_use: Sequence[NodeId]) -> int:
        value = self._value(name, may_use)
        if isinstance(value, bool) or not isinstance(value, float) or not value.is_integer():
            raise DataError(f"a position in a sequence is a whole number, {value} came")
        return int(value)


def made_of_others(catalogue: Catalogue) -> frozenset[str]:
    """Return the primitives, by qualified name, whose applications may be other nodes."""
    return _conditionals(catalogue) | _PARTS | {INDEX, LENGTH}


def _conditionals(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(
        primitive.qualified
        for primitive in catalogue.at_hand()
        if all(overload.result == "join" for overload in primitive.overloads)
    )


def name_of(node: Node) -> str:
    """Return how a node is called in messages."""
    match node:
        case Apply():
            return node.primitive.rpartition(".")[2]
        case Read():
            return node.decoder
        case Loop(operation=operation):
            return "for" if operation == "map" else operation
        case Fold():
            return "fold"
        case _:
            return type(node).__name__.lower()
