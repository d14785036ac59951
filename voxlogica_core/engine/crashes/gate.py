"""The gate that kernels go through after a crash: some of them while nothing else runs.

Only engines that are told to be careful have one. A thread that waits here waits for kernels of
its own process, and those wait for nobody.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from voxlogica_core.engine.crashes.caution import CAREFREE, Caution
from voxlogica_core.engine.crashes.flight import Flight
from voxlogica_core.plan.node import NodeId


class Gate:
    """Lets kernels pass, side by side or alone.

    Parameters
    ----------
    caution
        Which of them alone.
    """

    def __init__(self, caution: Caution) -> None:
        self._caution = caution
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0
        self._is_closed = False

    @contextmanager
    def passing(self, node: NodeId) -> Generator[None]:
        """Wait until a node may be computed, and say when it has been."""
        if self._caution.everything_alone or node in self._caution.alone:
            with self._changed:
                self._waiting += 1
                self._changed.wait_for(lambda: not self._inside and not self._is_closed)
                self._waiting -= 1
                self._is_closed = True
            try:
                yield
            finally:
                with self._changed:
                    self._is_closed = False
                    self._changed.notify_all()
            return
        with self._changed:
            # Who wants to be alone goes first, or would never be.
            self._changed.wait_for(lambda: not self._waiting and not self._is_closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Watch:
    """How an engine is prepared for crashes of its kernels.

    Parameters
    ----------
    flight
        Notes what is computed.
    caution
        What crashes of processes before this one have taught.
    gate
        What kernels go through, once there was a crash.
    """

    flight: Flight
    caution: Caution
    gate: Gate | None


def watch(descriptor: int = -1, caution: Caution = CAREFREE) -> Watch:
    """Return what an engine needs to know.

    Parameters
    ----------
    descriptor
        The file of the flight; see `Flight`.
    """
    return Watch(Flight(descriptor), caution, Gate(caution) if caution.crashes else None)
