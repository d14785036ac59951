"""What the store knows of the nodes of a run, asked in few questions. Reads no values."""

from collections.abc import Callable, Iterable, Sequence

from voxlogica_core.engine.demand.shapes import (
    Alias,
    Broken,
    Kernel,
    Partitioned,
    Sequenced,
    Shape,
    Waits,
)
from voxlogica_core.engine.demand.structure import Structure
from voxlogica_core.engine.outcome import Blocked
from voxlogica_core.engine.steps.operand import leaves
from voxlogica_core.plan.node import Apply, Array, Literal, NodeId, is_closed
from voxlogica_core.store.record import Record

Lookup = Callable[[Iterable[NodeId]], dict[NodeId, Record]]


class Known:
    """Records of nodes, looked up once a run.

    Parameters
    ----------
    structure
        What nodes are made of.
    lookup
        The store's.
    """

    def __init__(self, structure: Structure, lookup: Lookup) -> None:
        self._structure = structure
        self._lookup = lookup
        self._records: dict[NodeId, Record | None] = {}
        self._lost: set[NodeId] = set()

    def record(self, node: NodeId) -> Record | None:
        """Return the record of a node, None if it has never run."""
        if node not in self._records:
            self._look_up([node])
        return self._records.get(node)

    def is_kept(self, node: NodeId) -> bool:
        """Return whether the store can give the value of a node."""
        record = self.record(node)
        return record is not None and record.is_kept and node not in self._lost

    def lose(self, node: NodeId) -> None:
        """Note that the store could not give a value that it promised."""
        self._lost.add(node)

    def forget(self, node: NodeId) -> None:
        """Ask again when somebody wants to know of a node: it has just run."""
        self._records.pop(node, None)

    def ask_again(self) -> None:
        """Ask again about all that was not kept: others have gone on meanwhile."""
        kept = ((node, found) for node, found in self._records.items() if found is not None)
        self._records = {node: found for node, found in kept if found.is_kept}

    def explore(self, targets: Iterable[NodeId], held: Callable[[NodeId], bool]) -> None:
        """Look up all that the values of `targets` may hang on, down to what is kept.

        The store is asked once a wave, and each wave looks twice as many levels ahead as the last:
        goals that are kept cost one question about the goals, a chain of 10,000 nodes a dozen.
        """
        seen: set[NodeId] = set()
        frontier = list(dict.fromkeys(targets))
        levels = 1
        while frontier:
            self._look_up(self._ahead(frontier, levels))
            levels *= 2
            frontier = self._walked(frontier, seen, held)

    def _walked(
        self, frontier: Sequence[NodeId], seen: set[NodeId], held: Callable[[NodeId], bool]
    ) -> list[NodeId]:
        """Walk down as far as records are there; return where they end."""
        find, records, shape = self._structure.table.node, self._records, self._structure.shape
        ends: dict[NodeId, None] = {}
        stack = list(frontier)
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            if node in records:
                seen.add(node)
                record = records[node]
                unknown = record is None or not record.is_kept or node in self._lost
                if unknown and not held(node):
                    stack += parts(shape(node))
            elif type(find(node)) is not Literal:
                ends[node] = None
        return list(ends)

    def _ahead(self, frontier: Sequence[NodeId], levels: int) -> list[NodeId]:
        found = dict.fromkeys(frontier)
        level = list(frontier)
        for _ in range(levels - 1):
            below: list[NodeId] = []
            for node in level:
                for given in self._direct(node):
                    if given not in found:
                        found[given] = None
                        below.append(given)
            level = below
            if not level:
                break
        return list(found)

    def _direct(self, node: NodeId) -> tuple[NodeId, ...]:
        found = self._structure.table.node(node)
        if type(found) is Apply:  # by far the most
            return () if found.free or found.loose else found.inputs
        return found.items if isinstance(found, Array) and is_closed(found) else ()

    def _look_up(self, nodes: Sequence[NodeId]) -> None:
        find, records = self._structure.table.node, self._records
        unknown = [n for n in nodes if n not in records and type(find(n)) is not Literal]
        found = self._lookup(unknown) if unknown else {}
        for node in unknown:
            self._records[node] = found.get(node)


def parts(shape: Shape) -> tuple[NodeId, ...]:
    """Return the nodes that a value of this shape is made from, as far as they are known."""
    if type(shape) is Kernel:  # by far the most
        return shape.inputs
    match shape:
        case Sequenced(items):
            return items
        case Alias(node):
            return (node,)
        case Partitioned((first, *_)):
            return tuple(leaves(first.operands))
        case Waits(needs):
            return needs
        case Broken(Blocked(by=by)):
            return (by,)
        case _:
            return ()
