"""Events: what a run tells while it goes on. Plain values; whoever shows progress reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from voxlogica_core.engine.outcome import Counts, Outcome
from voxlogica_core.plan.node import NodeId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxlogica_core.engine.goals import GoalResult


@dataclass(frozen=True, slots=True)
class Queued:
    """Work was found and cut into tasks.

    Parameters
    ----------
    nodes
        Nodes to compute, inputs before users.
    tasks
        Number of tasks they were cut into.
    seconds
        Expected time on one thread.
    """

    nodes: tuple[NodeId, ...]
    tasks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Started:
    """A task was handed to a thread; its nodes run one after the other."""

    nodes: tuple[NodeId, ...]


@dataclass(slots=True)
class Finished:
    """A node has its outcome.

    Never changed. A frozen one takes three times as long to make, and there is one a node.

    Parameters
    ----------
    nbytes
        Size of its value in memory, 0 if it has none.
    fraction
        Share of the expected time of the run that has been worked off, 0 to 1.
    left
        Expected seconds, on one thread, of what is still to do: corrected by what was measured.
    task, worker
        Which task it was a part of, and the thread that did it; empty where nobody did anything.
    primitive
        What made it, where the run's table does not say: an item of a loop done in partitions.
    """

    node: NodeId
    outcome: Outcome
    nbytes: int
    fraction: float
    left: float = 0.0
    task: str = ""
    worker: str = ""
    primitive: str = ""


@dataclass(slots=True)
class Alike:
    """Many nodes that one primitive made have the same outcome; see `Finished`."""

    primitive: str
    nodes: Sequence[NodeId]
    outcome: Outcome
    nbytes: int
    fraction: float
    left: float = 0.0
    task: str = ""
    worker: str = ""

    def each(self) -> Iterator[Finished]:
        """Yield it node by node."""
        for node in self.nodes:
            yield Finished(
                node,
                self.outcome,
                self.nbytes,
                self.fraction,
                self.left,
                self.task,
                self.worker,
                self.primitive,
            )


@dataclass(frozen=True, slots=True)
class GoalsEnded:
    """Goals have their results, and so have all that stand before them in the program.

    Parameters
    ----------
    results
        In source order, each by the number of its goal and of the item it is for: from 0.
    """

    results: "Mapping[tuple[int, int], GoalResult]"


@dataclass(frozen=True, slots=True)
class DashboardOpened:
    """Dask's dashboard can be looked at."""

    url: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Nothing more will happen in this run."""

    counts: Counts
    seconds: float
    cancelled: bool


Event: TypeAlias = Queued | Started | Finished | GoalsEnded | DashboardOpened | RunEnded
Told: TypeAlias = Event | Alike
"""What a run puts down: whoever iterates it gets events one node at a time."""
