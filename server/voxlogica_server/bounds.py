"""How many bytes the server keeps beyond its open texts. All bounds stand here; nothing is kept.

What is kept for an open text (analyses, colours, outline, layout) goes when the text is edited or
closed; that is bounded by the text itself. All else is bounded by a figure:

==================================  ============================================================
digests of input files              `DIGESTS`
names of imported files             `NAMES`
outlines of files that are closed   `OUTLINES`
graphs of past runs                 `GRAPHS`
primitives of users, by folder      `FOLDERS` folders
pages of the database               `DATABASE`, of SQLite
messages that were not handled yet  `UNREAD`; then the client waits
requests that are being answered    `ASKED`; then more are refused
answers that were not read yet      `UNSENT`; then no message is handled
the log, on the disk                `LOG` a file, `LOGS` files, `LINE` a line
pages about values, on the disk     `PAGES`
==================================  ============================================================
"""

from collections.abc import Callable, Iterator, MutableMapping
from threading import Lock
from typing import TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")

MEGABYTE = 2**20
DIGESTS = 8 * MEGABYTE
NAMES = 4 * MEGABYTE
OUTLINES = 16 * MEGABYTE
GRAPHS = 32 * MEGABYTE
FOLDERS = 32
DATABASE = 2 * MEGABYTE
UNREAD = 32 * MEGABYTE
ASKED = 32 * MEGABYTE
UNSENT = 32 * MEGABYTE
LOG = 2_000_000
LOGS = 4
LINE = 10_000
PAGES = 32 * MEGABYTE


class Bounded(MutableMapping[Key, Kept]):
    """A mapping that lets go of what was not asked for the longest, where it takes too much room.

    Parameters
    ----------
    most
        Bytes. What takes more by itself is not kept.
    size
        Bytes that a key and its value take.
    """

    def __init__(self, most: int, size: Callable[[Key, Kept], int]) -> None:
        self.most = most
        self._size = size
        self._kept: dict[Key, tuple[Kept, int]] = {}
        self._lock = Lock()
        self.bytes = 0

    def __getitem__(self, key: Key) -> Kept:
        """Return a value; it is the last to go then."""
        with self._lock:
            found = self._kept.pop(key)
            self._kept[key] = found
        return found[0]

    def __setitem__(self, key: Key, value: Kept) -> None:
        """Keep a value."""
        size = self._size(key, value)
        with self._lock:
            self._drop(key)
            if size > self.most:
                return
            self._kept[key] = value, size
            self.bytes += size
            while self.bytes > self.most:
                self._drop(next(iter(self._kept)))

    def __delitem__(self, key: Key) -> None:
        """Let go of a value."""
        with self._lock:
            if key not in self._kept:
                raise KeyError(key)
            self._drop(key)

    def __iter__(self) -> Iterator[Key]:
        """Iterate over what is there now, what was not asked for the longest first."""
        with self._lock:
            return iter(list(self._kept))

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._kept)

    def _drop(self, key: Key) -> None:
        _, size = self._kept.pop(key, (None, 0))
        self.bytes -= size
