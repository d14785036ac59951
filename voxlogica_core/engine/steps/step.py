"""Steps and tasks: what a worker is handed. Plain values, cheap to send; they compute nothing."""

from dataclasses import dataclass
from typing import Literal, NewType, TypeAlias

from voxlogica_core.engine.outcome import Trouble
from voxlogica_core.engine.steps.operand import Operand, leaves
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.plan.goal import GoalKind
from voxlogica_core.plan.node import Apply, NodeId, Read
from voxlogica_core.store.record import Record
from voxlogica_core.values.kind import Kind

TaskKey = NewType("TaskKey", str)
"""Name of a task, unique in its run."""


@dataclass(slots=True)
class Compute:
    """Call a kernel, or read a file.

    Never changed. A frozen one takes three times as long to make, and there is one a node.

    Parameters
    ----------
    source
        Where the bytes of a `Read` are found.
    record
        What is known of the node, when only its value is to be made again.
    """

    id: NodeId
    node: Apply | Read
    operands: tuple[Operand, ...]
    source: str | None = None
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """Get a kept value from the store."""

    id: NodeId
    record: Record


@dataclass(frozen=True, slots=True)
class Deliver:
    """Print or save the value of a goal, or remember that of a node somebody asked for.

    Parameters
    ----------
    id
        A name of its own, no node's.
    node
        The node whose value it is, and its kind.
    path
        Where to save.
    side
        Text of the side file of a saved image.
    assembled
        Whether no kernel makes the value, so that it is recorded here.
    passing
        Whether the store is not going to keep the value, so that the run has to.
    """

    id: NodeId
    kind: GoalKind | Literal["keep"]
    node: NodeId
    node_kind: Kind
    operands: tuple[Operand, ...]
    path: str | None = None
    side: str = ""
    assembled: bool = False
    passing: bool = False


Step: TypeAlias = Compute | Fetch | Partition | Deliver


@dataclass(frozen=True, slots=True)
class Task:
    """Steps that one thread takes one after the other.

    Parameters
    ----------
    imports
        Values made by earlier tasks.
    drops
        For each step, the values nobody in the task needs after it.
    troubles
        Nodes that have no value.
    named, goals
        Nodes whose values are those of declarations and of goals.
    seconds
        Expected time.
    urgency
        Expected time from here to the end of the run: the longest path goes first. That of goals
        that are nearly free is longer than any path.
    level
        One more than the highest level of the tasks it waits for.
    """

    key: TaskKey
    steps: tuple[Step, ...]
    imports: tuple[tuple[NodeId, TaskKey], ...]
    exports: frozenset[NodeId]
    drops: tuple[tuple[NodeId, ...], ...]
    troubles: tuple[tuple[NodeId, Trouble], ...]
    named: frozenset[NodeId]
    goals: frozenset[NodeId]
    seconds: float
    urgency: float
    level: int

    @property
    def needs(self) -> frozenset[TaskKey]:
        """The tasks it waits for."""
        return frozenset(key for _, key in self.imports)


def inputs_of_step(step: Step) -> list[NodeId]:
    """Return the nodes whose values a step needs."""
    return [] if isinstance(step, Fetch) else leaves(step.operands)
