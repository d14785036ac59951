"""A mapping that takes only so many bytes. Knows nothing of what is kept in it."""

from collections.abc import Callable, Iterator, MutableMapping
from threading import Lock
from typing import TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")


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
