"""A run as the object that ``run --json`` prints and the language server answers with."""

from dataclasses import asdict
from typing import TypedDict

from voxlogica_core.engine.goals import GoalResult
from voxlogica_core.engine.outcome import Counts
from voxlogica_core.engine.run import Run
from voxlogica_core.values.written import json_able

VERSION = 1


class RunObject(TypedDict):
    """Goals in source order, how many nodes ended how, findings about the text, seconds."""

    version: int
    goals: list[dict[str, object]]
    nodes: dict[str, int]
    diagnostics: list[dict[str, object]]
    seconds: float


def run_object(run: Run | None, diagnostics: list[dict[str, object]]) -> RunObject:
    """Return a run as a JSON object; None: errors stood in the way and nothing ran."""
    return {
        "version": VERSION,
        "goals": [goal_object(result) for result in (run.results if run else [])],
        "nodes": asdict(run.counts if run else Counts()),
        "diagnostics": diagnostics,
        "seconds": round(run.seconds, 6) if run else 0.0,
    }


def goal_object(result: GoalResult) -> dict[str, object]:
    """Return one goal as a JSON object; ``failed`` only where some items of a sequence are null."""
    goal: dict[str, object] = {
        "kind": result.kind,
        "label": result.label,
        "value": json_able(result.value),
        "node": result.node,
        "outcome": result.outcome,
        "message": result.message,
    }
    if result.failed:
        goal["failed"] = [
            {"item": list(item.place), "node": item.node, "message": item.message}
            for item in result.failed
        ]
    return goal
