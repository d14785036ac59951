"""Pace: how long kernels take against what was expected of them; knows no clock and no thread.

What is still to do is expected to take as much longer, or shorter, as its primitive did so far.
"""

from collections import defaultdict

from voxlogica_core.plan.node import NodeId

_MOST = 20.0
"""A ratio beyond this, or below its inverse, says more about one odd node than about others."""


class Pace:
    """The expected and the measured seconds of one run, by primitive."""

    def __init__(self) -> None:
        self._open: dict[NodeId, tuple[str, float]] = {}
        self._waiting: defaultdict[str, float] = defaultdict(float)
        self._expected: defaultdict[str, float] = defaultdict(float)
        self._measured: defaultdict[str, float] = defaultdict(float)
        self._ratios: dict[str, float] = {}
        self._left = 0.0

    @property
    def left(self) -> float:
        """Seconds that what is still to do is expected to take on one thread."""
        return max(self._left, 0.0) if self._open else 0.0

    def ratio(self, primitive: str) -> float:
        """Return how many times longer than expected a primitive took so far; 1 if unknown."""
        return self._ratios.get(primitive, 1.0)

    def expect(self, node: NodeId, primitive: str, seconds: float) -> None:
        """Take note of work to do, and of what is expected of it before any correction."""
        self.end(node)
        self._open[node] = primitive, seconds
        self._waiting[primitive] += seconds
        self._left += seconds * self.ratio(primitive)

    def end(self, node: NodeId, took: float | None = None) -> None:
        """Take note that work is over.

        Parameters
        ----------
        took
            Measured seconds; None if it was not done, from which nothing is learnt.
        """
        found = self._open.pop(node, None)
        if found is None:
            return
        primitive, seconds = found
        self._left -= seconds * self.ratio(primitive)
        self._waiting[primitive] -= seconds
        if took is not None and seconds > 0.0:
            self._learn(primitive, seconds, took)

    def _learn(self, primitive: str, seconds: float, took: float) -> None:
        self._expected[primitive] += seconds
        self._measured[primitive] += took
        before = self.ratio(primitive)
        now = self._measured[primitive] / self._expected[primitive]
        now = self._ratios[primitive] = min(max(now, 1.0 / _MOST), _MOST)
        self._left += self._waiting[primitive] * (now - before)
