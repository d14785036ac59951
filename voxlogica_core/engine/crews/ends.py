"""Ends: what a crew on Dask hears of its tasks, from any thread. Starts and drops none."""

import queue

from voxlogica_core.engine.workers.worker import TaskResult
from voxlogica_core.errors import EngineError


class Ends:
    """The part of a crew that waits: for the end of a task, for an error, or for a nudge."""

    def __init__(self) -> None:
        self._ended: queue.SimpleQueue[TaskResult | EngineError | None] = queue.SimpleQueue()

    def hear(self, end: TaskResult | EngineError) -> None:
        """Hear that a task has ended, or that there will be no more."""
        self._ended.put(end)

    def nudge(self) -> None:
        """Make `next` return None soon."""
        self._ended.put(None)

    def next(self) -> TaskResult | None:
        """Wait for a task to end, or for a nudge."""
        match self._ended.get():
            case EngineError() as error:
                raise error
            case result:
                return result
