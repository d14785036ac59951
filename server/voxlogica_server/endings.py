"""How runs ended, for the asker and for the editor, also where the runner could not tell."""

import time
from collections.abc import Mapping

from voxlogica_core.errors import EngineError
from voxlogica_core.ide.status.choice import Choice
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.plan.node import Literal, NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_server.runner.messages import Broken, Ended
from voxlogica_server.runner.order import Crashed, Ending, Stopped
from voxlogica_server.runner.tally import Tally

CRASHED = (
    "the process that should compute this has ended three times while it computed nothing; what is "
    "done is kept, and the log has more"
)
STOPPED = "the run was cancelled"


def result_of(ending: Ending, plan: Plan, choice: Choice, tally: Tally) -> Mapping[str, object]:
    """Return the object of ``run --json``.

    Raises
    ------
    EngineError
        The run could not be carried out.
    """
    match ending:
        case Ended(result=result):
            return {**result, "crashes": tally.crashes, "restarted": tally.restarted}
        case Broken(message=message):
            raise EngineError(message)
        case Crashed():
            return _unfinished(plan, choice, tally, "failed", CRASHED)
        case Stopped():
            return _unfinished(plan, choice, tally, "cancelled", STOPPED)


def activity_after(ending: Ending | None, choice: Choice) -> Activity:
    """Return what a run leaves to be shown: what failed, and what waits for it."""
    match ending:
        case Ended(failed=failed, blocked=blocked):
            reasons = {NodeId(node): reason for node, reason in failed.items()}
            return Activity(failed=reasons, blocked=frozenset(NodeId(node) for node in blocked))
        case Crashed():
            return Activity(failed=dict.fromkeys(choice.nodes, CRASHED))
        case _:
            return NOTHING


def _unfinished(
    plan: Plan, choice: Choice, tally: Tally, outcome: str, message: str
) -> Mapping[str, object]:
    labels = [plan.nodes[goal.label] if goal.label else None for goal in choice.goals]
    goals = [
        {
            "kind": goal.kind,
            "label": label.value if isinstance(label, Literal) else None,
            "value": None,
            "node": goal.value,
            "outcome": outcome,
            "message": message,
        }
        for goal, label in zip(choice.goals, labels, strict=True)
    ]
    counts = {"computed": tally.finished - tally.reused, "reused": tally.reused}
    return {
        "version": 1,
        "goals": goals,
        "nodes": counts | {"rematerialised": 0, "failed": 0, "blocked": 0},
        "diagnostics": [],
        "seconds": round(time.monotonic() - tally.begun, 6),
        "crashes": tally.crashes,
        "restarted": tally.restarted,
    }
