"""Keeps the cyclic garbage collector from walking over everything while somebody types.

What analyses are made of stays; a collection that walks over it takes 0.2 s for 10,000 lines of
program, and Python begins one whenever a quarter has been added. So what stays is set aside, and
looked at again only when nobody types and as much has been set aside once more.
"""

import asyncio
import gc

_QUIET = 2.0  # seconds without a new analysis, after which nobody types
_GROWTH = 2  # times the number of objects after the last whole collection
_ROOM = 200_000  # objects, about 20 MB
_MOST_FIRST = 250  # documents opened without a quiet moment between


class Upkeep:
    """Chooses when to collect; one for a process."""

    def __init__(self) -> None:
        self._most = _ROOM
        self._first = 0
        self._timer: asyncio.TimerHandle | None = None

    def note(self, *, is_first: bool) -> None:
        """Note that an analysis was made; the first one of a document is large and stays."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_QUIET, self.rest)
        if is_first:
            gc.freeze()
            self._first += 1
        if self._first > _MOST_FIRST:
            self.rest()

    def rest(self) -> None:
        """Collect what is new; everything, if much was set aside since that was done last."""
        self._first = 0
        is_whole = gc.get_freeze_count() > self._most  # counts one by one: some 10 ms
        if is_whole:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        if is_whole:
            self._most = _GROWTH * gc.get_freeze_count() + _ROOM

    def end(self) -> None:
        """Do nothing more."""
        if self._timer is not None:
            self._timer.cancel()
