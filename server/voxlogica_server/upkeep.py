"""Collects cyclic garbage when nobody types, instead of whenever Python would begin.

A collection walks over all that analyses are made of, 0.3 s for 10,000 lines of program, and nobody
is answered meanwhile. Python begins one whenever a quarter has been added; so the process turns
that off. What a first analysis makes stays as long as its document, and holds no garbage: it is set
aside without a look. A collection then walks over what came since, in a quiet moment. Only what
closed documents leave behind, which is in circles, takes a look at everything.
"""

import asyncio
import gc
import sys

_QUIET = 2.0  # seconds without a new analysis, after which nobody types
_LITTLE = 20_000  # objects, about 2 MB: not worth a collection
_ROOM = 150_000  # objects that may always be added
_BLOCKS = 2  # of memory that an object takes, about: 1.7 to 1.9 in analyses
_CLOSED = 30_000  # characters of programs, about 10 MB, that closed documents may leave behind


class Upkeep:
    """Chooses when to collect; does nothing where Python does it by itself."""

    def __init__(self) -> None:
        self._settled = 0
        self._closed = 0
        self._timer: asyncio.TimerHandle | None = None

    def settle(self) -> None:
        """Set aside what is there, such as imports, tables and what a first analysis has made."""
        if not gc.isenabled():
            gc.freeze()
            self._settled = sys.getallocatedblocks()

    def note(self) -> None:
        """Note that an analysis was made."""
        if gc.isenabled():
            return
        self._wait()
        if _added() > max(_ROOM, self._settled // _BLOCKS // 2):
            self._collect()

    def note_closed(self, characters: int) -> None:
        """Note that a document was closed, and how long its text was."""
        self._closed += characters
        if not gc.isenabled():
            self._wait()

    def end(self) -> None:
        """Do nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        self.end()
        self._timer = asyncio.get_running_loop().call_later(_QUIET, self._rest)

    def _rest(self) -> None:
        has_grown = sys.getallocatedblocks() > self._settled * 3 // 2 + _ROOM * _BLOCKS
        if self._closed > _CLOSED or has_grown:
            gc.unfreeze()
            gc.collect()
            self._closed = 0
            self.settle()
        elif _added() > _LITTLE:
            self._collect()

    def _collect(self) -> None:
        gc.collect()
        gc.freeze()


def _added() -> int:
    """Return how many objects were made and are still there, since the last collection."""
    return gc.get_count()[0]
