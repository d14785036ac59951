"""The program files in the folders a user works in, whether they are open or not. Analyses none."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from voxlogica_core.bounded import Bounded
from voxlogica_server.bounds import OUTLINES

Made = TypeVar("Made")

ENDING = ".imgql"
MOST = 2_000
"""Files; who has more of them gets what is found first."""

_ENTRY = 1_000  # bytes that are kept for an empty file
_SHARE = 12  # bytes that are kept for a byte of text: itself, its lines and its names
_MOST_FOLDERS = 20_000
_PASSED_OVER = frozenset({"node_modules", "__pycache__", "venv", "output"})


def program_files(folders: Iterable[Path]) -> Iterator[str]:
    """Yield the paths of the program files in some folders, each once, at most `MOST`."""
    seen: set[str] = set()
    visited = 0
    for folder in folders:
        for parent, inside, files in os.walk(folder):
            visited += 1
            if visited > _MOST_FOLDERS:
                return
            inside[:] = sorted(n for n in inside if n not in _PASSED_OVER and n[0] != ".")
            found = (os.path.join(parent, name) for name in sorted(files) if _is_program(name))
            for path in found:
                if len(seen) == MOST:
                    return
                if path not in seen:
                    seen.add(path)
                    yield path


@dataclass(frozen=True, slots=True)
class _Known(Generic[Made]):
    """What was made of a file that looked like this: size and time."""

    look: tuple[int, int]
    made: Made | None


class Kept(Generic[Made]):
    """What was made of files, as long as they look the same.

    Parameters
    ----------
    make
        Makes it, of a path; None where the file cannot be read.
    most
        Bytes of all that is kept.
    """

    def __init__(self, make: Callable[[str], Made | None], most: int = OUTLINES) -> None:
        self._make = make
        self.kept = Bounded[str, _Known[Made]](most, _size)

    def of(self, path: str) -> Made | None:
        """Return what a file gives."""
        try:
            state = os.stat(path)
        except OSError:
            self.kept.pop(path, None)
            return None
        look = (state.st_size, state.st_mtime_ns)
        known = self.kept.get(path)
        if known is None or known.look != look:
            known = self.kept[path] = _Known(look, self._make(path))
        return known.made


def _size(path: str, known: _Known[Made]) -> int:
    """Return how many bytes are kept for a file: about twelve for each of its own, as measured."""
    return len(path) + _ENTRY + _SHARE * known.look[0]


def _is_program(name: str) -> bool:
    return name.endswith(ENDING) and not name.startswith(".")
