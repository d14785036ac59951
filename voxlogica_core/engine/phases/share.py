"""A run's share in the engine's table: what it joins, what it holds, and where it hears of others.

`sharing.py` has the table. What a run waits for comes to it as a result like that of a task.
"""

import queue
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import Self

from voxlogica_core.engine.outcome import Done
from voxlogica_core.engine.sharing.sharing import Sharing, Stint, Ticket
from voxlogica_core.engine.steps.step import Task, TaskKey
from voxlogica_core.engine.workers.worker import Report, TaskResult
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import MISSING
from voxlogica_core.values.image import Image


class Share:
    """What one run has of the engine's table; a context manager, as long as the run goes on.

    Parameters
    ----------
    sharing
        The table.
    """

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._run = 0
        self._had_company = False
        self._sought: dict[NodeId, Ticket] = {}
        self._mail: queue.SimpleQueue[TaskKey | None] = queue.SimpleQueue()
        self._nudge: Callable[[], None] = _nothing

    def __enter__(self) -> Self:
        self._run = self._sharing.enter()
        self._had_company = self._sharing.is_busy
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.forget_sought()
        self._sharing.leave(self._run)

    @property
    def has_company(self) -> bool:
        """Whether another run has gone on beside this one."""
        if not self._had_company:
            self._had_company = self._sharing.has_company(self._run)
        return self._had_company

    @property
    def nbytes(self) -> int:
        """Bytes that all runs of the engine hold for later tasks."""
        return self._sharing.nbytes

    def reaches(self, node: NodeId) -> bool:
        """Whether the value of a node comes from another run, or is in memory: it is asked for."""
        if not self._run or node in self._sought:
            return bool(self._run)
        if node not in self._sharing:
            return False
        ticket = self.join(node, key_of_sought(node))
        if ticket is None:
            return False
        self._sought[node] = ticket
        return True

    def sought(self, node: NodeId) -> bool:
        """Whether the value of a node is waited for instead of being computed."""
        return node in self._sought

    @property
    def makers(self) -> dict[NodeId, TaskKey]:
        """The tasks that stand for what comes from other runs."""
        return {node: key_of_sought(node) for node in self._sought}

    def tasks(self) -> list[Task]:
        """Return a task without steps for each value that comes from another run."""
        return [_waiting(node) for node in self._sought]

    def ticket(self, key: TaskKey) -> Ticket | None:
        """Return what a task without steps waits for."""
        return self._sought.get(NodeId(key.removeprefix(_SOUGHT))) if _is_sought(key) else None

    def forget_sought(self) -> None:
        """Wait no more for what no task needs any more."""
        for ticket in self._sought.values():
            self._sharing.give_up(ticket)
        self._sought.clear()

    def join(self, node: NodeId, key: TaskKey) -> Ticket | None:
        """Wait for a node for the sake of a task, which is offered again when it has its end."""
        return self._sharing.join(node, lambda: self.wake(key))

    def give_up(self, ticket: Ticket) -> None:
        """Wait no more."""
        self._sharing.give_up(ticket)

    def begin(self, task: Task, nodes: Collection[NodeId]) -> Stint | None:
        """Note that a task begins; None if a node of it is being made or at hand."""
        noticed = partial(self.wake, None)
        stint = Stint(self._sharing, self._run, task.steps, task.exports, noticed)
        return stint if self._sharing.begin(stint, nodes) else None

    def busy(self, nodes: Iterable[NodeId]) -> set[NodeId]:
        """Return those of `nodes` that somebody computes or has in memory."""
        return {node for node in nodes if node in self._sharing}

    def hold(self, result: TaskResult) -> None:
        """Note that the run holds the values of a result."""
        for report in result.reports:
            if report.nbytes > _WORTH_COUNTING and report.node in result.values:
                value = result.values[report.node]
                self._sharing.hold(self._run, report.node, value, report.nbytes)

    def release(self, nodes: Sequence[NodeId]) -> None:
        """Note that the run holds values no more."""
        if nodes:
            self._sharing.release(self._run, nodes)

    def wake(self, key: TaskKey | None) -> None:
        """Offer a task again, or look at what has changed; any thread may call this."""
        self._mail.put(key)
        self._nudge()

    def listen(self, nudge: Callable[[], None]) -> None:
        """Have `nudge` called, too, whenever there is mail."""
        self._nudge = nudge

    def mail(self) -> TaskKey | None:
        """Wait for a task that is worth asking for again, or for None."""
        return self._mail.get()

    @property
    def has_mail(self) -> bool:
        """Whether `mail` returns at once."""
        return not self._mail.empty()


_WORTH_COUNTING = 64
_SOUGHT = "sought "


def key_of_sought(node: NodeId) -> TaskKey:
    """Return the key of the task that stands for a value from another run."""
    return TaskKey(f"{_SOUGHT}{node}")


def given_by(ticket: Ticket, key: TaskKey) -> TaskResult:
    """Return what came of waiting as the result of a task."""
    node = ticket.node
    if ticket.failure is not None:
        reports = [Report(node, ticket.failure)]
        return TaskResult(key, troubles={node: ticket.failure}, reports=reports)
    if ticket.value is MISSING:
        return TaskResult(key)
    geometry = ticket.value.geometry if isinstance(ticket.value, Image) else None
    report = Report(node, Done(0.0, "reused"), ticket.nbytes, geometry)
    return TaskResult(key, values={node: ticket.value}, reports=[report])


def _is_sought(key: TaskKey) -> bool:
    return key.startswith(_SOUGHT)


def _waiting(node: NodeId) -> Task:
    nothing: frozenset[NodeId] = frozenset()
    return Task(
        key=key_of_sought(node),
        steps=(),
        imports=(),
        exports=frozenset([node]),
        drops=(),
        troubles=(),
        named=nothing,
        goals=nothing,
        seconds=0.0,
        urgency=float("inf"),
        level=0,
    )


def _nothing() -> None:
    """Nobody listens yet."""
