"""Stopwatch: what a kernel costs, whatever else the machine does. Decides nothing, records nothing.

With two cores and ten programs that want them, a distance transform took 0.5 to 2.9 s by the clock
and 0.16 to 0.44 s of its thread's own time. Nor is it a cost of a kernel that machine code had to
be loaded: the first one in a process does that for all that come later.
"""

from time import perf_counter, thread_time
from types import TracebackType

from voxlogica_core import system
from voxlogica_core.primitives.preparing import PREPARATION, Preparation


class Stopwatch:
    """Measures kernels of one thread, one after the other; a context in which that is done."""

    def __init__(self) -> None:
        self._preparation = Preparation(thread_time)
        self._waits: system.CoreWaits | None = None
        self._begin = 0.0
        self._busy: float | None = None
        self._waited: float | None = None

    def __enter__(self) -> "Stopwatch":
        """Begin to hear of machine code."""
        self._before = PREPARATION.set(self._preparation)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hear of it no more."""
        PREPARATION.reset(self._before)
        if self._waits is not None:
            self._waits.close()

    def start(self) -> None:
        """Begin to measure by the clock: the cheapest, for what takes microseconds."""
        self._preparation.seconds = 0.0
        self._busy = self._waited = None
        self._begin = perf_counter()

    def start_alone(self) -> None:
        """Begin to measure what this thread does itself, nothing else: 1 µs."""
        self.start()
        self._busy = thread_time()

    def start_together(self) -> None:
        """Begin to measure work that this thread waits for: for a disk, or other threads: 2 µs.

        What it waits for a core does not count.
        """
        if self._waits is None:
            self._waits = system.CoreWaits()
        self.start()
        self._waited = self._waits.seconds()

    def elapsed(self) -> float:
        """Return the seconds since the start by the clock."""
        return perf_counter() - self._begin

    def cost(self) -> float:
        """Return what of the time since the start is the kernel's cost."""
        spent = self.elapsed()
        if self._busy is not None:
            spent = thread_time() - self._busy
        elif self._waits is not None and self._waited is not None:
            spent -= self._waits.seconds() - self._waited
        return max(0.0, spent - self._preparation.seconds)
