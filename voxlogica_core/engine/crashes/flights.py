"""Flights of programs that run an engine themselves: what they computed when they ended early.

The command line and the editor have another process that looks. A Python program has none, so its
slots are a file in the folder of the store, which the next engine there reads.
"""

import os
from contextlib import suppress
from pathlib import Path

from voxlogica_core.engine.crashes.flight import Record, left_behind
from voxlogica_core.system import anonymous_file, try_acquire


class Flights:
    """The flights from one store.

    Parameters
    ----------
    store
        Its folder, None for a store in memory.
    """

    def __init__(self, store: Path | None) -> None:
        self._folder = store / "flights" if store else None
        self._own: Path | None = None
        self._file = -1

    def begin(self) -> int:
        """Return the file for this process's slots; without a name where there can be none."""
        self._file = self._claimed()
        if self._file < 0:
            self._file = anonymous_file()
        return self._file

    def end(self) -> None:
        """Note that this process was not ended early."""
        if self._own is not None:
            self._own.unlink(missing_ok=True)
        if self._file >= 0:
            os.close(self._file)
        self._own, self._file = None, -1

    def lost(self) -> list[Record]:
        """Return what processes were computing that ended early, and forget them."""
        found: list[Record] = []
        for path in sorted(self._folder.glob("*")) if self._folder else ():
            with suppress(OSError):
                file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
                try:
                    if try_acquire(file, 0):
                        found.append(left_behind(file))
                        path.unlink()
                finally:
                    os.close(file)
        return [record for record in found if record.aboard]

    def _claimed(self) -> int:
        """Return a file of this engine alone, -1 where there can be none."""
        if self._folder is None:
            return -1
        path = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}"
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            if try_acquire(file, 0):  # the system gives it back when this process ends
                self._own = path
                return file
            os.close(file)
        return -1


def told(record: Record) -> str:
    """Return what a program ought to know of one that ended early."""
    nodes = ", ".join(aboard.node[:12] for aboard in record.aboard)
    return (
        f"an earlier process ended while it computed {nodes}; if that happens again, "
        "`voxlogica run` finds out which of them crashes, and does all else"
    )
