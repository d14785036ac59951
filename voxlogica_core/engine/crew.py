"""Crews: who does the tasks. One that works in the calling thread; `window.py` has Dask's."""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from voxlogica_core.engine.step import Task, TaskKey
from voxlogica_core.engine.worker import Bench, TaskResult

if TYPE_CHECKING:
    from concurrent.futures import Future


class Crew(Protocol):
    """Does tasks and holds their results until it is told to let go."""

    @property
    def width(self) -> int:
        """How many tasks it wants to have at a time."""
        ...

    def start(self, task: Task, needs: Sequence[TaskKey]) -> None:
        """Begin a task; the results it needs are there."""
        ...

    def next(self) -> TaskResult | None:
        """Wait for a task to end, or for a nudge."""
        ...

    def nudge(self) -> None:
        """Make `next` return None soon; any thread may call this."""
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

    def nudge(self) -> None:
        """Do nothing: it does not wait."""

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


class Relay:
    """The calling thread, until another crew is there: Dask takes half a second to come.

    Parameters
    ----------
    first
        Works until then.
    later
        The other crew, as soon as there is one.
    """

    def __init__(self, first: CallingThread, later: "Future[Crew]") -> None:
        self._first = first
        self._later = later
        self._crew: Crew = first
        self._running = 0

    @property
    def width(self) -> int:
        """How many tasks the crew wants that would have the next one."""
        if not self._running and self._crew is self._first and self._later.done():
            self._hand_over()
        return self._crew.width

    def start(self, task: Task, needs: Sequence[TaskKey]) -> None:
        """Begin a task."""
        self._running += 1
        self._crew.start(task, needs)

    def next(self) -> TaskResult | None:
        """Wait for a task to end, or for a nudge."""
        result = self._crew.next()
        self._running -= result is not None
        return result

    def nudge(self) -> None:
        """Make `next` return None soon."""
        self._crew.nudge()

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        self._crew.adopt(result)

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self._crew.release(key)

    def _hand_over(self) -> None:
        self._crew = self._later.result()
        for result in self._first.results.values():
            self._crew.adopt(result)
        self._first.results.clear()
