"""What the plan must know of the outside: a small protocol, so that tests can give a fake one."""

from collections.abc import Sequence
from typing import Protocol

from voxlogica_core.values.kind import Kind


class World(Protocol):
    """Files and folders, asked for by absolute path; every method may raise `FileError`."""

    def find(self, path: str, folder: str) -> str | None:
        """Return where `path` is: relative to `folder`, then to where the user works."""
        ...

    def working_folder(self) -> str:
        """Return the folder the user works in."""
        ...

    def read_text(self, path: str) -> str:
        """Return the text of a file."""
        ...

    def digest(self, path: str) -> str | None:
        """Return the SHA-256 of a file's bytes; None while it is still being taken."""
        ...

    def kind(self, path: str) -> Kind:
        """Return the kind of value that reading a file will give."""
        ...

    def grid(self, path: str) -> bytes | None:
        """Return bytes that are equal only for files on one grid; None where that is unknown."""
        ...

    def listing(self, root: str, pattern: str, *, recursive: bool) -> Sequence[str]:
        """Return the paths in a folder that match, relative to it, sorted by code point."""
        ...
