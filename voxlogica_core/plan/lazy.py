"""The nodes and places of a plan, gathered when somebody first asks for them.

The editor makes a plan at every key and looks at few of them whole.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from voxlogica_core.plan.node import Node, NodeId, inputs_of
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.reduction.spread import Layout

Found = TypeVar("Found")


class _Gathered(Mapping[NodeId, Found]):
    """A mapping that is made when it is first looked at."""

    def __getitem__(self, node: NodeId) -> Found:
        return self._found[node]

    def __iter__(self) -> Iterator[NodeId]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @cached_property
    def _found(self) -> dict[NodeId, Found]:
        return self._gather()

    @abstractmethod
    def _gather(self) -> dict[NodeId, Found]:
        """Find everything."""


class Nodes(_Gathered[Node]):
    """Every node that some others are made of, inputs before users.

    Parameters
    ----------
    table
        Holds them; more nodes may come to it, none is ever another.
    roots
        The nodes that are asked for.
    """

    def __init__(self, table: NodeTable, roots: Sequence[NodeId]) -> None:
        self._table = table
        self._roots = roots

    def _gather(self) -> dict[NodeId, Node]:
        found: dict[NodeId, Node] = {}
        stack = list(reversed(self._roots))
        while stack:
            name = stack[-1]
            if name in found:
                stack.pop()
                continue
            node = self._table[name]
            missing = [given for given in inputs_of(node) if given not in found]
            if missing:
                stack.extend(reversed(missing))
            else:
                found[name] = node
                stack.pop()
        return found


class Places(_Gathered[Place]):
    """Where each node was written first."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def _gather(self) -> dict[NodeId, Place]:
        found: dict[NodeId, Place] = {}
        for index, unit in enumerate(self._layout.units):
            for node, origin in unit.places.items():
                if node not in found:
                    found[node] = self._layout.place(origin, index)
        return found
