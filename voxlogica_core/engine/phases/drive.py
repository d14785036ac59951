"""Driving: hands tasks to a crew in the right order, and lets go of results after their use."""

from collections.abc import Callable, Collection, Sequence
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from voxlogica_core.engine.crews.crew import Crew, cancelled
from voxlogica_core.engine.phases.admission import Admission, Admitted
from voxlogica_core.engine.phases.room import Room
from voxlogica_core.engine.phases.share import Share
from voxlogica_core.engine.steps.step import Task, TaskKey
from voxlogica_core.engine.stopping import Stopping
from voxlogica_core.engine.workers.worker import TaskResult

if TYPE_CHECKING:
    from voxlogica_core.plan.node import NodeId


class Drive:
    """The way through one list of tasks.

    The longest path goes first, as long as there is room; when the values held for later tasks
    are more than there is room for, the task furthest down the graph does, as it frees most.

    Parameters
    ----------
    tasks
        Those waited for before those waiting.
    pinned
        Tasks whose results are held when all is done.
    crew
        Who does the tasks.
    admission
        Says when a task may begin: other runs and other engines may be at it.
    share
        Hears of other runs.
    room
        Knows what all of them hold, and makes room for more.
    stopping
        Once set, tasks that have not begun are cancelled.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        pinned: Collection[TaskKey],
        crew: Crew,
        admission: Admission,
        share: Share,
        room: Room,
        stopping: Stopping,
    ) -> None:
        self._open = {task.key: task for task in tasks}
        self._place = {task.key: index for index, task in enumerate(tasks)}
        self._pinned = pinned
        self._crew = crew
        self._admission = admission
        self._share = share
        self._stopping = stopping
        self._room = room
        self._waits = {task.key: sum(key in self._open for key in task.needs) for task in tasks}
        self._users: dict[TaskKey, list[Task]] = {}
        for task in tasks:
            for key in task.needs:
                self._users.setdefault(key, []).append(task)
        self._uses = {key: len(users) for key, users in self._users.items()}
        self._held: dict[TaskKey, list[NodeId]] = {}
        self._urgent: list[tuple[float, int, Task]] = []
        self._deep: list[tuple[float, int, Task]] = []
        self._ready: set[TaskKey] = set()
        self._running: dict[TaskKey, Admitted] = {}
        self._waiting: set[TaskKey] = set()

    def run(self, started: Callable[[Task], None], ended: Callable[[TaskResult], None]) -> None:
        """Do all tasks, telling of the beginning and end of each."""
        for task in self._open.values():
            if not self._waits[task.key]:
                self._offer(task)
        self._share.listen(self._crew.nudge)
        try:
            with self._stopping.telling(lambda: self._share.wake(None)):
                self._go(started, ended)
        finally:
            self._admission.close()
        for task in self._open.values():
            ended(cancelled(task))

    def _go(self, started: Callable[[Task], None], ended: Callable[[TaskResult], None]) -> None:
        while self._ready or self._running or self._waiting:
            self._take_mail()
            if self._stopping.is_set():
                self._let_go()
            else:
                self._start(started, ended)
            if self._running:
                self._take(self._crew.next(), ended)
            elif self._waiting and not self._stopping.is_set():
                self._offer_again(self._share.mail())
            else:
                break

    def _take(self, result: TaskResult | None, ended: Callable[[TaskResult], None]) -> None:
        if result is not None and result.key in self._running:
            admitted = self._running.pop(result.key)
            ended(result)
            self._finish(result)
            for given in admitted.given:
                self._crew.release(given.key)
                self._share.release([node for node in given.values if node not in result.values])

    def _start(self, started: Callable[[Task], None], ended: Callable[[TaskResult], None]) -> None:
        while self._may_start():
            whole = self._chosen()
            admitted = self._admission.admit(whole)
            if admitted is None:
                self._waiting.add(whole.key)
                continue
            self._begin(admitted, started, ended)

    def _begin(
        self,
        admitted: Admitted,
        started: Callable[[Task], None],
        ended: Callable[[TaskResult], None],
    ) -> None:
        task = admitted.task
        try:
            for given in admitted.given:
                self._crew.adopt(given)
                self._share.hold(given)
                ended(given)
            started(task)
            self._crew.start(task, sorted(task.needs), admitted.stint)
            self._running[task.key] = admitted
        finally:
            if task.key not in self._running:
                admitted.stint.end()

    def _may_start(self) -> bool:
        return (
            bool(self._ready)
            and len(self._running) < self._room.width(self._crew.width)
            and not self._admission.is_full
            and not self._stopping.is_set()
        )

    def _let_go(self) -> None:
        """Drop what has not begun; leave to others what they wait for."""
        self._crew.drop()
        for key in [key for key, task in self._running.items() if task.stint.is_wanted]:
            del self._running[key]

    def _take_mail(self) -> None:
        while self._share.has_mail:
            self._offer_again(self._share.mail())

    def _offer_again(self, key: TaskKey | None) -> None:
        if key is not None and key in self._waiting:
            self._waiting.discard(key)
            self._admission.asks_again(key)
            self._offer(self._open[key])

    def _finish(self, result: TaskResult) -> None:
        task = self._open.pop(result.key)
        self._hold(result)
        for key in task.needs:
            self._uses[key] -= 1
            self._release_if_unused(key)
        self._release_if_unused(task.key)
        for user in self._users.get(task.key, ()):
            self._waits[user.key] -= 1
            if not self._waits[user.key]:
                self._offer(user)

    def _offer(self, task: Task) -> None:
        self._ready.add(task.key)
        place = self._place[task.key]
        heappush(self._urgent, (-task.urgency, place, task))
        heappush(self._deep, (-float(task.level), place, task))

    def _chosen(self) -> Task:
        heap = self._deep if self._room.is_tight else self._urgent
        while True:
            task = heappop(heap)[2]
            if task.key in self._ready:
                self._ready.discard(task.key)
                return task

    def _hold(self, result: TaskResult) -> None:
        self._held[result.key] = list(result.values)
        self._room.hold(result)
        self._room.make(self._next_use)

    def _next_use(self, key: TaskKey) -> float:
        """Return how soon a result is needed; tasks that are ready come before all others."""
        waiting = [user.key for user in self._users.get(key, ()) if user.key in self._open]
        if any(user in self._running for user in waiting):
            return 0
        return min(
            [self._place[u] + (u not in self._ready) * len(self._place) + 1 for u in waiting],
            default=inf,
        )

    def _release_if_unused(self, key: TaskKey) -> None:
        if not self._uses.get(key) and key not in self._pinned:
            self._room.release(key, self._held.pop(key, []))
            self._crew.release(key)
