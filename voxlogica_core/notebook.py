"""VoxLogicA in notebooks: ``%%imgql`` cells, and images shown by their pictures. Needs IPython.

``%load_ext voxlogica_core.notebook`` makes both known. Decides nothing of the language.
"""

import sys
from collections.abc import Sequence
from html import escape
from typing import Protocol

from voxlogica_core.api import Engine, analyse
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.store.preview import picture
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.values.image import Image
from voxlogica_core.values.written import written


class Formatter(Protocol):
    """How IPython shows values of a type, as far as it is needed here."""

    def for_type(self, typ: type, func: object) -> object:
        """Have `func` show what is of type `typ`."""
        ...


class DisplayFormatter(Protocol):
    """The formatters of IPython by the type of what they write."""

    @property
    def formatters(self) -> dict[str, Formatter]:
        """By MIME type."""
        ...


class Shell(Protocol):
    """The part of IPython's shell that is used."""

    @property
    def display_formatter(self) -> DisplayFormatter:
        """Shows values."""
        ...

    @property
    def user_ns(self) -> dict[str, object]:
        """The names of the notebook."""
        ...

    def register_magic_function(self, func: object, magic_kind: str, magic_name: str) -> None:
        """Make a cell magic known."""
        ...


def load_ipython_extension(shell: Shell) -> None:
    """Have a notebook know ``%%imgql`` and show images; IPython calls it."""
    formatters = shell.display_formatter.formatters
    formatters["image/png"].for_type(Image, picture)
    formatters["text/html"].for_type(Image, html)
    formatters["text/html"].for_type(Run, html_of_run)
    formatters["text/html"].for_type(Analysis, html_of_analysis)

    def imgql(line: str, cell: str) -> object:
        """Run a cell; names behind ``%%imgql`` become variables, the last one is shown."""
        values = run_cell(cell, line.split())
        shell.user_ns.update(values)
        return values[line.split()[-1]] if line.split() else None

    shell.register_magic_function(imgql, "cell", "imgql")


def html(image: Image) -> str:
    """Return what an image is, in words."""
    return f"<code>{escape(written(image))}</code>"


def html_of_run(run: Run) -> str:
    """Return the goals of a run as a table: label, value, how it ended."""
    rows = [
        (result.label or "?", written(result.value), result.message or result.outcome)
        for result in run.results
    ]
    return _table(("goal", "value", "outcome"), rows) + f"<code>{escape(repr(run))}</code>"


def html_of_analysis(analysis: Analysis) -> str:
    """Return what was found in a program as a table: place, code, message."""
    found = [_placed(analysis, diagnostic) for diagnostic in analysis.diagnostics]
    table = _table(("place", "found", "message"), found) if found else ""
    return f"{table}<code>{escape(repr(analysis))}</code>"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"

    return f"<table>{row(titles, 'th')}{''.join(row(cells, 'td') for cells in rows)}</table>"


def run_cell(cell: str, names: Sequence[str] = (), store: str | None = None) -> dict[str, object]:
    """Run a program, print its goals, return the values of declarations.

    Parameters
    ----------
    cell
        The program; relative paths begin in the working folder.
    names
        The declarations whose values are wanted.
    store
        Folder of what is known; the user's own by default.

    Raises
    ------
    UsageError
        The program has errors, or declares no such name, or a value could not be computed.
    """
    analysis = analyse(cell)
    if analysis.errors:
        raise UsageError("\n".join(_line(analysis, error) for error in analysis.errors))
    declared = analysis.plan.declarations
    for name in names:
        if name not in declared:
            raise UsageError(f"a value `{name}` is wanted, but the program declares none")
    with Engine(store) as engine:
        run = engine.run(analysis.plan, targets=[declared[name] for name in names]).wait()
        _tell(run)
        return {name: run.value(name) for name in names}


def _tell(run: Run) -> None:
    for result in run.results:
        if result.outcome == "done" and result.kind == "print":
            sys.stdout.write(f"{result.label}={written(result.value)}\n")
        elif result.outcome != "done":
            sys.stderr.write(f"{result.outcome}: {result.kind} {result.label}: {result.message}\n")
    for outcome in run.outcomes.values():
        if isinstance(outcome, Failed):
            sys.stderr.write(f"`{outcome.primitive}` failed: {outcome.message}\n")


def _line(analysis: Analysis, error: Diagnostic) -> str:
    place, found, message = _placed(analysis, error)
    cures = "".join(f"\n  cure: {fix.title}" for fix in error.fixes)
    return f"{place}: {found}: {message}{cures}"


def _placed(analysis: Analysis, found: Diagnostic) -> tuple[str, str, str]:
    line, column = analysis.source.position(found.span.start)
    return f"{line + 1}:{column + 1}", f"{found.severity}[{found.code}]", found.message
