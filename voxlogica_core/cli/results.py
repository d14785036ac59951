"""What a run has to say: values on standard output, failures with their place on standard error."""

import json
from collections.abc import Sequence

import click

from voxlogica_core.cli import exits
from voxlogica_core.cli.show import show_diagnostic, show_place
from voxlogica_core.cli.stopping import kept
from voxlogica_core.engine.goals import GoalResult, numbered
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.report import VERSION, RunObject, run_object
from voxlogica_core.engine.run import Run
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.findings import input_changes
from voxlogica_core.ide.report import diagnostic_objects
from voxlogica_core.plan.reduction.reading import DECODER
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.written import written

_SHOWN_ITEMS = 20
"""Failed items of a sequence that are told one by one."""


def told(
    programs: Sequence[Analysis],
    files: Sequence[str],
    runs: Sequence[Run],
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Tell how runs ended and return the exit code: the worst of them.

    Parameters
    ----------
    runs
        One a program; fewer when the last was cancelled, none if errors stood in the way.
    """
    if as_json:
        ended = [*runs, *[None] * (len(programs) - len(runs))]
        objects = [_object(run, program) for run, program in zip(ended, programs, strict=True)]
        named = [{"file": file, **found} for file, found in zip(files, objects, strict=True)]
        several = {"version": VERSION, "programs": named}
        click.echo(json.dumps(objects[0] if len(objects) == 1 else several))
    else:
        for run, program, file in zip(runs, programs, files, strict=False):
            print_results(run, program, f"{file}:" if len(programs) > 1 else "")
            if not quiet:
                show_summary(run)
    return max((exit_code(run) for run in runs), default=exits.ERRORS)


def _object(run: Run | None, analysis: Analysis) -> RunObject:
    changes = input_changes(analysis, run.changed) if run else []
    found = diagnostic_objects([*analysis.diagnostics, *changes], analysis.source)
    return run_object(run, found)


def print_results(run: Run, analysis: Analysis, before: str = "") -> None:
    """Print the values of a run in source order, `before` each line; say what failed and where."""
    for result in run.results:
        label = result.label or "?"
        if result.kind == "print" and (result.outcome == "done" or result.failed):
            click.echo(f"{before}{label}={written(result.value)}")
        if result.outcome != "done":
            _show_failure(result, label)
    for found in input_changes(analysis, run.changed):
        show_diagnostic(found, analysis.source)
    for node, outcome in run.outcomes.items():
        place = analysis.plan.places.get(node)
        if isinstance(outcome, Failed) and place is not None:
            argument = f", argument `{outcome.argument}`" if outcome.argument else ""
            name = "load" if outcome.primitive == DECODER else outcome.primitive
            click.echo(f"`{name}` failed{argument}: {outcome.message}", err=True)
            span = place.call if place.path is not None and place.call else place.span
            source = analysis.source
            if place.path is not None and place.call is None:
                source = SourceText(_text(place.path), place.path)
            show_place(source, span)


def _show_failure(result: GoalResult, label: str) -> None:
    title = click.style(f"{result.outcome}: {result.kind} {label}", fg="red", bold=True)
    if not result.failed:
        click.echo(f"{title}: {result.message}", err=True)
        return
    number = len(result.failed)
    have = "item has" if number == 1 else "items have"
    click.echo(f"{title}: {number} {have} no value", err=True)
    for item in result.failed[:_SHOWN_ITEMS]:
        click.echo(f"  item {numbered(item.place)}: {item.message}", err=True)
    if number > _SHOWN_ITEMS:
        click.echo(f"  and {number - _SHOWN_ITEMS} more: --json tells all", err=True)


def show_summary(run: Run) -> None:
    """Say how much was computed and how much was known, or that nothing was asked for."""
    if not run.results:
        click.echo("nothing to run: a program asks for values with print or save", err=True)
        return
    counts = run.counts
    words = [f"{counts.computed} computed", f"{counts.reused} reused"]
    if counts.rematerialised:
        words.append(f"{counts.rematerialised} made again")
    if counts.failed or counts.blocked:
        words.append(f"{counts.failed} failed, {counts.blocked} blocked")
    if run.cancelled:
        words.append(f"cancelled: {kept(counts)}")
    click.echo(f"nodes: {', '.join(words)}; {run.seconds:.2f} s", err=True)


def exit_code(run: Run) -> int:
    """Return the exit code of a run: the worst that happened to a goal."""
    if run.cancelled:
        return exits.CANCELLED
    fine = all(result.outcome == "done" for result in run.results)
    return exits.DONE if fine else exits.FAILED


def _text(path: str) -> str:
    with open(path, encoding="utf-8-sig") as file:
        return file.read()
