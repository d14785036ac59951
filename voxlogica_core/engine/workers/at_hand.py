"""What a task has at hand: values made so far, and which nodes have none. Calls no kernel."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, cast

from voxlogica_core.engine.files import Printed
from voxlogica_core.engine.outcome import Blocked, Failed, Trouble
from voxlogica_core.engine.steps.operand import Constant, GridOf, Items, Joined, Operand, joined
from voxlogica_core.engine.workers.arguments import Argument, kind_of
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Value
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.written import Gap

if TYPE_CHECKING:
    from voxlogica_core.engine.workers.scratch import Spilled


class Lost(Exception):
    """A value that the store promised is not there; the worker catches it."""


class Stuck(Exception):
    """An input has no value; the worker catches it.

    Parameters
    ----------
    node
        The one without a value.
    place
        Where in a sequence it stands.
    """

    def __init__(self, node: NodeId, place: tuple[int, ...] = ()) -> None:
        self.node = node
        self.place = place


class AtHand:
    """The values that somebody in a task still needs, and nothing else.

    Parameters
    ----------
    troubles
        Nodes that have no value.
    """

    def __init__(self, troubles: Sequence[tuple[NodeId, Trouble]]) -> None:
        self.values: dict[NodeId, Value] = {}
        self.spilled: dict[NodeId, Spilled] = {}
        self.troubles: dict[NodeId, Trouble] = dict(troubles)
        self.lost: set[NodeId] = set()

    def drop(self, nodes: Collection[NodeId]) -> None:
        """Let go of values."""
        for node in nodes:
            self.values.pop(node, None)
            self.spilled.pop(node, None)

    def argument(self, operand: Operand) -> Argument:
        """Return what a kernel is given; raise `Stuck` or `Lost` where that has no value."""
        match operand:
            case str():
                return self._value(operand)
            case Constant(value):
                return value
            case Items(operands):
                try:
                    return tuple([cast("Value", self.argument(each)) for each in operands])
                except Stuck:
                    raise self.stuck_in(operands) from None
            case Joined(parts):
                return joined([self._value(part) for part in parts])
            case GridOf(_, Geometry() as known):
                return known
            case GridOf(node):
                value = self._value(node)
                if not isinstance(value, Image):
                    raise TypeError(f"an image was wanted for its grid, {kind_of(value)} came")
                return value.geometry

    def with_gaps(self, operand: Items) -> tuple[Printed, list[Blocked]]:
        """Return a sequence with gaps where items have no value, and why they have none."""
        gaps: list[Blocked] = []
        return self._items_with_gaps(operand, (), gaps), gaps

    def blocked(self, stuck: Stuck) -> Trouble:
        """Return what becomes of a step that needs a node without a value."""
        match self.troubles[stuck.node]:
            case Failed():
                return Blocked(stuck.node, stuck.place)
            case Blocked(by, place):
                return Blocked(by, (*stuck.place, *place))
            case trouble:
                return trouble

    def stuck_in(self, operands: Sequence[Operand]) -> Stuck:
        """Return which of `operands` has no value, and where; one has none."""
        for index, operand in enumerate(operands):
            try:
                self.argument(operand)
            except Stuck as stuck:
                return Stuck(stuck.node, (index, *stuck.place))
        raise AssertionError("all of them have values")

    def _items_with_gaps(
        self, operand: Operand, place: tuple[int, ...], gaps: list[Blocked]
    ) -> Printed:
        if isinstance(operand, Items):
            each = enumerate(operand.operands)
            return tuple([self._items_with_gaps(item, (*place, i), gaps) for i, item in each])
        try:
            return cast("Value", self.argument(operand))
        except Stuck as stuck:
            trouble = self.blocked(Stuck(stuck.node, place))
            if not isinstance(trouble, Blocked):
                raise
            gaps.append(trouble)
            return Gap()

    def _value(self, node: NodeId) -> Value:
        try:
            return self.values[node]
        except KeyError:
            if (spilled := self.spilled.pop(node, None)) is None:
                raise (Lost() if node in self.lost else Stuck(node)) from None
        value = self.values[node] = spilled.load()
        return value
