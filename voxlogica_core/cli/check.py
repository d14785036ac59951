"""``voxlogica check``: errors, warnings and hints of programs; runs nothing."""

import json

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.configured import Configured
from voxlogica_core.cli.programs import Reading
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.ide.report import VERSION, diagnostic_objects
from voxlogica_core.syntax.lexis import Dialect


@click.command(
    "check",
    cls=Configured,
    epilog=options.examples(
        "voxlogica check brain.imgql",
        "voxlogica check *.imgql --quiet",
        "voxlogica check brain.imgql --json",
        "generate | voxlogica check -",
    ),
)
@options.programs
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quiet", "-q", is_flag=True, help="Errors and warnings only, no summary.")
@options.dialect
def command(files: tuple[str, ...], dialect: Dialect | None, *, as_json: bool, quiet: bool) -> int:
    """Look for errors in programs without running anything; - reads standard input.

    Exits with 0 when no error was found and with 2 when there is one.
    """
    objects: list[dict[str, object]] = []
    errors = 0
    for analysis in Reading(files, dialect=dialect).all():
        errors += sum(d.severity == "error" for d in analysis.diagnostics)
        objects += diagnostic_objects(analysis.diagnostics, analysis.source)
        if not as_json:
            show_diagnostics(analysis, everything=not quiet)
    if as_json:
        click.echo(json.dumps({"version": VERSION, "diagnostics": objects}))
    elif not errors and not quiet:
        noun = "program" if len(files) == 1 else "programs"
        click.echo(f"{len(files)} {noun} checked, no errors", err=True)
    return exits.ERRORS if errors else exits.DONE
