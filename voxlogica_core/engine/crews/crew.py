"""Crews: who does the tasks. The calling thread, a few threads here; `window.py` has Dask's."""

import queue
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from voxlogica_core.engine.outcome import Cancelled
from voxlogica_core.engine.sharing.sharing import Stint
from voxlogica_core.engine.steps.step import Task, TaskKey
from voxlogica_core.engine.workers.worker import Bench, Report, TaskResult


class Crew(Protocol):
    """Does tasks and holds their results until it is told to let go."""

    @property
    def width(self) -> int:
        """How many tasks it wants to have at a time."""
        ...

    def start(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        """Begin a task; the results it needs are there. Its stint ends with it."""
        ...

    def drop(self) -> None:
        """Have those tasks end that no thread has taken up; they are cancelled."""
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
        self._begun: deque[tuple[Task, Sequence[TaskKey], Stint]] = deque()
        self.results: dict[TaskKey, TaskResult] = {}

    def start(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        """Begin a task."""
        self._begun.append((task, needs, stint))

    def drop(self) -> None:
        """Do nothing: what was begun is done at once."""

    def nudge(self) -> None:
        """Do nothing: it does not wait."""

    def next(self) -> TaskResult:
        """Do the task that was begun first."""
        task, needs, stint = self._begun.popleft()
        result = self._bench.run(task, [self.results[key] for key in needs], stint)
        self.results[task.key] = result
        return result

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        self.results[result.key] = result

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self.results.pop(key, None)


class Threads:
    """Does tasks in threads of this process: what is not worth Dask, or until it is there.

    Parameters
    ----------
    bench
        Where the tasks are done.
    before
        The crew whose results it takes over.
    pool
        The engine's threads. Each run has as many tasks in it as there are threads, and they are
        taken up in order: so runs get equally many.
    width
        Number of threads.
    """

    def __init__(
        self, bench: Bench, before: CallingThread, pool: ThreadPoolExecutor, width: int
    ) -> None:
        self.width = width
        self.results = before.results
        self._bench = bench
        self._pool = pool
        self._begun: dict[Future[TaskResult], tuple[Task, Stint]] = {}
        self._ended: queue.SimpleQueue[Future[TaskResult] | None] = queue.SimpleQueue()

    def start(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        """Begin a task."""
        inputs = [self.results[key] for key in needs]
        future = self._pool.submit(self._bench.run, task, inputs, stint)
        self._begun[future] = task, stint
        future.add_done_callback(self._ended.put)

    def drop(self) -> None:
        """Have those tasks end that no thread has taken up."""
        for future, (_, stint) in tuple(self._begun.items()):
            if future.cancel():
                stint.end()

    def nudge(self) -> None:
        """Make `next` return None soon."""
        self._ended.put(None)

    def next(self) -> TaskResult | None:
        """Wait for a task to end, or for a nudge."""
        if (ended := self._ended.get()) is None:
            return None
        task, _ = self._begun.pop(ended)
        if ended.cancelled():
            return cancelled(task)
        result = ended.result()
        self.results[result.key] = result
        return result

    def ended(self) -> TaskResult | None:
        """Return the result of a task that has ended by now, None if there is none."""
        while not self._ended.empty():
            if (result := self.next()) is not None:
                return result
        return None

    def tell(self, nudge: Callable[[], None]) -> None:
        """Have `nudge` called when a task ends that was begun by now."""
        for future in tuple(self._begun):
            future.add_done_callback(lambda _: nudge())

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        self.results[result.key] = result

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self.results.pop(key, None)


class Relay:
    """Threads here, until another crew is there: Dask takes half a second to come.

    What threads are at then, they end beside the other crew: it may take long.

    Parameters
    ----------
    first
        Works until then.
    later
        The other crew, as soon as there is one.
    """

    def __init__(self, first: Threads, later: Future[Crew]) -> None:
        self._first = first
        self._later = later
        self._crew: Crew = first

    @property
    def width(self) -> int:
        """How many tasks the crew wants that has the next one."""
        if self._crew is self._first and self._later.done():
            self._hand_over()
        return self._crew.width

    def start(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        """Begin a task."""
        self._crew.start(task, needs, stint)

    def drop(self) -> None:
        """Have those tasks end that no thread has taken up."""
        self._crew.drop()
        if self._crew is not self._first:
            self._first.drop()

    def next(self) -> TaskResult | None:
        """Wait for a task to end, or for a nudge."""
        if self._crew is self._first:
            return self._first.next()
        return self._taken_over() or self._crew.next() or self._taken_over()

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
        self._first.tell(self._crew.nudge)

    def _taken_over(self) -> TaskResult | None:
        """Return what a thread has ended meanwhile; the other crew holds it."""
        result = self._first.ended()
        if result is not None and result.key in self._first.results:
            self._crew.adopt(result)
            self._first.release(result.key)
        return result


def cancelled(task: Task) -> TaskResult:
    """Return the result of a task that was not begun."""
    return TaskResult(
        task.key,
        troubles={node: Cancelled() for node in task.exports},
        reports=[Report(step.id, Cancelled()) for step in task.steps],
    )
