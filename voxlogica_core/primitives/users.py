"""Users' own primitives: Python files named in settings, and packages that offer some.

They are read like ours, by `ast`: nothing of theirs runs before a program is run. The digest of the
source is part of the version, so that an edit of the file changes the ids of what it computes.
"""

import importlib.util
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from voxlogica_core.configuration import settings, settings_files
from voxlogica_core.errors import UsageError
from voxlogica_core.primitives.declarations import Declaration, read_declarations

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "voxlogica.primitives"
"""Entry points of this group name modules that declare primitives."""
_NAMESPACE = re.compile(r"""^NAMESPACE\s*=\s*["'](\w+)["']""", re.MULTILINE)
_DIGITS = 12
Stamps = Sequence[tuple[Path, int, int]]
"""Files with the time of their last change in nanoseconds, and their size."""


def users_declarations(file: Path, taken: Collection[str]) -> list[Declaration]:
    """Return what a user's file declares, its digest in the versions.

    Parameters
    ----------
    taken
        Qualified names, and whole namespaces, that are VoxLogicA's own.

    Raises
    ------
    UsageError
        The file cannot be read, or a declaration in it is wrong; says file and line.
    """
    text = read_source(file)
    digest = sha256(text.encode()).hexdigest()[:_DIGITS]
    found = [
        _theirs(declaration, digest)
        for declaration in read_declarations(text, f"{file.resolve()}#{digest}", str(file))
    ]
    if not found:
        raise UsageError(f"{file} declares no primitive: a function under @primitive is wanted")
    names = [name for each in found for name in (each.namespace, f"{each.namespace}.{each.name}")]
    if mine := [name for name in names if name in taken]:
        raise UsageError(f"{file}: {mine[0]} is VoxLogicA's own; choose another name")
    return found


def namespace_of(file: Path) -> str:
    """Return the namespace a file says it declares, its name where it says none."""
    try:
        said = _NAMESPACE.search(read_source(file))
    except UsageError:
        said = None
    return said[1] if said else file.stem


def read_source(file: Path) -> str:
    """Return the text of a Python file.

    Raises
    ------
    UsageError
        It cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: primitives are wanted here, but {error}") from None


def installed_files() -> Iterator[Path]:
    """Yield the files of installed packages that offer primitives; none of them is imported."""
    if not _is_any_offered():
        return
    # 24 ms to import, a sixteenth of a start, and hardly anybody offers primitives
    from importlib.metadata import entry_points  # noqa: PLC0415

    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        if (file := _file_of(point)) is not None:
            yield file


def files_for(folder: Path, installed: Iterable[Path]) -> list[Path]:
    """Return the files with primitives that programs in a folder see.

    Parameters
    ----------
    installed
        Those of packages, see `installed_files`.

    Raises
    ------
    UsageError
        A settings file is wrong.
    """
    named = cast("Sequence[str]", settings(folder).get("primitives", ()))
    return list(dict.fromkeys((*installed, *map(Path, named))))


def stamps_of(known: Iterable[tuple[Path, int, int]], folder: Path) -> Stamps:
    """Return the state of the files in `known` and of a folder's settings, to see a change by."""
    files = dict.fromkeys((*(file for file, _, _ in known), *settings_files(folder)))
    return [_stamp(file) for file in files]


def _is_any_offered() -> bool:
    """Whether an installed package says something of our group; what, is another question."""
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except NotADirectoryError:  # an archive: who knows
            return True
        except OSError:
            continue
        for name in names:
            if name.lower().endswith((".dist-info", "egg-info")):
                with suppress(OSError):
                    said = Path(folder, name, "entry_points.txt").read_bytes()
                    if GROUP.encode() in said:
                        return True
    return False


def _stamp(file: Path) -> tuple[Path, int, int]:
    try:
        state = file.stat()
    except OSError:
        return file, 0, 0
    return file, state.st_mtime_ns, state.st_size


def _file_of(point: "EntryPoint") -> Path | None:
    """Return where a module is: the package at the top is found, what is below is looked up."""
    top, *below = point.value.partition(":")[0].split(".")
    specification = importlib.util.find_spec(top)
    if specification is None:
        return None
    if not below:
        return Path(specification.origin) if specification.origin else None
    for folder in specification.submodule_search_locations or ():
        stem = Path(folder, *below)
        for file in (stem.with_suffix(".py"), stem / "__init__.py"):
            if file.is_file():
                return file
    return None


def _theirs(declaration: Declaration, digest: str) -> Declaration:
    """Return a declaration as a user's: its code runs in runs only, and is known by its digest."""
    return replace(
        declaration,
        version=f"{declaration.version}+{digest}",
        overload=replace(declaration.overload, folds=False),
    )
