"""Driving: hands tasks to a crew in the right order, and lets go of results after their use."""

import queue
from collections.abc import Callable, Collection, Sequence
from heapq import heappop, heappush

from voxlogica_core.engine.admission import Admission
from voxlogica_core.engine.crew import Crew
from voxlogica_core.engine.outcome import Cancelled
from voxlogica_core.engine.step import Task, TaskKey
from voxlogica_core.engine.stopping import Stopping
from voxlogica_core.engine.worker import Report, TaskResult

_WAITING = 64
"""Tasks that wait for other engines at a time, each with a thread; then the rest waits, too."""


class Drive:
    """The way through one list of tasks.

    The longest path goes first, as long as there is room; when the values held for later tasks
    are more than half the budget, the task furthest down the graph does, as it frees most.

    Parameters
    ----------
    tasks
        Those waited for before those waiting.
    pinned
        Tasks whose results are held when all is done.
    crew
        Who does the tasks.
    admission
        Says when a task may begin: other engines may be at it.
    stopping
        Once set, tasks that have not begun are cancelled.
    budget
        Bytes.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        pinned: Collection[TaskKey],
        crew: Crew,
        admission: Admission,
        stopping: Stopping,
        budget: int,
    ) -> None:
        self._open = {task.key: task for task in tasks}
        self._place = {task.key: index for index, task in enumerate(tasks)}
        self._pinned = pinned
        self._crew = crew
        self._admission = admission
        self._stopping = stopping
        self._budget = budget
        self._waits = {task.key: sum(key in self._open for key in task.needs) for task in tasks}
        self._users: dict[TaskKey, list[Task]] = {}
        for task in tasks:
            for key in task.needs:
                self._users.setdefault(key, []).append(task)
        self._uses = {key: len(users) for key, users in self._users.items()}
        self._held: dict[TaskKey, int] = {}
        self._held_bytes = 0
        self._urgent: list[tuple[float, int, Task]] = []
        self._deep: list[tuple[float, int, Task]] = []
        self._ready: set[TaskKey] = set()
        self._running = 0
        self._waiting: set[TaskKey] = set()
        self._freed: queue.SimpleQueue[TaskKey | None] = queue.SimpleQueue()

    def run(self, started: Callable[[Task], None], ended: Callable[[TaskResult], None]) -> None:
        """Do all tasks, telling of the beginning and end of each."""
        for task in self._open.values():
            if not self._waits[task.key]:
                self._offer(task)
        with self._stopping.telling(lambda: self._freed.put(None)):
            self._go(started, ended)
        for task in self._open.values():
            ended(_cancelled(task))

    def _go(self, started: Callable[[Task], None], ended: Callable[[TaskResult], None]) -> None:
        while self._ready or self._running or self._waiting:
            self._take_freed()
            self._start(started)
            if self._running:
                if (result := self._crew.next()) is not None:
                    self._running -= 1
                    self._admission.ended(result.key)
                    ended(result)
                    self._finish(result)
            elif self._waiting and not self._stopping.is_set():
                self._offer_again(self._freed.get())
            else:
                break

    def _start(self, started: Callable[[Task], None]) -> None:
        while self._may_start():
            whole = self._chosen()
            task = self._admission.admit(whole, self._waker(whole.key))
            if task is None:
                self._waiting.add(whole.key)
                continue
            self._running += 1
            started(task)
            self._crew.start(task, sorted(task.needs))

    def _may_start(self) -> bool:
        return (
            bool(self._ready)
            and self._running < self._crew.width
            and len(self._waiting) < _WAITING
            and not self._stopping.is_set()
        )

    def _waker(self, key: TaskKey) -> Callable[[], None]:
        freed, crew = self._freed, self._crew

        def wake() -> None:
            freed.put(key)
            crew.nudge()

        return wake

    def _take_freed(self) -> None:
        while self._waiting and not self._freed.empty():
            self._offer_again(self._freed.get())

    def _offer_again(self, key: TaskKey | None) -> None:
        if key is not None:
            self._waiting.discard(key)
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
        heap = self._deep if self._held_bytes > self._budget / 2 else self._urgent
        while True:
            task = heappop(heap)[2]
            if task.key in self._ready:
                self._ready.discard(task.key)
                return task

    def _hold(self, result: TaskResult) -> None:
        nbytes = sum(r.nbytes for r in result.reports if r.node in result.values)
        self._held[result.key] = nbytes
        self._held_bytes += nbytes

    def _release_if_unused(self, key: TaskKey) -> None:
        if not self._uses.get(key) and key not in self._pinned:
            self._held_bytes -= self._held.pop(key, 0)
            self._crew.release(key)


def _cancelled(task: Task) -> TaskResult:
    return TaskResult(
        task.key,
        troubles={node: Cancelled() for node in task.exports},
        reports=[Report(step.id, Cancelled()) for step in task.steps],
    )
