"""``voxlogica check``: errors, warnings and hints of programs; runs nothing."""

import json
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.programs import analysed
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.ide.report import VERSION, diagnostic_objects
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.syntax.lexis import Dialect


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@options.dialect
def command(files: tuple[str, ...], dialect: Dialect | None, *, as_json: bool) -> int:
    """Look for errors in programs without running anything.

    Exits with 0 when no error was found and with 2 when there is one.
    """
    objects: list[dict[str, object]] = []
    errors = 0
    for file in files:
        analysis = analysed(file, catalogue_for(Path(file).parent), dialect=dialect)
        errors += sum(d.severity == "error" for d in analysis.diagnostics)
        objects += diagnostic_objects(analysis.diagnostics, analysis.source)
        if not as_json:
            show_diagnostics(analysis, everything=True)
    if as_json:
        click.echo(json.dumps({"version": VERSION, "diagnostics": objects}))
    elif not errors:
        noun = "program" if len(files) == 1 else "programs"
        click.echo(f"{len(files)} {noun} checked, no errors", err=True)
    return exits.ERRORS if errors else exits.DONE
