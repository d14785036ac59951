"""Tables for people: aligned columns on standard output. Knows nothing of what is in them."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 200  # columns where output goes to a file or to another program


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below their titles; columns whose title begins with ``>`` end at the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in columns:
        right = title.startswith(">")
        table.add_column(title.removeprefix(">"), justify="right" if right else "left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _print(table)


def print_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and what they are, one a line."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(Text(name), Text(text))
    _print(table)


def moment(seconds: float) -> str:
    """Return a moment, in seconds since 1970, as local date and time."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _print(table: Table) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
