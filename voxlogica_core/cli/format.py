"""``voxlogica format``: programs in the style of the house; writes files, runs nothing."""

import os
import stat
import sys
import tempfile
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.programs import decoded, program_bytes
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.library import OPERATORS
from voxlogica_core.syntax.dialect import stated_dialect
from voxlogica_core.syntax.format import Formatted, formatted
from voxlogica_core.syntax.lexis import Dialect

_MARK = b"\xef\xbb\xbf"
"""The byte-order mark: kept where it was."""


@click.command(
    "format",
    epilog=options.examples(
        "voxlogica format *.imgql",
        "voxlogica format --check brain.imgql",
        "voxlogica format - < brain.imgql",
    ),
)
@options.programs
@click.option("--check", is_flag=True, help="Change nothing; say what would change.")
@options.dialect
def command(files: tuple[str, ...], dialect: Dialect | None, *, check: bool) -> int:
    """Lay programs out in one style: the same tokens and comments, so the same meaning.

    A file is changed only if it is not in that style yet; - reads standard input and writes
    standard output. Statements with a syntax error are left as they are.

    Exits with 0 when all is well, 1 when --check found something to change, 2 when a program has
    syntax errors.
    """
    codes = [_format(file, dialect, check=check) for file in files]
    return max(codes)


def _format(file: str, dialect: Dialect | None, *, check: bool) -> int:
    content = sys.stdin.buffer.read() if file == options.STANDARD_INPUT else program_bytes(file)
    name = "standard input" if file == options.STANDARD_INPUT else file
    text = decoded(content, name)
    result = formatted(text, OPERATORS, stated_dialect(text).dialect or dialect)
    is_changed = result.text != text
    if check:
        if is_changed:
            click.echo(f"{name} would change", err=True)
    elif file == options.STANDARD_INPUT:
        click.echo(result.text.encode(), nl=False)
    elif is_changed:
        mark = _MARK if content.startswith(_MARK) else b""
        _write(Path(file), mark + result.text.encode())
        click.echo(f"{name} changed", err=True)
    _tell_broken(name, result)
    if result.broken:
        return exits.ERRORS
    return exits.FAILED if check and is_changed else exits.DONE


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
