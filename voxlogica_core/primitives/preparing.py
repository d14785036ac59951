"""Preparing: how long a thread was busy with machine code instead of work. Imports no numba.

A compiled kernel pays for loading its machine code when it is called first, 2 ms, or for making it,
seconds. Whoever wants to know what the work itself costs lays out a tally, and takes off what was
added to it meanwhile.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Preparation:
    """Adds up the seconds of one thread; loading within loading counts once.

    Parameters
    ----------
    clock
        Gives the moment, in seconds.
    seconds
        Spent so far, waiting for other threads that load included.
    """

    clock: Callable[[], float]
    seconds: float = 0.0
    _depth: int = 0
    _begin: float = 0.0

    def begin(self) -> None:
        """Note that loading begins."""
        if not self._depth:
            self._begin = self.clock()
        self._depth += 1

    def end(self) -> None:
        """Note that loading is over."""
        self._depth -= 1
        if not self._depth:
            self.seconds += self.clock() - self._begin


PREPARATION: ContextVar[Preparation | None] = ContextVar("PREPARATION", default=None)
"""The tally of the thread; none where nobody asks."""
