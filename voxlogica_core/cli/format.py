"""``voxlogica format``: programs in the style of the house; writes files, runs nothing."""

import errno
import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.programs import decoded, program_bytes, standard_input
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.outside.shipped import OPERATORS
from voxlogica_core.syntax.dialect import stated_dialect
from voxlogica_core.syntax.format import Formatted, formatted
from voxlogica_core.syntax.lexis import Dialect

VERSION = 1
"""Of the JSON object."""
_MARK = b"\xef\xbb\xbf"
"""The byte-order mark: kept where it was."""


@click.command(
    "format",
    epilog=options.examples(
        "voxlogica format *.imgql",
        "voxlogica format --check brain.imgql",
        "voxlogica format --check *.imgql --json",
        "voxlogica format - < brain.imgql",
    ),
)
@options.programs
@click.option("--check", is_flag=True, help="Change nothing; say what would change.")
@click.option("--json", "as_json", is_flag=True, help="With --check: print one JSON object.")
@options.dialect
def command(files: tuple[str, ...], dialect: Dialect | None, *, check: bool, as_json: bool) -> int:
    """Lay programs out in one style: the same tokens and comments, so the same meaning.

    A file is changed only if it is not in that style yet; - reads standard input and writes
    standard output. Statements with a syntax error are left as they are.

    Exits with 0 when all is well, 1 when --check found something to change, 2 when a program has
    syntax errors.
    """
    if as_json and not check:
        raise UsageError("--json tells what --check found: give both")
    if not check:
        return max([_format(file, dialect) for file in files])
    found = [_Found.of(file, dialect) for file in files]
    if as_json:
        told = [{"file": f.file, "changes": f.changes, "broken": f.result.broken} for f in found]
        click.echo(json.dumps({"version": VERSION, "files": told}))
        return max(f.code for f in found)
    for each in found:
        if each.changes:
            click.echo(f"{each.name} would change", err=True)
        _tell_broken(each.name, each.result)
    return max(f.code for f in found)


def _format(file: str, dialect: Dialect | None) -> int:
    found = _Found.of(file, dialect)
    laid_out = found.result.text.encode()
    if file == options.STANDARD_INPUT:
        click.echo(laid_out, nl=False)
    elif found.changes:
        _write(Path(file), found.mark + laid_out)
        click.echo(f"{file} changed", err=True)
    _tell_broken(found.name, found.result)
    return exits.ERRORS if found.result.broken else exits.DONE


@dataclass(frozen=True, slots=True)
class _Found:
    """What laying out a file comes to."""

    file: str
    result: Formatted
    changes: bool
    mark: bytes

    @classmethod
    def of(cls, file: str, dialect: Dialect | None) -> Self:
        """Read a file, or standard input, and lay it out."""
        content = standard_input() if file == options.STANDARD_INPUT else program_bytes(file)
        text = decoded(content, _called(file))
        result = formatted(text, OPERATORS, stated_dialect(text).dialect or dialect)
        mark = _MARK if content.startswith(_MARK) else b""
        return cls(file, result, result.text != text, mark)

    @property
    def name(self) -> str:
        return _called(self.file)

    @property
    def code(self) -> int:
        """What a check ends with."""
        if self.result.broken:
            return exits.ERRORS
        return exits.FAILED if self.changes else exits.DONE


def _called(file: str) -> str:
    return "standard input" if file == options.STANDARD_INPUT else file


def _tell_broken(name: str, result: Formatted) -> None:
    if result.broken == 1:
        click.echo(f"{name}: 1 statement with a syntax error was left as it is", err=True)
    elif result.broken:
        click.echo(
            f"{name}: {result.broken} statements with syntax errors were left as they are", err=True
        )


def _write(path: Path, content: bytes) -> None:
    """Put `content` in place of a file at once: whoever reads it sees the old or the new.

    Raises
    ------
    UsageError
        The file or its folder cannot be written.
    """
    target = path.resolve()  # a link stays a link
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
        if not os.access(target, os.W_OK):  # somebody wants it to stay as it is
            raise PermissionError(errno.EACCES, "it is read-only")
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(beside).chmod(mode)
            Path(beside).replace(target)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}") from problem
