"""How diagnostics look in a terminal: place, line, a caret below, the cure. Only on stderr."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from voxlogica_core.ide.actions.cures import quotes, spellings
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.report import source_of
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span

_COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}
_LONGEST = 160
"""Characters of a line; of a longer one, those near what is meant are shown."""
_SHOWN = frozenset({"error", "warning"})


def show_diagnostics(analysis: Analysis, *, everything: bool = False) -> None:
    """Write the errors and warnings of an analysis, or everything found."""
    texts: dict[str | None, SourceText] = {None: analysis.source}
    for found in analysis.diagnostics:
        if everything or found.severity in _SHOWN:
            show_diagnostic(found, source_of(found, texts), _more_cures(analysis, found))


def _more_cures(analysis: Analysis, found: Diagnostic) -> list[str]:
    """Return cures that an editor offers, too, once it is asked for them."""
    if found.path is not None:
        return []
    actions = (*quotes(analysis, [found]), *spellings(analysis, [found], _names_in))
    return [action.title for action in actions]


def _names_in(folder: str) -> list[str]:
    with suppress(OSError):
        return sorted(f"{e.name}/" if e.is_dir() else e.name for e in os.scandir(folder))
    return []


def show_place(source: SourceText, span: Span) -> None:
    """Write a line of a program with a caret below what is meant."""
    line, column = source.position(span.start)
    text, place = source.line(line), column + 1
    number = str(line + 1)
    text, column, most = _near(text, column)
    width = max(1, min(span.end - span.start, most - column))
    pad = " " * len(number)
    tabbed = "".join("\t" if character == "\t" else " " for character in text[:column])
    click.echo(f"{pad}--> {_named(source)}:{line + 1}:{place}", err=True)
    click.echo(f"{pad} |", err=True)
    click.echo(f"{number} | {text}", err=True)
    click.echo(f"{pad} | {tabbed}{click.style('^' * width, fg='red')}", err=True)


def _near(text: str, column: int) -> tuple[str, int, int]:
    """Return what is shown of a line, where a column is in that, and where carets end."""
    if len(text) <= _LONGEST:
        return text, column, len(text)
    start = max(0, min(column - _LONGEST // 3, len(text) - _LONGEST))
    shown = text[start : start + _LONGEST]
    before, behind = "…" if start else "", "…" if start + _LONGEST < len(text) else ""
    return f"{before}{shown}{behind}", column - start + len(before), len(before) + len(shown)


def _named(source: SourceText) -> str:
    """Return where a text stands, from the working folder if it is below that."""
    if source.path is None:
        return "program"
    here, path = Path.cwd(), Path(source.path)
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def show_diagnostic(found: Diagnostic, source: SourceText, more_cures: Sequence[str] = ()) -> None:
    """Write a diagnostic about a text, with the places and cures that belong to it."""
    title = click.style(f"{found.severity}[{found.code}]", fg=_COLOURS[found.severity], bold=True)
    click.echo(f"{title}: {found.message}", err=True)
    show_place(source, found.span)
    for related in found.related:
        where = f"{related.path}: " if related.path else ""
        click.echo(f"  note: {where}{related.message}", err=True)
        if related.path is None:
            show_place(source, related.span)
    for cure in (*(fix.title for fix in found.fixes), *more_cures):
        click.echo(f"  cure: {cure}", err=True)
    click.echo(err=True)
