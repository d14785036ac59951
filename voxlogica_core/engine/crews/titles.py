"""What tasks and nodes are called where people look at them; no id hangs on it."""

from collections.abc import Mapping

from voxlogica_core.engine.demand.structure import name_of
from voxlogica_core.engine.steps.operand import Items, Operand, leaves
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.step import Compute, Task
from voxlogica_core.plan.node import Literal, NodeId
from voxlogica_core.plan.plan import Plan

LONGEST = 40
"""Characters of a label that are shown: more would fill Dask's pages."""


def labels_of(plan: Plan) -> Mapping[NodeId, str]:
    """Return what nodes are called in the program: by a declaration, else by a goal."""
    names: dict[NodeId, str] = {}
    for goal in plan.goals:
        label = plan.nodes.get(goal.label) if goal.label else None
        if goal.value and isinstance(label, Literal):  # otherwise a run computes it
            names[goal.value] = str(label.value)
    return names | {node: name for name, node in plan.declarations.items()}


def labels_of_items(
    labels: Mapping[NodeId, str], operands: Mapping[NodeId, Operand]
) -> Mapping[NodeId, str]:
    """Return labels for the items of sequences that have one.

    Parameters
    ----------
    operands
        How values are put together.
    """
    return {
        item: label
        for node, label in labels.items()
        if isinstance(operand := operands.get(node), Items)
        for item in leaves((operand,))
        if item not in labels
    }


def titled(task: Task, labels: Mapping[NodeId, str]) -> str:
    """Return what Dask's pages call a task: its last node that has a label, and what computes it.

    Where none has one, what computes the last of all. Dask groups tasks by what stands before the
    first ``-``, so there is none in it.
    """
    made = [
        (step.id, name_of(step.node)) if isinstance(step, Compute) else (step.loop, "for")
        for step in task.steps
        if isinstance(step, Compute | Partition)
    ]
    if not made:
        return "fetch"
    for node, primitive in reversed(made):
        if node in labels:
            return f"{primitive} {_bounded(labels[node])}"
    return made[-1][1]


def _bounded(label: str) -> str:
    """Return a label that is short, stands on one line and has no ``-``."""
    words = " ".join(label.replace("-", "_").split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
