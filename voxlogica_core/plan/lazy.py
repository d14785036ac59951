"""The nodes and places of a plan, gathered when somebody first asks for them.

The editor makes a plan at every key and looks at few of them whole.
"""

from abc import abstractmethod
from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from typing import Generic, TypeVar

from voxlogica_core.plan.node import Node, NodeId, inputs_of
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.reduction.spread import Layout

Key = TypeVar("Key")
Found = TypeVar("Found")


class _Gathered(Mapping[Key, Found], Generic[Key, Found]):
    """A mapping that is made when it is first looked at."""

    def __getitem__(self, key: Key) -> Found:
        return self._found[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, key: object) -> bool:
        return key in self._found

    def items(self) -> ItemsView[Key, Found]:
        """Return keys and values, at the speed of a dict."""
        return self._found.items()

    def values(self) -> ValuesView[Found]:
        """Return the values, at the speed of a dict."""
        return self._found.values()

    @cached_property
    def _found(self) -> dict[Key, Found]:
        return self._gather()

    @abstractmethod
    def _gather(self) -> dict[Key, Found]:
        """Find everything."""


class Declarations(_Gathered[str, NodeId]):
    """The node of each declaration that is a value.

    Parameters
    ----------
    layout
        The statements.
    settled
        What those nodes have become that had no grid of their own.
    """

    def __init__(self, layout: Layout, settled: Mapping[NodeId, NodeId]) -> None:
        self._layout = layout
        self._settled = settled

    def _gather(self) -> dict[str, NodeId]:
        found: dict[str, NodeId] = {}
        for unit in self._layout.units:
            if (declared := unit.declared) is not None and isinstance(declared.meaning, str):
                node = NodeId(declared.meaning)
                found[declared.definition.name] = self._settled.get(node, node)
        return found


class Nodes(_Gathered[NodeId, Node]):
    """Every node that some others are made of, inputs before users.

    Parameters
    ----------
    table
        Holds them; more nodes may come to it, none is ever another.
    goals, declarations
        The nodes that are asked for.
    """

    def __init__(
        self, table: NodeTable, goals: Sequence[NodeId], declarations: Mapping[str, NodeId]
    ) -> None:
        self._table = table
        self._goals = goals
        self._declarations = declarations

    def _gather(self) -> dict[NodeId, Node]:
        found: dict[NodeId, Node] = {}
        look = self._table.node
        stack = [*self._goals, *self._declarations.values()][::-1]
        while stack:
            name = stack[-1]
            if name in found:
                stack.pop()
                continue
            node = look(name)
            missing = [given for given in inputs_of(node) if given not in found]
            if missing:
                stack += missing[::-1]
            else:
                found[name] = node
                stack.pop()
        return found


class Places(_Gathered[NodeId, Place]):
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
