"""Demand: what must be computed, what the store gives, and what cannot be said yet. Runs nothing.

From the targets downwards, stopping at the first node whose value the store keeps or the run
already has. Loops over explicit stacks: the depth of a program costs no Python stack.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from voxlogica_core.engine.demand.known import Known, parts
from voxlogica_core.engine.demand.shapes import Alias, Broken, Kernel, Partitioned, Sequenced, Waits
from voxlogica_core.engine.demand.structure import Structure
from voxlogica_core.engine.outcome import Trouble
from voxlogica_core.engine.steps.operand import Constant, GridOf, Items, Joined, Operand, leaves
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.step import Compute, Fetch
from voxlogica_core.plan.node import Apply, Literal, NodeId, Read
from voxlogica_core.plan.signature import Catalogue, Overload
from voxlogica_core.store.record import Inline
from voxlogica_core.values.kind import IMAGE_LIKE


@dataclass(slots=True)
class Demand:
    """What the values of some targets ask for.

    Parameters
    ----------
    steps
        What to compute and to fetch, inputs before users.
    operands
        How the value of each node that can be made is put together.
    given
        Nodes whose value stood in the record itself.
    pending
        Nodes that cannot be said yet: something must run first.
    pins
        Nodes whose values are needed again when that has run.
    spares
        Nodes whose values may be.
    questions
        Nodes whose values must be known before what is pending can be said.
    troubles
        Nodes that can have no value.
    """

    steps: list[Compute | Fetch | Partition] = field(
        default_factory=list[Compute | Fetch | Partition]
    )
    operands: dict[NodeId, Operand] = field(default_factory=dict[NodeId, Operand])
    given: list[NodeId] = field(default_factory=list[NodeId])
    pending: set[NodeId] = field(default_factory=set[NodeId])
    pins: set[NodeId] = field(default_factory=set[NodeId])
    spares: set[NodeId] = field(default_factory=set[NodeId])
    questions: set[NodeId] = field(default_factory=set[NodeId])
    troubles: dict[NodeId, Trouble] = field(default_factory=dict[NodeId, Trouble])

    def compute_steps(self) -> list[Compute]:
        """Return the steps that call kernels."""
        return [step for step in self.steps if isinstance(step, Compute)]


def demand(
    targets: Sequence[NodeId],
    structure: Structure,
    known: Known,
    held: Callable[[NodeId], bool],
    sources: Mapping[NodeId, str],
) -> Demand:
    """Return what the values of `targets` ask for.

    Parameters
    ----------
    structure
        What nodes are made of.
    known
        What the store knows.
    held
        Whether the run has the value of a node, or knows that it has none.
    sources
        Where the bytes of a `Read` are found.
    """
    known.explore(targets, held)
    return _Walk(structure, known, held, sources).run(targets)


class _Walk:
    """One walk from targets to what is there, emitting steps on the way back."""

    def __init__(
        self,
        structure: Structure,
        known: Known,
        held: Callable[[NodeId], bool],
        sources: Mapping[NodeId, str],
    ) -> None:
        self._structure = structure
        self._table = structure.table
        self._known = known
        self._held = held
        self._sources = sources
        self._found = Demand()
        self._soft: set[NodeId] = set()
        self._with_grids = with_grids(structure.table.catalogue)

    def run(self, targets: Sequence[NodeId]) -> Demand:
        """Walk, and return what was found."""
        stack = [(target, False) for target in reversed(targets)]
        entered: set[NodeId] = set()
        while stack:
            node, is_left = stack.pop()
            if is_left:
                self._leave(node)
            elif node not in entered:
                entered.add(node)
                if not self._settle(node):
                    stack.append((node, True))
                    below = self._below(node)
                    stack += [(child, False) for child in reversed(below)]
        self._note_spares()
        return self._found

    def _settle(self, name: NodeId) -> bool:
        """Note a node that asks for nothing further; return whether it was one."""
        node = self._table.node(name)
        if type(node) is Literal:
            self._found.operands[name] = Constant(node.value)
        elif self._held(name):
            self._found.operands[name] = name
        elif self._known.is_kept(name):
            self._take(name)
        else:
            return False
        return True

    def _take(self, name: NodeId) -> None:
        record = self._known.record(name)
        assert record is not None
        if isinstance(record.stored, Inline):
            self._found.operands[name] = Constant(record.stored.value)
            self._found.given.append(name)
        else:
            self._found.operands[name] = name
            self._found.steps.append(Fetch(name, record))

    def _below(self, name: NodeId) -> Sequence[NodeId]:
        shape = self._structure.shape(name)
        if not isinstance(shape, Kernel):
            return parts(shape)
        grids = self._grid_positions(name)
        if not grids:
            return shape.inputs
        inputs = enumerate(shape.inputs)
        return [n for i, n in inputs if not (i in grids and self._grid_is_known(n))]

    def _leave(self, name: NodeId) -> None:
        shape = self._structure.shape(name)
        if type(shape) is Kernel:  # by far the most
            self._join(name, shape)
            return
        match shape:
            case Broken(trouble):
                self._found.troubles[name] = trouble
                self._found.operands[name] = name
            case Waits(needs, may_use):
                self._found.pending.add(name)
                self._found.questions.update(needs)
                self._pin(needs)
                self._soft.update(may_use)
            case _:
                self._join(name, shape)

    def _join(self, name: NodeId, shape: Kernel | Sequenced | Alias | Partitioned) -> None:
        pending = self._found.pending
        if pending and not pending.isdisjoint(below := self._below(name)):
            pending.add(name)
            self._pin(child for child in below if child not in pending)
            return
        operands = self._found.operands
        match shape:
            case Kernel():
                operands[name] = name
                self._found.steps.append(self._computed(name, shape))
            case Sequenced(items):
                operands[name] = Items(tuple(operands[item] for item in items))
            case Alias(node):
                operands[name] = operands[node]
            case Partitioned(parts, is_fold=is_fold):
                operands[name] = parts[0].id if is_fold else Joined(tuple(p.id for p in parts))
                fresh = [part for part in parts if not self._held(part.id)]
                for part in fresh:
                    given = [self._settled(operand) for operand in part.operands]
                    self._found.steps.append(replace(part, operands=tuple(given)))

    def _computed(self, name: NodeId, shape: Kernel) -> Compute:
        node = self._table.node(name)
        assert isinstance(node, Apply | Read)
        grids = self._grid_positions(name)
        known = self._found.operands
        operands = tuple([known.get(child, child) for child in shape.inputs])
        if grids:
            pairs = enumerate(zip(shape.inputs, operands, strict=True))
            operands = tuple([self._grid(n) if i in grids else given for i, (n, given) in pairs])
        return Compute(name, node, operands, self._sources.get(name), self._known.record(name))

    def _settled(self, operand: Operand) -> Operand:
        return self._found.operands.get(operand, operand) if isinstance(operand, str) else operand

    def _grid(self, name: NodeId) -> Operand:
        record = None if self._held(name) else self._known.record(name)
        if record is not None and record.geometry is not None:
            return GridOf(name, record.geometry)
        whole = self._found.operands[name]
        assert isinstance(whole, str)
        return GridOf(whole, None)

    def _grid_is_known(self, name: NodeId) -> bool:
        if self._held(name):
            return False
        record = self._known.record(name)
        return record is not None and record.geometry is not None

    def _grid_positions(self, name: NodeId) -> frozenset[int]:
        """Return the inputs of which only the grid matters, whichever overload is meant."""
        node = self._table.node(name)
        if type(node) is not Apply or node.primitive not in self._with_grids:
            return _NONE
        primitive = self._table.catalogue.primitives[node.primitive]
        kinds = [self._table.kind(given) for given in node.inputs]
        overloads = primitive.fitting(kinds) or primitive.overloads
        return frozenset(
            index
            for index, kind in enumerate(kinds)
            if kind in IMAGE_LIKE and all(_wants_grid(overload, index) for overload in overloads)
        )

    def _pin(self, nodes: Iterable[NodeId]) -> None:
        for node in nodes:
            operand = self._found.operands.get(node)
            if operand is not None:
                self._found.pins.update(leaves((operand,)))

    def _note_spares(self) -> None:
        computed = {step.id for step in self._found.steps}
        for node in self._soft:
            operand = self._found.operands.get(node)
            if operand is not None:
                spares = (leaf for leaf in leaves((operand,)) if leaf in computed)
                self._found.spares.update(spares)


_NONE: frozenset[int] = frozenset()


def with_grids(catalogue: Catalogue) -> frozenset[str]:
    """Return the primitives, by qualified name, that want no more than the grid of some input."""
    return frozenset(
        primitive.qualified
        for primitive in catalogue.at_hand()
        if any(p.is_grid for overload in primitive.overloads for p in overload.parameters)
    )


def _wants_grid(overload: Overload, index: int) -> bool:
    return index < len(overload.parameters) and overload.parameters[index].is_grid
