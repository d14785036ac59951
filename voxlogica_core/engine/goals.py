"""Goals of a run: single ones and one for each item, and how each ended. Computes no value."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Literal

from voxlogica_core.engine.demand.structure import Structure
from voxlogica_core.engine.files import Printed
from voxlogica_core.engine.outcome import Blocked, Cancelled, Trouble
from voxlogica_core.plan.goal import Goal, GoalKind
from voxlogica_core.plan.node import Literal as NodeLiteral
from voxlogica_core.plan.node import NodeId, Read, inputs_of
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.plan import Plan
from voxlogica_core.values.versions import installed_version

GoalOutcome = Literal["done", "failed", "blocked", "cancelled"]


@dataclass(frozen=True, slots=True)
class FailedItem:
    """An item of a goal's sequence that has no value.

    Parameters
    ----------
    place
        Index from 0, one for each sequence within a sequence.
    node
        The node that failed.
    message
        Why.
    """

    place: tuple[int, ...]
    node: NodeId
    message: str


@dataclass(frozen=True, slots=True)
class GoalResult:
    """How a goal ended, in the words of ``run --json``.

    Parameters
    ----------
    label
        None when it could not be computed.
    value
        Of a print, without voxels; of a save, the path. Of a sequence of which some items failed,
        the others, with gaps. Of a node that is kept, nothing, as long as the store keeps it.
    node
        The node whose value was asked for, None where an error stands before it.
    message
        Why there is no value, else empty.
    failed
        The items that are gaps in the value.
    """

    kind: GoalKind | Literal["keep"]
    label: str | None
    value: Printed
    node: NodeId | None
    outcome: GoalOutcome
    message: str = ""
    failed: tuple[FailedItem, ...] = ()


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
    label: str | None,
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
    match trouble:
        case Blocked(by, place):
            message = f"{_item(place)}{_cause(by, troubles)}"
            outcome: GoalOutcome = "failed" if by in asked else "blocked"
        case Cancelled():
            message, outcome = "the run was cancelled", "cancelled"
        case _:
            message, outcome = trouble.message, "failed"
    return GoalResult(wish.kind, label, None, wish.value, outcome, message)


def told_in_part(
    wish: Wish,
    label: str | None,
    value: Printed,
    gaps: Sequence[Blocked],
    troubles: Mapping[NodeId, Trouble],
) -> GoalResult:
    """Return how a wish ended that has a value but for some items; see `told`."""
    failed = tuple(FailedItem(gap.place, gap.by, _cause(gap.by, troubles)) for gap in gaps)
    first = f"{_item(failed[0].place)}{failed[0].message}"
    rest = f", and {len(failed) - 1} more failed" if len(failed) > 1 else ""
    return GoalResult(wish.kind, label, value, wish.value, "failed", f"{first}{rest}", failed)


def numbered(place: Sequence[int]) -> str:
    """Return how people count an item of a sequence: from 1."""
    return ".".join(str(index + 1) for index in place)


def _item(place: Sequence[int]) -> str:
    return f"item {numbered(place)}: " if place else ""


def _cause(by: NodeId, troubles: Mapping[NodeId, Trouble]) -> str:
    return getattr(troubles.get(by), "message", "")


def side_text(
    value: NodeId,
    plan: Plan,
    sources: Mapping[NodeId, str],
    table: NodeTable,
    primitives: Sequence[str],
) -> str:
    """Return the text that says where a saved image comes from: no folders, no names of people.

    Parameters
    ----------
    sources
        Where its inputs are found.
    primitives
        Libraries whose versions are told.
    """
    inputs = [node for node in _below(value, table) if isinstance(node, Read)]
    return json.dumps(
        {
            "version": 1,
            "node": value,
            "program": program_digest(plan),
            "inputs": [
                {"file": PurePath(sources.get(node.id, "")).name, "sha256": node.digest}
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
