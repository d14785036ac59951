"""From the arguments of a command to an analysed program."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from voxlogica_core.cli.constants import constants_of
from voxlogica_core.cli.options import STANDARD_INPUT, folder_of
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.outside.files import DigestMemo, FileSystem
from voxlogica_core.plan.outside.input_files import extension
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.source_text import SourceText

_IMAGES = frozenset(
    {".nii", ".nii.gz", ".hdr", ".img", ".mha", ".mhd", ".nrrd", ".dcm", ".png", ".jpg", ".tif"}
)
_PACKED = b"\x1f\x8b"
_LONGEST = 1 << 26  # bytes; a device such as /dev/zero has no end
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def read_program(path: str) -> SourceText:
    """Return the text of a program: of a file, or of standard input if the path is ``-``.

    Raises
    ------
    UsageError
        There is no such file, or it is not UTF-8 text.
    """
    if path == STANDARD_INPUT:
        return SourceText(decoded(standard_input(), "standard input"), None)
    return SourceText(decoded(program_bytes(path), path), str(Path(path).absolute()))


def standard_input() -> bytes:
    """Return what comes on standard input.

    Raises
    ------
    UsageError
        It cannot be read.
    """
    try:
        return sys.stdin.buffer.read()
    except OSError as problem:
        raise unreadable(problem) from problem


def unreadable(problem: OSError) -> UsageError:
    """Return what is wrong when standard input cannot be read."""
    wanted = "a program is wanted on it, or a file in place of -"
    return UsageError(f"standard input cannot be read: {problem.strerror}; {wanted}")


def program_bytes(path: str) -> bytes:
    """Return the content of a file.

    Raises
    ------
    UsageError
        There is no such file, it cannot be read, or it is no program whatever it holds.
    """
    if not path:
        raise UsageError("a program's file is wanted, and an empty name came")
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LONGEST + 1)
    except FileNotFoundError as problem:
        raise UsageError(f"there is no program {path}{_meant(Path(path))}") from problem
    except IsADirectoryError as problem:
        raise UsageError(f"{path} is a folder, a program is wanted") from problem
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}") from problem
    if len(content) > _LONGEST and not _is_image(content, path):
        raise UsageError(f"{path} is longer than {_LONGEST >> 20} MB; a program is wanted, as text")
    return content


def _meant(path: Path) -> str:
    """Return what a path may have been meant to be, as the end of a sentence."""
    with suppress(OSError):
        there = {each.stem: each for each in path.parent.glob("*.imgql") if each.is_file()}
        if near := get_close_matches(path.stem, sorted(there), n=3):
            return f"; did you mean {' or '.join(str(there[stem]) for stem in near)}?"
    return ""


def decoded(content: bytes, name: str) -> str:
    """Return the text of a program, without a byte-order mark.

    Raises
    ------
    UsageError
        It is not UTF-8 text.
    """
    if _is_image(content, name):
        loads = f'load image = "{Path(name).name}"'
        raise UsageError(f"{name} is an image or a packed file, a program is wanted, with {loads}")
    if content.startswith(_WIDE) or _every_second_is_zero(content):
        raise UsageError(f"{name} is UTF-16 text, UTF-8 is wanted: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        byte = content[problem.start]
        message = f"{name} is not UTF-8 text (byte 0x{byte:02x} on line {line}): save it as UTF-8"
        raise UsageError(message) from problem


def _is_image(content: bytes, name: str) -> bool:
    return extension(name) in _IMAGES or content.startswith(_PACKED)


def _every_second_is_zero(content: bytes) -> bool:
    return len(content) > 1 and any(content[::2]) != any(content[1::2])


def analysed(
    path: str,
    catalogue: Catalogue,
    settings: Sequence[str] = (),
    memo: DigestMemo | None = None,
    dialect: Dialect | None = None,
) -> Analysis:
    """Return the analysis of the program at `path`.

    Parameters
    ----------
    settings
        ``name=literal`` each, for constant declarations.
    memo
        Remembers digests of input files.
    dialect
        What files are written in that do not state it.
    """
    source = read_program(path)
    world = FileSystem(os.getcwd(), memo)

    def read(constants: Mapping[str, Scalar]) -> Analysis:
        return analyse(
            source, catalogue=catalogue, world=world, settings=constants, dialect=dialect
        )

    constants = constants_of(settings)
    analysis = read(constants)
    written = constants_of(settings, analysis.program)
    if written != constants:  # some of them are texts, which only the program tells
        analysis = read(written)
    for name in written:
        if name not in analysis.plan.declarations:
            raise UsageError(f"--set {name}: the program declares no value `{name}`")
    return analysis


@dataclass(frozen=True, slots=True)
class Reading:
    """How the programs of a command are to be read.

    Parameters
    ----------
    files
        Where they stand; ``-`` for standard input.
    settings, dialect
        See `analysed`.
    """

    files: Sequence[str]
    settings: Sequence[str] = ()
    dialect: Dialect | None = None

    def all(self, memo: DigestMemo | None = None) -> list[Analysis]:
        """Return the analysis of each program, each with the primitives of its folder."""
        return [
            analysed(file, catalogue_for(folder_of(file)), self.settings, memo, self.dialect)
            for file in self.files
        ]
