"""``voxlogica why``: says why a value of a program is to be computed. Computes nothing."""

import json
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.configured import Configured
from voxlogica_core.cli.programs import analysed, decoded, program_bytes
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.errors import FileError, UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.reasons import node_asked, reason_object
from voxlogica_core.ide.forecast.why import why
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.ide.status.known import word_for
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.plan.node import Literal, Node, is_closed
from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.source_text import SourceText


@click.command(
    "why",
    cls=Configured,
    epilog=options.examples(
        "voxlogica why brain.imgql whiteMatter",
        "voxlogica why brain.imgql 12:5 --json",
    ),
)
@options.program
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a constant.")
@options.store
@options.dialect
def command(
    file: str,
    name: str,
    settings: tuple[str, ...],
    store: str | None,
    dialect: Dialect | None,
    *,
    as_json: bool,
) -> int:
    """Say why the value NAME of a program is to be computed.

    NAME is a declaration, the label of a goal, or a place such as 12:5 (line and column). The
    program is compared with the one that ran last; the first thing that differs is the cause.
    """
    catalogue = catalogue_for(Path(file).parent)
    analysis = analysed(file, catalogue, settings, None, dialect)
    show_diagnostics(analysis)
    title, node = _asked(analysis, name)
    reader = StoreReader(options.store_folder(store))
    try:
        told = _told(analysis, title, node, reader, catalogue)
    finally:
        reader.close()
    click.echo(json.dumps(told) if as_json else told["text"])
    return exits.ERRORS if analysis.errors else exits.DONE


def _told(
    analysis: Analysis, title: str, node: Node, reader: StoreReader, catalogue: Catalogue
) -> dict[str, object]:
    runs = Past(reader).runs(analysis.source.path or "")
    reason = why(analysis, node, reader, NOTHING, runs, catalogue)
    word = word_for(analysis, node, reader, NOTHING)

    def located(place: Place) -> object:
        source = _text_of(place.path) if place.path else analysis.source
        if source is None:
            return None
        start, end = source.position(place.span.start), source.position(place.span.end)
        return {"path": source.path, "start": _from_1(start), "end": _from_1(end)}

    return reason_object(analysis, title, reason, word, located)


def _asked(analysis: Analysis, name: str) -> tuple[str, Node]:
    plan = analysis.plan
    if name in plan.declarations:
        node = plan.nodes[plan.declarations[name]]
        if is_closed(node):
            return name, node
    for goal in plan.goals:
        label = plan.nodes.get(goal.label) if goal.label else None
        if goal.value and isinstance(label, Literal) and label.value == name:
            return name, plan.nodes[goal.value]
    line, colon, column = name.partition(":")
    if colon and line.isdecimal() and column.isdecimal():
        offset = analysis.source.offset(int(line) - 1, int(column) - 1)
        if (found := node_asked(analysis, offset)) is not None:
            return found
    known = [s.name.text for s in declarations(analysis) if s.name.text in plan.declarations]
    told = f"it has {', '.join(known[:20])}" if known else "it declares none"
    raise UsageError(f"a value of the program was wanted, {name!r} is none: {told}")


def _text_of(path: str) -> SourceText | None:
    """Return the text of a file, None if it cannot be read."""
    if not Path(path).exists():
        return None
    try:
        return SourceText(decoded(program_bytes(path), path), path)
    except (UsageError, FileError):
        return None


def _from_1(position: tuple[int, int]) -> dict[str, int]:
    line, column = position
    return {"line": line + 1, "column": column + 1}
