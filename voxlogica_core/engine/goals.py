"""Goals of a run: single ones and one for each item, and how each ended. Computes no value."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Literal

from voxlogica_core.engine.outcome import Blocked, Cancelled, Trouble
from voxlogica_core.engine.structure import Structure
from voxlogica_core.plan.goal import Goal, GoalKind
from voxlogica_core.plan.node import Literal as NodeLiteral
from voxlogica_core.plan.node import NodeId, Read, inputs_of
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.table import NodeTable
from voxlogica_core.store.record import Value
from voxlogica_core.values.versions import installed_version

GoalOutcome = Literal["done", "failed", "blocked", "cancelled"]


@dataclass(frozen=True, slots=True)
class GoalResult:
    """How a goal ended, in the words of ``run --json``.

    Parameters
    ----------
    label
        None when it could not be computed.
    value
        Of a print, without voxels; of a save, the path.
    node
        The node whose value was asked for, None where an error stands before it.
    message
        Why there is no value, else empty.
    """

    kind: GoalKind | Literal["keep"]
    label: str | None
    value: Value
    node: NodeId | None
    outcome: GoalOutcome
    message: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal, or what it asks for one item.

    Parameters
    ----------
    place
        Number of the goal, and of the item.
    is_whole
        Whether it may still turn out to be one wish an item.
    """

    place: tuple[int, int]
    kind: GoalKind | Literal["keep"]
    label: NodeId
    value: NodeId
    is_whole: bool = True

    @property
    def name(self) -> NodeId:
        """Return an id for the step that fulfils it; no node has it."""
        return NodeId(f"goal {self.place[0]} {self.place[1]}")


def wishes(goals: Sequence[Goal], targets: Sequence[NodeId]) -> list[Wish]:
    """Return a wish for each goal without errors, and one to keep each other node asked for."""
    asked = [
        Wish((index, 0), goal.kind, goal.label, goal.value)
        for index, goal in enumerate(goals)
        if goal.label is not None and goal.value is not None
    ]
    numbered = enumerate(targets, len(goals))
    return [*asked, *(Wish((i, 0), "keep", n, n, is_whole=False) for i, n in numbered)]


def refused(plan: Plan, goals: Sequence[Goal]) -> dict[tuple[int, int], GoalResult]:
    """Return how those goals end that an error in the program stands before."""
    return {
        (index, 0): GoalResult(
            goal.kind, _text(plan, goal.label), None, goal.value, "blocked", goal.problem
        )
        for index, goal in enumerate(goals)
        if goal.label is None or goal.value is None
    }


def split(wish: Wish, structure: Structure) -> list[Wish] | str | None:
    """Return one wish an item where the label is a sequence.

    A text says why that cannot be; None: it is not known yet.
    """
    if not wish.is_whole or not structure.table.kind(wish.label).item:
        return [wish]
    if not structure.table.kind(wish.value).item:
        return "the label is a sequence of texts, so the value must be a sequence too"
    labels, values = structure.items(wish.label), structure.items(wish.value)
    if labels is None or values is None:
        return None
    if len(labels) != len(values):
        return f"there are {len(labels)} labels for {len(values)} values: one each is wanted"
    pairs = enumerate(zip(labels, values, strict=True))
    return [
        Wish((wish.place[0], index), wish.kind, label, value, is_whole=False)
        for index, (label, value) in pairs
    ]


def resolved(label: str, folder: Path) -> str:
    """Return the path that a save with this label writes."""
    return str(folder / Path(label).expanduser())


def told(
    wish: Wish,
    label: Value,
    trouble: Trouble,
    troubles: Mapping[NodeId, Trouble],
    asked: Sequence[NodeId],
) -> GoalResult:
    """Return how a wish ended that has no value.

    Parameters
    ----------
    troubles
        Of the run's nodes: what failed says why.
    asked
        The nodes that are the value itself, whatever it is called.
    """
    text = label if isinstance(label, str) else None
    match trouble:
        case Blocked(by):
            cause = troubles.get(by)
            message = getattr(cause, "message", "")
            outcome: GoalOutcome = "failed" if by in asked else "blocked"
        case Cancelled():
            message, outcome = "the run was cancelled", "cancelled"
        case _:
            message, outcome = trouble.message, "failed"
    return GoalResult(wish.kind, text, None, wish.value, outcome, message)


def side_text(wish: Wish, plan: Plan, table: NodeTable, primitives: Sequence[str]) -> str:
    """Return the text that says where a saved image comes from: no folders, no names of people.

    Parameters
    ----------
    primitives
        Libraries whose versions are told.
    """
    inputs = [node for node in _below(wish.value, table) if isinstance(node, Read)]
    return json.dumps(
        {
            "version": 1,
            "node": wish.value,
            "program": program_digest(plan),
            "inputs": [
                {"file": PurePath(plan.sources.get(node.id, "")).name, "sha256": node.digest}
                for node in inputs
            ],
            "versions": {name: installed_version(name) for name in ("voxlogica", *primitives)},
            "note": "for research use, not a medical device",
        },
        indent=2,
    )


def program_digest(plan: Plan) -> str:
    """Return the digest of what a program asks for, equal however it is written."""
    asked = "".join(f"{g.kind} {g.label} {g.value}\n" for g in plan.goals)
    return sha256(asked.encode()).hexdigest()


def _below(root: NodeId, table: NodeTable) -> list[object]:
    seen = {root: None}
    stack = [root]
    while stack:
        for child in inputs_of(table[stack.pop()]):
            if child not in seen:
                seen[child] = None
                stack.append(child)
    return [table[node] for node in seen]


def _text(plan: Plan, label: NodeId | None) -> str | None:
    found = plan.nodes[label] if label else None
    return str(found.value) if isinstance(found, NodeLiteral) else None
