"""The file system as an editor sees it: nobody waits while a large file is being digested."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from voxlogica_core.bounded import Bounded
from voxlogica_core.errors import FileError
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.values.kind import Kind
from voxlogica_server.bounds import DIGESTS, NAMES

LARGE = 32_000_000
"""Bytes; a smaller file is digested in less than a tenth of a second."""

_READERS = 2  # threads that digest: more would hinder one another at the disk
_ENTRY = 400  # bytes of tuples, numbers and a digest beside a path

Look = tuple[int, int, int]
"""Size, time and place of a file: what tells one state of it from another."""

Digest = tuple[tuple[str, int, int, int], str]
"""What a file looked like when it was digested, and its digest."""


@dataclass(frozen=True, slots=True)
class ReadOnlyMemo:
    """What the store remembers of input files; the server adds nothing to it."""

    reader: StoreReader

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file that looked like this, if it is remembered."""
        return self.reader.digest_memo(path, size, mtime_ns, inode)

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Forget it: only runs write to the store, and the file system remembers it for us."""


class FileMemory:
    """What is remembered of files, whichever folder the program is at home in that names them.

    Parameters
    ----------
    digested
        Called, in some thread, when the digest of a large file is there.
    """

    def __init__(self, digested: Callable[[], object]) -> None:
        self.digests = Bounded[str, Digest](DIGESTS, _size)
        self.imported = Bounded[str, None](NAMES, _size)
        """Files whose text was asked for."""
        self._digested = digested
        self._looks = Bounded[str, Look](NAMES, _size)
        self._busy: set[str] = set()
        self._threads = ThreadPoolExecutor(_READERS, "digests")

    def is_digested(self, path: str, look: Look) -> bool:
        """Return whether a file that looks like this has been digested, or could not be."""
        return self._looks.get(path) == look

    def digest_later(self, files: FileSystem, path: str, look: Look) -> None:
        """Have a file digested in a thread, unless that goes on already."""
        if path not in self._busy:
            self._busy.add(path)
            self._threads.submit(self._take, files, path, look)

    def _take(self, files: FileSystem, path: str, look: Look) -> None:
        try:
            files.digest(path)
        except FileError:
            pass  # whoever asks again is told
        finally:
            self._looks[path] = look
            self._busy.discard(path)
            self._digested()


@dataclass(frozen=True, slots=True)
class EditorWorld:
    """A file system whose large files are digested in a thread.

    Parameters
    ----------
    files
        Does everything; it remembers digests in `memory`.
    memory
        What is remembered of files.
    texts
        Files that are open, by path: they are read as they stand there. May change all the time.
    large
        Bytes from which on a file is large.
    """

    files: FileSystem
    memory: FileMemory
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    large: int = LARGE

    def digest(self, path: str) -> str | None:
        """Return the digest of a file, None while that of a large one is being taken."""
        look = _look(path)
        if look is None or look[0] < self.large or self.memory.is_digested(path, look):
            return self.files.digest(path)
        self.memory.digest_later(self.files, path, look)
        return None

    def find(self, path: str, folder: str) -> str | None:
        """Return where `path` is."""
        return self.files.find(path, folder)

    def working_folder(self) -> str:
        """Return the folder the user works in."""
        return self.files.working_folder()

    def read_text(self, path: str) -> str:
        """Return the text of a program file, as it is open or as it is on the disk."""
        self.memory.imported[path] = None
        text = self.texts.get(path)
        return self.files.read_text(path) if text is None else text

    def kind(self, path: str) -> Kind:
        """Return the kind of value that reading a file gives."""
        return self.files.kind(path)

    def grid(self, path: str) -> bytes | None:
        """Return bytes that are equal only for files on one grid."""
        return self.files.grid(path)

    def listing(self, root: str, pattern: str, *, recursive: bool) -> Sequence[str]:
        """Return the paths in a folder that match."""
        return self.files.listing(root, pattern, recursive=recursive)


def editor_world(
    folder: str, reader: StoreReader, memory: FileMemory, texts: Mapping[str, str]
) -> EditorWorld:
    """Return the files as programs see them that are at home in a folder."""
    files = FileSystem(folder, ReadOnlyMemo(reader), remembered=memory.digests)
    return EditorWorld(files, memory, texts)


def _look(path: str) -> Look | None:
    """Return what a file looks like from outside, None if it cannot be looked at."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ino


def _size(path: str, found: object) -> int:
    """Return how many bytes it takes to remember something of a file."""
    del found
    return sys.getsizeof(path) + _ENTRY
