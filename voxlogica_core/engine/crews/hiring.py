"""Hiring: which crew does the work of a run, by how much there is of it. Does none of it."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from voxlogica_core.engine.crews.crew import CallingThread, Crew, Relay, Threads
from voxlogica_core.engine.workers.worker import Bench

SMALL = 0.050
"""Seconds of expected work that are not worth more than one thread."""
WORTH_DASK = 1.500
"""Seconds that are worth Dask while it is not there yet. To import and start it takes a second of
processor time: on two cores, 0.9 s of work took 1.7 s in all without it, and 2.3 s with it.
"""


class DaskSource(Protocol):
    """Where crews on Dask come from."""

    @property
    def is_there(self) -> bool:
        """Whether Dask has been started already."""
        ...

    @property
    def is_shown(self) -> bool:
        """Whether somebody wants to watch it at work."""
        ...

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is not this process that works."""
        ...

    def crew(self, bench: Bench) -> Future[Crew]:
        """Begin to make a crew."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """Where the crews of a run come from.

    Parameters
    ----------
    pool
        The engine's threads, and their number.
    dask
        Gives a crew on Dask, which takes a while the first time; whether it will is told.
    """

    pool: ThreadPoolExecutor
    threads: int
    dask: DaskSource

    def hired(self, crew: Crew, bench: Bench, tasks: int, seconds: float) -> Crew:
        """Return who goes on: small work stays in the calling thread; who is hired stays hired.

        Parameters
        ----------
        tasks
            How many there are to do.
        seconds
            Expected time of the steps that are not short: those that threads can share.
        """
        if seconds < SMALL:
            return crew
        if isinstance(crew, CallingThread):
            crew = Threads(bench, crew, self.pool, self.threads)
        dask = self.dask
        worth_it = dask.is_there or dask.is_shown or seconds >= WORTH_DASK
        if worth_it and (tasks > 1 or dask.is_elsewhere) and isinstance(crew, Threads):
            return Relay(crew, dask.crew(bench))
        return crew
