"""What a run would find out before it begins: the engine's own demand, asked without an engine.

What hangs on values is answered from the values that records hold, as the run would; nothing is
computed and no image is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxlogica_core.engine.demand.demand import Demand, demand, with_grids
from voxlogica_core.engine.demand.known import Known
from voxlogica_core.engine.demand.structure import Structure, made_of_others
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.plan.node import Loop, Node, NodeId, is_closed
from voxlogica_core.plan.nodes import items
from voxlogica_core.plan.nodes.items import RULES
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.record import Inline, Record

if TYPE_CHECKING:
    from voxlogica_core.store.record import Value

LARGE = 2_000
"""Items of a loop from which on they are not looked at one by one: it would take too long."""

Lookup = Callable[[Iterable[NodeId]], dict[NodeId, Record]]


@dataclass(frozen=True, slots=True)
class Inside:
    """How to look into loops: what makes their items, and the store's look-up for these."""

    catalogue: Catalogue
    lookup: Lookup


def inside(analysis: Analysis, memory: Memory) -> Inside:
    """Return how to look into the loops of a program."""
    return Inside(analysis.session.circumstances.catalogue, memory.lookup)


def looked_into(catalogue: Catalogue) -> frozenset[str]:
    """Return the primitives of which a run may need less than all their inputs."""
    return made_of_others(catalogue) | with_grids(catalogue)


class Foresight:
    """Foresees what runs of some nodes would do.

    Parameters
    ----------
    lookup
        The store's.
    nodes
        All that the nodes in question are made of, if the plan does not hold that.
    """

    def __init__(
        self,
        plan: Plan,
        catalogue: Catalogue,
        lookup: Lookup,
        nodes: Mapping[NodeId, Node] | None = None,
    ) -> None:
        nodes = plan.nodes if nodes is None else nodes
        self.table = NodeTable(catalogue, RULES, nodes, deferred=plan.deferred)
        self.long: dict[NodeId, int] = {
            name: count
            for name, node in nodes.items()
            if type(node) is Loop and is_closed(node) and (count := self._length(name)) > LARGE
        }
        self.answered: dict[NodeId, Value] = {}
        self._structure = Structure(self.table, self.answered, {})
        self._known = Known(self._structure, lookup)
        self._sources = plan.sources

    def demand(
        self, targets: Sequence[NodeId], held: Callable[[NodeId], bool] | None = None
    ) -> Demand:
        """Return what the values of `targets` ask for.

        Parameters
        ----------
        held
            Nodes that are not looked into; by default the long loops.
        """
        is_held = held or self.long.__contains__
        while True:
            found = demand(targets, self._structure, self._known, is_held, self._sources)
            more = {
                name: record.stored.value
                for name in found.questions
                if name not in self.answered
                and (record := self._known.record(name))
                and isinstance(record.stored, Inline)
            }
            if not more:
                return found
            self.answered.update(more)

    def is_kept(self, node: NodeId) -> bool:
        """Return whether the store can give the value of a node."""
        return self._known.is_kept(node)

    def _length(self, name: NodeId) -> int:
        return items.length(self.table, name) or 0
