"""``voxlogica run --dry-run``: what a run would compute, print and write. Does none of it."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from voxlogica_core.cli import exits
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.engine.goals import resolved
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.estimate import Estimate, estimate
from voxlogica_core.ide.report import diagnostic_objects
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Literal
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader

VERSION = 1
_NOWHERE = Path("/dev/null/no-store")


def tell(programs: Sequence[Analysis], folder: Path, store: Path | None, *, as_json: bool) -> int:
    """Say what runs of programs would do; return the exit code.

    Parameters
    ----------
    folder
        Where relative paths of saves begin.
    store
        Where what is known is kept; None: nothing is known.
    """
    for analysis in programs:
        show_diagnostics(analysis)
    if any(analysis.errors for analysis in programs):
        return exits.ERRORS
    reader = StoreReader(store or _NOWHERE)
    try:
        prices = [_price(analysis, reader) for analysis in programs]
    finally:
        reader.close()
    if as_json:
        objects = [_object(a, p, folder) for a, p in zip(programs, prices, strict=True)]
        click.echo(json.dumps({"version": VERSION, "programs": objects}))
        return exits.DONE
    here = f"{Path.cwd()}{os.sep}"
    for analysis, price in zip(programs, prices, strict=True):
        for goal in analysis.plan.goals:
            name = _named(analysis, goal, folder) or "what a run names"
            click.echo(f"would {goal.kind} {name.removeprefix(here)}")
        click.echo(price.text if price.total else "nothing to compute")
    return exits.DONE


def _price(analysis: Analysis, reader: StoreReader) -> Estimate:
    past = Past(reader)
    runs = past.runs(analysis.source.path or "")
    return estimate(analysis, reader, analysis.catalogue, runs, past.rates())


def _object(analysis: Analysis, price: Estimate, folder: Path) -> dict[str, object]:
    return {
        "file": analysis.source.path,
        "goals": list(_goals(analysis, folder)),
        "cost": price.to_object(),
        "diagnostics": diagnostic_objects(analysis.diagnostics, analysis.source),
    }


def _goals(analysis: Analysis, folder: Path) -> Iterator[dict[str, object]]:
    for goal in analysis.plan.goals:
        name = _named(analysis, goal, folder)
        yield {"kind": goal.kind, "label": name, "node": goal.value}


def _named(analysis: Analysis, goal: Goal, folder: Path) -> str | None:
    """Return the label of a print or the path of a save, None where only a run can tell it."""
    label = analysis.plan.nodes.get(goal.label) if goal.label else None
    if not isinstance(label, Literal):
        return None
    return resolved(str(label.value), folder) if goal.kind == "save" else str(label.value)
