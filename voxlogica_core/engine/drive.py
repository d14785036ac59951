"""Driving: hands tasks to a crew in the right order, and lets go of results after their last use."""

import threading
from collections.abc import Callable, Collection, Sequence
from heapq import heappop, heappush

from voxlogica_core.engine.crew import Crew
from voxlogica_core.engine.outcome import Cancelled
from voxlogica_core.engine.step import Task, TaskKey
from voxlogica_core.engine.worker import Report, TaskResult


class Drive:
    """The way through one list of tasks.

    The longest path goes first, as long as there is room; when the values held for later tasks
    are more than half the budget, the task furthest down the graph does, as it frees most.

    Parameters
    ----------
    crew
        Who does the tasks.
    stopping
        Once set, tasks that have not begun are cancelled.
    budget
        Bytes.
    """

    def __init__(self, crew: Crew, stopping: threading.Event, budget: int) -> None:
        self._crew = crew
        self._stopping = stopping
        self._budget = budget
        self._held: dict[TaskKey, int] = {}
        self._held_bytes = 0
        self._urgent: list[tuple[float, int, Task]] = []
        self._deep: list[tuple[int, int, Task]] = []
        self._ready: set[TaskKey] = set()

    def run(
        self,
        tasks: Sequence[Task],
        pinned: Collection[TaskKey],
        started: Callable[[Task], None],
        ended: Callable[[TaskResult], None],
    ) -> None:
        """Do all tasks.

        Parameters
        ----------
        tasks
            Those waited for before those waiting.
        pinned
            Tasks whose results are held when all is done.
        started, ended
            Told of each task.
        """
        own = {task.key: task for task in tasks}
        waits = {task.key: sum(key in own for key in task.needs) for task in tasks}
        users: dict[TaskKey, list[Task]] = {task.key: [] for task in tasks}
        for task in tasks:
            for key in task.needs:
                users.setdefault(key, []).append(task)
        left = {key: len(found) for key, found in users.items()}
        order = {task.key: index for index, task in enumerate(tasks)}
        for task in tasks:
            if not waits[task.key]:
                self._offer(task, order)
        running = 0
        while self._ready or running:
            while self._ready and running < self._crew.width and not self._stopping.is_set():
                task = self._chosen()
                self._crew.start(task, sorted(task.needs))
                started(task)
                running += 1
            if not running:
                break
            result = self._crew.next()
            running -= 1
            ended(result)
            self._hold(result)
            for key in [*own[result.key].needs, result.key]:
                left[key] -= key != result.key
                if not left[key] and key not in pinned:
                    self._release(key)
            for user in users[result.key]:
                waits[user.key] -= 1
                if not waits[user.key]:
                    self._offer(user, order)
            order.pop(result.key)
        for key in order:
            ended(_cancelled(own[key]))

    def _offer(self, task: Task, order: dict[TaskKey, int]) -> None:
        self._ready.add(task.key)
        heappush(self._urgent, (-task.urgency, order[task.key], task))
        heappush(self._deep, (-task.level, order[task.key], task))

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

    def _release(self, key: TaskKey) -> None:
        self._held_bytes -= self._held.pop(key, 0)
        self._crew.release(key)


def _cancelled(task: Task) -> TaskResult:
    return TaskResult(
        task.key,
        troubles={node: Cancelled() for node in task.exports},
        reports=[Report(step.id, Cancelled()) for step in task.steps],
    )
