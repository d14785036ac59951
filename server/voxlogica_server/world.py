"""The file system as an editor sees it: nobody waits while a large file is being digested."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from voxlogica_core.errors import FileError
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.values.kind import Kind

LARGE = 32_000_000
"""Bytes; a smaller file is digested in less than a tenth of a second."""


@dataclass(frozen=True, slots=True)
class ReadOnlyMemo:
    """What the store remembers of input files; the server adds nothing to it."""

    reader: StoreReader

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file that looked like this, if it is remembered."""
        return self.reader.digest_memo(path, size, mtime_ns, inode)

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Forget it: only runs write to the store, and the file system remembers it for us."""


@dataclass(slots=True)
class EditorWorld:
    """A file system whose large files are digested in a thread.

    Parameters
    ----------
    files
        Does everything.
    digested
        Called, in that thread, when the digest of a large file is there.
    texts
        Files that are open, by path: they are read as they stand there. May change all the time.
    large
        Bytes from which on a file is large.
    """

    files: FileSystem
    digested: Callable[[], object]
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    large: int = LARGE
    imported: set[str] = field(default_factory=set[str])
    """Files whose text was asked for."""
    _known: dict[str, tuple[int, int, int]] = field(default_factory=dict[str, tuple[int, int, int]])
    _busy: set[str] = field(default_factory=set[str])

    def digest(self, path: str) -> str | None:
        """Return the digest of a file, None while that of a large one is being taken."""
        look = _look(path)
        if look is None or look[0] < self.large or self._known.get(path) == look:
            return self.files.digest(path)
        if path not in self._busy:
            self._busy.add(path)
            threading.Thread(target=self._take, args=(path, look), daemon=True).start()
        return None

    def find(self, path: str, folder: str) -> str | None:
        """Return where `path` is."""
        return self.files.find(path, folder)

    def working_folder(self) -> str:
        """Return the folder the user works in."""
        return self.files.working_folder()

    def read_text(self, path: str) -> str:
        """Return the text of a program file, as it is open or as it is on the disk."""
        self.imported.add(path)
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

    def _take(self, path: str, look: tuple[int, int, int]) -> None:
        try:
            self.files.digest(path)
        except FileError:
            pass  # whoever asks again is told
        finally:
            self._known[path] = look
            self._busy.discard(path)
            self.digested()


def _look(path: str) -> tuple[int, int, int] | None:
    """Return what a file looks like from outside, None if it cannot be looked at."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns, state.st_ino
