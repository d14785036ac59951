"""Collects cyclic garbage when nobody types, instead of whenever Python would begin.

A collection walks over all that analyses are made of, 0.2 s for 10,000 lines of program, and Python
begins one whenever a quarter has been added. So the process turns that off, and here a collection
waits for a quiet moment, unless half as much has been added as was there.
"""

import asyncio
import gc
import sys

_QUIET = 2.0  # seconds without a new analysis, after which nobody types
_LITTLE = 20_000  # objects, about 2 MB: not worth a collection
_ROOM = 150_000  # objects that may always be added
_BLOCKS = 2  # of memory that an object takes, about: 1.7 to 1.9 in analyses


class Upkeep:
    """Chooses when to collect; does nothing where Python does it by itself."""

    def __init__(self) -> None:
        self._live = 0
        self._set_aside = 0
        self._timer: asyncio.TimerHandle | None = None

    def settle(self) -> None:
        """Set aside what is there, such as imports and tables: it stays as long as the process."""
        if not gc.isenabled():
            gc.freeze()
            self._set_aside = sys.getallocatedblocks()

    def note(self) -> None:
        """Note that an analysis was made."""
        if gc.isenabled():
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_QUIET, self._rest)
        if _added() > max(_ROOM, self._live // 2):
            self._collect()

    def end(self) -> None:
        """Do nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _rest(self) -> None:
        if _added() > _LITTLE:
            self._collect()

    def _collect(self) -> None:
        gc.collect()
        # Not by `gc.get_objects`: it lends out tuples that another thread has only begun to fill.
        self._live = (sys.getallocatedblocks() - self._set_aside) // _BLOCKS


def _added() -> int:
    """Return how many objects were made and are still there, since the last collection."""
    return gc.get_count()[0]
