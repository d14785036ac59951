"""Crews: who does the tasks. One that works in the calling thread; `window.py` has Dask's."""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from voxlogica_core.engine.step import Task, TaskKey
from voxlogica_core.engine.worker import Bench, TaskResult


class Crew(Protocol):
    """Does tasks and holds their results until it is told to let go."""

    @property
    def width(self) -> int:
        """How many tasks it wants to have at a time."""
        ...

    def start(self, task: Task, needs: Sequence[TaskKey]) -> None:
        """Begin a task; the results it needs are there or on their way."""
        ...

    def next(self) -> TaskResult:
        """Wait for a task to end."""
        ...

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        ...

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        ...


class CallingThread:
    """Does each task when its result is waited for: small work needs no Dask.

    Parameters
    ----------
    bench
        Where the tasks are done.
    """

    width = 1

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._begun: deque[tuple[Task, Sequence[TaskKey]]] = deque()
        self.results: dict[TaskKey, TaskResult] = {}

    def start(self, task: Task, needs: Sequence[TaskKey]) -> None:
        """Begin a task."""
        self._begun.append((task, needs))

    def next(self) -> TaskResult:
        """Do the task that was begun first."""
        task, needs = self._begun.popleft()
        result = self._bench.run(task, [self.results[key] for key in needs])
        self.results[task.key] = result
        return result

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        self.results[result.key] = result

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self.results.pop(key, None)
