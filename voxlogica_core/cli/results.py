"""What runs have to say: values on standard output, failures on standard error."""

import json
from collections.abc import Mapping, Sequence

import click

from voxlogica_core.cli import exits
from voxlogica_core.cli.outlet import ERRORS, Line, Outlet
from voxlogica_core.cli.show import show_diagnostic, show_place
from voxlogica_core.cli.stopping import kept
from voxlogica_core.engine.goals import GoalResult, numbered
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.report import VERSION, RunObject, run_object
from voxlogica_core.engine.run import Run
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.findings import input_changes
from voxlogica_core.ide.report import diagnostic_objects
from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.reduction.reading import DECODER
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.written import written

_SHOWN_ITEMS = 20
"""Failed items of a sequence that are told one by one."""


class Account:
    """What is told of one program: each thing once, whatever crashes.

    Parameters
    ----------
    outlet
        Where its values go.
    number
        Which of the programs of a command it is.
    before
        What its lines begin with.
    """

    def __init__(
        self, analysis: Analysis, outlet: Outlet, number: int = 0, before: str = ""
    ) -> None:
        self._analysis = analysis
        self._outlet = outlet
        self._number = number
        self._before = before

    def tell(self, results: Mapping[tuple[int, int], GoalResult]) -> None:
        """Write values of goals that have ended, and which of them have none.

        Parameters
        ----------
        results
            By number of the goal and of the item it is for, in source order.
        """
        lines: list[Line] = []
        for place, result in results.items():
            label, key = result.label or "?", f"{self._number} {place}"
            if result.kind == "print" and (result.outcome == "done" or result.failed):
                lines.append(Line(key, f"{self._before}{label}={written(result.value)}\n"))
            if result.outcome != "done":
                words = f"{self._before}{result.outcome}: {result.kind} {label}"
                lines.append(Line(f"{key} without", _failure(result, words), ERRORS))
        self._outlet.tell(lines)

    def close(self, run: Run, *, quiet: bool) -> None:
        """Write what is wrong and where, and how much was computed."""
        key = f"{self._number} closed"
        if self._outlet.has_told(key):
            return
        analysis = self._analysis
        for found in input_changes(analysis, run.changed):
            show_diagnostic(found, analysis.source)
        for node, outcome in run.outcomes.items():
            place = analysis.plan.places.get(node)
            if isinstance(outcome, Failed) and place is not None:
                _show_failed_node(outcome, place, analysis.source)
        if not quiet:
            show_summary(run, self._before)
        self._outlet.tell([Line(key, "")])


def concluded(
    programs: Sequence[Analysis],
    files: Sequence[str],
    runs: Sequence[Run],
    outlet: Outlet,
    *,
    as_json: bool,
) -> int:
    """Print what is printed in the end and return the exit code: the worst of the runs.

    Parameters
    ----------
    runs
        One a program; fewer when the last was cancelled, none if errors stood in the way.

    Raises
    ------
    OSError
        Values could not be written.
    """
    if as_json:
        ended = [*runs, *[None] * (len(programs) - len(runs))]
        objects = [_object(run, program) for run, program in zip(ended, programs, strict=True)]
        named = [{"file": file, **found} for file, found in zip(files, objects, strict=True)]
        several = {"version": VERSION, "programs": named}
        click.echo(json.dumps(objects[0] if len(objects) == 1 else several))
    outlet.check()
    return max((exit_code(run) for run in runs), default=exits.ERRORS)


def _object(run: Run | None, analysis: Analysis) -> RunObject:
    changes = input_changes(analysis, run.changed) if run else []
    found = diagnostic_objects([*analysis.diagnostics, *changes], analysis.source)
    return run_object(run, found)


def _show_failed_node(outcome: Failed, place: Place, source: SourceText) -> None:
    argument = f", argument `{outcome.argument}`" if outcome.argument else ""
    name = "load" if outcome.primitive == DECODER else outcome.primitive
    click.echo(f"`{name}` failed{argument}: {outcome.message}", err=True)
    span = place.call if place.path is not None and place.call else place.span
    if place.path is not None and place.call is None:
        source = SourceText(_text(place.path), place.path)
    show_place(source, span)


def _failure(result: GoalResult, words: str) -> str:
    """Return the lines that tell why a goal has no value, or not all of it."""
    title = click.style(words, fg="red", bold=True)
    if not result.failed:
        return f"{title}: {result.message}\n"
    number = len(result.failed)
    have = "item has" if number == 1 else "items have"
    lines = [
        f"{title}: {number} {have} no value",
        *(f"  item {numbered(i.place)}: {i.message}" for i in result.failed[:_SHOWN_ITEMS]),
    ]
    if number > _SHOWN_ITEMS:
        lines.append(f"  and {number - _SHOWN_ITEMS} more: --json tells all")
    return "".join(f"{line}\n" for line in lines)


def show_summary(run: Run, before: str) -> None:
    """Say how much was computed and how much was known, or that nothing was asked for."""
    if not run.results:
        nothing = "nothing to run: a program asks for values with print or save"
        click.echo(f"{before}{nothing}", err=True)
        return
    counts = run.counts
    words = [f"{counts.computed} computed", f"{counts.reused} reused"]
    if counts.rematerialised:
        words.append(f"{counts.rematerialised} made again")
    if counts.failed or counts.blocked:
        words.append(f"{counts.failed} failed, {counts.blocked} blocked")
    if run.cancelled:
        words.append(f"cancelled: {kept(counts)}")
    click.echo(f"{before}nodes: {', '.join(words)}; {run.seconds:.2f} s", err=True)


def exit_code(run: Run) -> int:
    """Return the exit code of a run: the worst that happened to a goal."""
    if run.cancelled:
        return exits.CANCELLED
    fine = all(result.outcome == "done" for result in run.results)
    return exits.DONE if fine else exits.FAILED


def _text(path: str) -> str:
    with open(path, encoding="utf-8-sig") as file:
        return file.read()
