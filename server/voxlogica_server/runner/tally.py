"""What is known of a run while it goes on: which nodes wait, run, are done. Talks to nobody."""

import time
from dataclasses import dataclass, field

from voxlogica_core.ide.status.status import Activity
from voxlogica_core.ide.wording import duration
from voxlogica_core.plan.node import NodeId
from voxlogica_server.runner.messages import Progress

_WORTH_TELLING = 2.0  # seconds that are left


@dataclass(slots=True)
class Tally:
    """The progress of one run, made of its messages.

    Parameters
    ----------
    crashes
        Runners that crashed since the run was asked for.
    restarted
        Nodes that ran when a runner ended, were not why, and began again.
    """

    begun: float = field(default_factory=time.monotonic)
    queued: dict[str, None] = field(default_factory=dict[str, None])
    running: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    finished: int = 0
    reused: int = 0
    fraction: float = 0.0
    crashes: int = 0
    restarted: int = 0

    def add(self, progress: Progress) -> None:
        """Take account of what happened."""
        self.queued.update(dict.fromkeys(progress.queued))
        for task in progress.started:
            for node in task:
                self.queued.pop(node, None)
                self.running[node] = task
        for node, how in progress.finished:
            self.queued.pop(node, None)
            self.running.pop(node, None)
            self.finished += 1
            self.reused += how == "reused"
        self.fraction = max(self.fraction, progress.fraction)

    @property
    def activity(self) -> Activity:
        """The nodes that wait and run."""
        queued = frozenset(NodeId(node) for node in self.queued)
        return Activity(queued, frozenset(NodeId(node) for node in self.running))

    @property
    def foremost(self) -> list[NodeId]:
        """What runs, one node a task: the last, which it is for."""
        return [NodeId(node) for node in dict.fromkeys(task[-1] for task in self.running.values())]

    @property
    def message(self) -> str:
        """How far the run is, in a line."""
        nodes = self.finished + len(self.queued) + len(self.running)
        parts = [f"{self.finished} of {nodes} nodes", f"{self.reused} reused"]
        elapsed = time.monotonic() - self.begun
        if self.fraction > 0:
            left = elapsed / self.fraction - elapsed
            parts += [f"about {duration(round(left))} left"] if left > _WORTH_TELLING else []
        if self.restarted:
            parts.append(f"{self.restarted} begun again")
        return ", ".join(parts)
