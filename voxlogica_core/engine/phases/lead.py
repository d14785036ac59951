"""Leading: a small run claims all its goals at once, and other engines wait for it. Runs nothing.

Engines that share the tasks of one small program spend more on it than one alone: each loads
kernels and images, and reads back what the other has made.
"""

import queue
from collections.abc import Callable, Generator, Set
from contextlib import contextmanager

from voxlogica_core.engine.crews.hiring import SMALL, WORTH_DASK
from voxlogica_core.engine.sharing.claims import Claims
from voxlogica_core.engine.stopping import Stopping
from voxlogica_core.plan.node import NodeId

_MOST = 256
"""Goals that are claimed; a run of more is left to the claims of its tasks."""


class Lead:
    """The goals that one run is about to reach, and what it leaves to other engines.

    Parameters
    ----------
    claims
        Of the engine.
    stopping
        Ends waiting.
    flush
        Waits until what was recorded can be looked up.
    """

    def __init__(self, claims: Claims, stopping: Stopping, flush: Callable[[], None]) -> None:
        self._claims = claims
        self._stopping = stopping
        self._flush = flush
        self._goals: set[NodeId] = set()

    def take(self, goals: Set[NodeId], seconds: float) -> set[NodeId]:
        """Claim the goals of a run, if it is small; return those that another engine leads to.

        Parameters
        ----------
        goals
            What is to be computed.
        seconds
            Expected time of the whole run: nobody shall wait long for a goal whose turn comes late.
        """
        if not SMALL <= seconds < WORTH_DASK or len(goals) > _MOST:
            return set()
        refused = self._claims.lead(goals - self._goals)
        self._goals |= goals - refused
        return refused

    def wait(self, goal: NodeId) -> None:
        """Hold nothing until nobody has claimed `goal`, or the run is to stop."""
        self.end()
        # Its `put` is safe in a signal handler, other than that of an event.
        mail: queue.SimpleQueue[None] = queue.SimpleQueue()
        with self._stopping.telling(lambda: mail.put(None)):
            if not self._stopping.is_set():
                self._claims.when_free(goal, lambda: mail.put(None))
                mail.get()

    def end(self) -> None:
        """Give back what is reached and recorded now."""
        if self._goals:
            self._flush()
            self._claims.led(self._goals)
            self._goals = set()

    @contextmanager
    def until_the_end(self) -> Generator[None]:
        """Give everything back when the run ends, however it ends."""
        try:
            yield
        finally:
            self.end()
