"""Finals: what deferred nodes turn out to be once paths are known. Reads what these paths name.

A deferred node hangs on a file whose path a run computes, or on one that changed meanwhile. Its
id is not final; it stands for a node that is made here, as soon as enough is known.
"""

from collections.abc import Sequence
from typing import Protocol

from voxlogica_core.engine.demand.shapes import (
    Alias,
    Broken,
    Kernel,
    Never,
    NotYet,
    Partitioned,
    Sequenced,
    Shape,
    Waits,
)
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import Apply, Node, NodeId, Read, Scalar, inputs_of
from voxlogica_core.plan.nodes.forms import OUTSIDE
from voxlogica_core.plan.nodes.table import NodeTable


class Knowing(Protocol):
    """What is known of nodes by now; a `Structure`."""

    def shape(self, name: NodeId) -> Shape:
        """Return what a node is made of."""
        ...

    def scalar(self, name: NodeId) -> Scalar:
        """Return the value of a path; `NotYet`, `Never`."""
        ...

    def is_known(self, name: NodeId) -> bool:
        """Return whether a node has its value, or has none for good."""
        ...

    def is_made_of(self, node: Apply) -> bool:
        """Return whether an application is never computed, but is made of other nodes."""
        ...


class Finals:
    """The nodes that deferred ones turn out to be.

    Parameters
    ----------
    table
        Holds the nodes, and makes others.
    known
        Tells what is known of them.
    """

    def __init__(self, table: NodeTable, known: Knowing) -> None:
        self._table = table
        self._known = known
        self._finals: dict[NodeId, NodeId] = {}
        self._replaced: dict[NodeId, NodeId] = {}
        self._waiting: dict[NodeId, tuple[NodeId, ...]] = {}
        self._broken: dict[NodeId, Failed] = {}

    def of(self, name: NodeId) -> NodeId:
        """Return the node that a deferred one turns out to be; a loop, for chains are long.

        Raises
        ------
        NotYet
            Something must run first.
        Never
            A file that it hangs on is not there.
        """
        stack = [name]
        while stack:
            node = stack[-1]
            if self._is_final(node) or self._needs(node):
                stack.pop()
                continue
            try:
                below = self._below(self._table[node])
                missing = [n for n in below if not self._is_final(n) and not self._needs(n)]
                if missing:
                    stack += missing
                    continue
                waiting = [needs for n in below if (needs := self._needs(n))]
                if waiting:
                    self._waiting[node] = _joined(waiting)
                else:
                    self._finals[node] = self._made(self._table[node], below)
            except NotYet as unknown:
                self._waiting[node] = unknown.waits.needs
        if needs := self._needs(name):
            raise NotYet(needs)
        return self._finals.get(name, name)

    def replace(self, old: NodeId, new: NodeId) -> None:
        """Put a node in the place of another one: whatever hangs on that is deferred from now."""
        deferred = self._table.deferred
        deferred.add(old)
        for node in self._table.values():  # inputs come before users
            if not deferred.isdisjoint(inputs_of(node)):
                deferred.add(node.id)
        self._waiting.clear()
        self._replaced[old] = new
        self._finals = {node: self._latest(node) for node in self._replaced}

    def is_remade(self, node: Node) -> bool:
        """Return whether a deferred node turns out to be another one of its own sort."""
        if node.id not in self._table.deferred:
            return False
        return isinstance(node, Read) or (
            isinstance(node, Apply) and not self._known.is_made_of(node)
        )

    def _is_final(self, name: NodeId) -> bool:
        return name not in self._table.deferred or name in self._finals

    def _needs(self, name: NodeId) -> tuple[NodeId, ...]:
        """Return what must run before a node is known; nothing where that is not known either."""
        needs = self._waiting.get(name, ())
        if any(self._known.is_known(need) for need in needs):
            del self._waiting[name]
            return ()
        return needs

    def _latest(self, name: NodeId) -> NodeId:
        while name in self._replaced:
            name = self._replaced[name]
        return name

    def _below(self, node: Node) -> tuple[NodeId, ...]:
        """Return the nodes whose final ids make up that of a deferred node."""
        if self.is_remade(node):
            return () if _is_outside(node) else inputs_of(node)
        match self._known.shape(node.id):
            case Alias(other):
                return (other,)
            case Sequenced(items):
                return items
            case Waits(needs):
                raise NotYet(needs)
            case Broken(trouble):
                raise Never(node.id, trouble)
            case Kernel(inputs):
                return inputs
            case Partitioned():
                raise AssertionError(f"{node} is deferred: its items are done one by one")

    def _made(self, node: Node, below: Sequence[NodeId]) -> NodeId:
        finals = [self._finals.get(name, name) for name in below]
        if _is_outside(node):
            return self._read(node)
        if self.is_remade(node):
            assert isinstance(node, Apply)
            return self._table.apply(self._table.catalogue.primitives[node.primitive], finals)
        is_list = isinstance(self._known.shape(node.id), Sequenced)
        return self._table.array(finals) if is_list else finals[0]

    def _read(self, node: Node) -> NodeId:
        assert isinstance(node, Apply)
        if broken := self._broken.get(node.id):
            raise Never(node.id, broken)
        try:
            given = [self._table.literal(self._known.scalar(name)) for name in node.inputs]
            read = self._table.rules[node.primitive](self._table, given)
        except DataError as error:
            name = node.primitive.removeprefix(f"{OUTSIDE}.")
            self._broken[node.id] = Failed(name, error.argument, str(error))
            raise Never(node.id, self._broken[node.id]) from None
        assert read is not None
        return read


def _is_outside(node: Node) -> bool:
    return isinstance(node, Apply) and node.primitive.startswith(f"{OUTSIDE}.")


def _joined(waiting: Sequence[tuple[NodeId, ...]]) -> tuple[NodeId, ...]:
    if len(waiting) == 1:
        return waiting[0]
    return tuple(dict.fromkeys(need for needs in waiting for need in needs))
