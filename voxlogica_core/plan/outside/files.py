"""The file system as a `World`: finds, reads and digests files. Nothing else of the plan does."""

import os
import time
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR
from typing import Protocol

from voxlogica_core.errors import FileError
from voxlogica_core.plan.outside.headers import grid_of_file, kind_of_file
from voxlogica_core.plan.outside.input_files import digest_of, files_of, unreadable
from voxlogica_core.values.kind import Kind

_YOUNG_NS = 2_000_000_000  # a file changed within two seconds may change again unseen


class DigestMemo(Protocol):
    """Remembers digests by what a file looks like from outside."""

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file that looked like this, if it is remembered."""
        ...

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Remember the digest of a file that looks like this."""
        ...


@dataclass(slots=True)
class FileSystem:
    """Files and folders as they are now.

    Parameters
    ----------
    cwd
        Where relative paths are looked for after the program's own folder.
    memo
        Digests remembered from earlier.
    clock
        Gives nanoseconds since the epoch: a digest is remembered only of a file that has not
        changed for two seconds.
    remembered
        Where digests are remembered, by path.
    """

    cwd: str
    memo: DigestMemo | None = None
    clock: Callable[[], int] = time.time_ns
    remembered: MutableMapping[str, tuple[tuple[str, int, int, int], str]] = field(
        default_factory=dict[str, tuple[tuple[str, int, int, int], str]]
    )

    def working_folder(self) -> str:
        """Return the folder the user works in."""
        return self.cwd

    def find(self, path: str, folder: str) -> str | None:
        """Return where `path` is: in `folder`, or in the working folder; None if nowhere."""
        if "\0" in path:
            return None
        for start in (folder, self.cwd):
            candidate = os.path.normpath(Path(start) / path)
            if os.path.lexists(candidate):
                return candidate
        return None

    def read_text(self, path: str) -> str:
        """Return the text of a program file."""
        try:
            return Path(path).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            raise FileError(f"{path} is not UTF-8 text: save it as UTF-8") from problem
        except OSError as problem:
            raise FileError(f"{path} cannot be read: {problem.strerror}") from problem

    def digest(self, path: str) -> str | None:
        """Return the SHA-256 of a file's bytes, remembered while the file looks the same."""
        try:
            status = os.stat(path)
        except OSError as problem:
            raise FileError(unreadable(path, problem)) from problem
        if S_ISDIR(status.st_mode) or len(files_of(path)) > 1:
            return digest_of(path)  # a folder is refused; several files are looked at each time
        key = (path, status.st_size, status.st_mtime_ns, status.st_ino)
        look, known = self.remembered.get(path, (None, None))
        if look != key:
            known = None
        if known is None and self.memo is not None:
            known = self.memo.digest_memo(*key)
        if known is None:
            known = digest_of(path)
            if self.clock() - status.st_mtime_ns > _YOUNG_NS:
                self.remembered[path] = key, known  # one for each file, however often it changes
                if self.memo is not None:
                    self.memo.remember_digest(*key, known)
        return known

    def kind(self, path: str) -> Kind:
        """Return the kind of value that reading a file gives, as far as its header tells."""
        return kind_of_file(path)

    def grid(self, path: str) -> bytes | None:
        """Return bytes that are equal only for files on one grid; None where that is unknown."""
        return grid_of_file(path)

    def listing(self, root: str, pattern: str, *, recursive: bool) -> Sequence[str]:
        """Return the files in a folder that match, relative to it, sorted by code point."""
        folder = Path(root)
        if not folder.is_dir():
            raise FileError(f"{root} is a file; dir(...) lists a folder")
        found = folder.rglob(pattern) if recursive else folder.glob(pattern)
        return sorted(str(path.relative_to(folder)) for path in found)
