"""Stopping: an event that a run is cancelled by, and that wakes who waits for something else."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Stopping(threading.Event):
    """Set once, when a run shall end; tells its listeners then."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: list[Callable[[], None]] = []

    def set(self) -> None:
        """End the run soon."""
        super().set()
        for listener in tuple(self._listeners):
            listener()

    @contextmanager
    def telling(self, listener: Callable[[], None]) -> Generator[None]:
        """Call `listener` if this is set meanwhile, in any thread, or in a signal handler."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)
