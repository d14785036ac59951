"""Turns: runs that share a cluster get equal parts of its time. Knows no task and no Dask."""

import threading
from weakref import WeakSet

_LEAST = 0.001
"""Seconds that a task counts at least."""


class Turn:
    """How much of the cluster's time one run has asked for."""

    def __init__(self, asked_for: float) -> None:
        self.asked_for = asked_for

    def next(self, seconds: float) -> float:
        """Return the priority of a task that takes so long: what asked for less goes first."""
        priority = -self.asked_for
        self.asked_for += max(seconds, _LEAST)
        return priority


class Turns:
    """The runs of a cluster."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # runs come while others are looked through
        self._turns: WeakSet[Turn] = WeakSet()

    def joined(self) -> Turn:
        """Return the turn of a run that begins: it is served as the others from now on."""
        with self._lock:
            turn = Turn(max((other.asked_for for other in self._turns), default=0.0))
            self._turns.add(turn)
            return turn
