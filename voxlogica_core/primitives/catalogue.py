"""The catalogue of primitives, read from source text; no kernel is imported to make it."""

import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from voxlogica_core.bounded import Bounded
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.signature import Catalogue, Distant, Overload, Primitive, Primitives
from voxlogica_core.primitives.declarations import Declaration, read_declarations
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.primitives.simpleitk.namespace import (
    NAMESPACE,
    left_out,
    simpleitk_primitives,
)
from voxlogica_core.primitives.users import (
    Stamps,
    files_for,
    installed_files,
    namespace_of,
    read_source,
    stamps_of,
    users_declarations,
)

_LOG = logging.getLogger(__name__)
_HERE = Path(__file__).parent
_PACKAGE = "voxlogica_core.primitives"
_DECLARED = re.compile(
    r'''^NAMESPACE = .*?$|^@primitive\(.*?^def .*?:\n    """.*?"""$''', re.MULTILINE | re.DOTALL
)
_OURS = 200_000  # bytes that the shipped primitives take, read once more
_SHARE = 4  # bytes that a byte of a user's file takes
_FOLDER = 1_000  # bytes that a folder takes
_FAR = {NAMESPACE: Distant(simpleitk_primitives, left_out)}
"""Made when a program asks for it: 17 ms, of 350 for a whole run of a small program."""


def read_catalogue(users: Sequence[Path] = ()) -> Catalogue:
    """Return the primitives that ship, and those of users' files.

    Parameters
    ----------
    users
        Python files. One that cannot be used makes its namespace broken, and nothing else.
    """
    declarations = [found for file in shipped_files() for found in _declared_in(file)]
    broken: dict[str, str] = {}
    taken = {*(f"{found.namespace}.{found.name}" for found in declarations), *_FAR}
    for file in users:
        try:
            found = users_declarations(file, taken)
            list(_joined(found))
        except UsageError as problem:
            broken[namespace_of(file)] = f"its file is wrong: {problem}"
        else:
            declarations += found
    at_hand = {p.qualified: p for p in _joined(declarations)}
    return Catalogue(Primitives(at_hand, _FAR), fold, broken)


def catalogue_for(folder: Path) -> Catalogue:
    """Return the primitives that programs in a folder see: ours and their users'.

    Raises
    ------
    UsageError
        A settings file is wrong.
    """
    return read_catalogue(files_for(folder.absolute(), installed_files()))


class Catalogues:
    """The primitives that programs see, by folder; read again when a file of theirs changes.

    Parameters
    ----------
    ours
        Those of folders without any of their own.
    most
        Bytes of all that are kept; a folder's are read again where there is no room.
    """

    def __init__(self, ours: Catalogue, most: int = 2**24) -> None:
        self.ours = ours
        self._installed = list(installed_files())
        self.known = Bounded[Path, tuple[Stamps, Catalogue]](most, self._size)

    def of(self, folder: Path) -> Catalogue:
        """Return what programs in a folder see; a wrong settings file names none, on the log."""
        known = self.known.get(folder)
        if known is not None and stamps_of(known[0], folder) == known[0]:
            return known[1]
        try:
            files = files_for(folder, self._installed)
        except UsageError as problem:
            _LOG.warning("%s", problem)
            files = []
        found = read_catalogue(files) if files else self.ours
        stamps = stamps_of([(file, 0, 0) for file in files], folder)
        self.known[folder] = (stamps, found)
        return found

    def with_namespace(self, name: str) -> Catalogue:
        """Return a catalogue with the namespace of a qualified name, ours if none has it."""
        namespace = name.partition(".")[0]
        found = [self.ours, *(catalogue for _, catalogue in self.known.values())]
        return next((each for each in found if namespace in each.namespaces()), self.ours)

    def _size(self, folder: Path, known: tuple[Stamps, Catalogue]) -> int:
        stamps, catalogue = known
        own = _OURS + _SHARE * sum(size for _, _, size in stamps)
        return 2 * len(str(folder)) + _FOLDER + (own if catalogue is not self.ours else 0)


def shipped_files() -> list[Path]:
    """Return the files that ship with VoxLogicA and may declare primitives, in order of name."""
    return sorted(_HERE.glob("*.py"))


def fold(overload: Overload, arguments: Sequence[Scalar]) -> Scalar:
    """Compute a scalar while reducing, by the function that would compute it at run time.

    Parameters
    ----------
    overload
        One that folds.
    arguments
        A scalar for each of its parameters.

    Raises
    ------
    DataError
        The values have no result.
    UsageError
        The overload does not fold.
    """
    if not overload.folds:
        raise UsageError(f"{overload.function} cannot be computed while reducing")
    match kernel(overload)(*arguments):
        case bool() | float() | str() as value:
            return value
        case other:
            raise UsageError(f"{overload.module}.{overload.function} gave {other!r}, no scalar")


def outline(text: str) -> str:
    """Return what a shipped file declares, line by line, without what its functions do.

    That is read in half of the time. All functions that declare something have docstrings.
    """
    parts: list[str] = []
    end = 0
    for found in _DECLARED.finditer(text):
        parts += ["\n" * text.count("\n", end, found.start()), found[0]]
        end = found.end()
    return "".join(parts)


def _declared_in(file: Path) -> list[Declaration]:
    text = outline(read_source(file))
    return list(read_declarations(text, f"{_PACKAGE}.{file.stem}", str(file))) if text else []


def _joined(declarations: Iterable[Declaration]) -> Iterable[Primitive]:
    groups: dict[tuple[str, str], list[Declaration]] = {}
    for declaration in declarations:
        groups.setdefault((declaration.namespace, declaration.name), []).append(declaration)
    for (namespace, name), group in groups.items():
        first = group[0]
        for other in group[1:]:
            _check_agreement(first, other)
        operators = dict.fromkeys(sign for d in group for sign in d.operators)
        overloads = tuple(d.overload for d in group)
        yield Primitive(
            name, namespace, first.version, overloads, tuple(operators), first.commutative
        )


def _check_agreement(first: Declaration, other: Declaration) -> None:
    if (first.version, first.commutative) != (other.version, other.commutative):
        raise UsageError(
            f"{other.place}: all overloads of {other.name} must have one version and be "
            f"commutative or not together; this one differs from {first.place}"
        )
