"""Status: one word for what is known of a node. A function of what is there, stored nowhere."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal as OneOf

from voxlogica_core.engine.steps.step import Fetch, leaves
from voxlogica_core.ide.status.foresight import Foresight, Inside, Lookup
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Fold,
    Literal,
    Loop,
    Node,
    NodeId,
    inputs_of,
    is_closed,
)
from voxlogica_core.plan.plan import Plan
from voxlogica_core.store.record import Record

Status = OneOf[
    "kept",
    "known",
    "to do",
    "reading input",
    "queued",
    "running",
    "failed",
    "blocked",
    "not needed",
    "unknown",
]
"""``known``: it ran before, its value is made again when needed; ``not needed``: no goal asks for
it; ``unknown``: it has no id of its own, such as the inside of a loop and what hangs on a path that
only a run can tell."""

SIGNS: Mapping[Status, str] = {
    "kept": "✓",
    "known": "✓",
    "to do": "○",
    "reading input": "…",
    "queued": "◔",
    "running": "◑",
    "failed": "✗",
    "blocked": "✗",
    "not needed": "–",
    "unknown": "–",
}
"""A sign for each, for where there is little room."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What runs do, and how the last one ended for whom it did not end well.

    Parameters
    ----------
    failed
        Why, by node.
    blocked
        Nodes that need a failed one.
    """

    queued: frozenset[NodeId] = frozenset()
    running: frozenset[NodeId] = frozenset()
    failed: Mapping[NodeId, str] = field(default_factory=dict[NodeId, str])
    blocked: frozenset[NodeId] = frozenset()


NOTHING = Activity()
"""No run, and none before."""

_CHOOSING = frozenset({"default.index", "default.slice", "vox1.ifB", "vox1.ifN"})


@dataclass(frozen=True, slots=True)
class Demanded:
    """What a run would need now.

    Parameters
    ----------
    nodes
        Those without a value; whatever is in here counts as demanded.
    at_hand
        Those that need no kernel, as all they are made of is at hand.
    """

    nodes: frozenset[NodeId] = frozenset()
    at_hand: frozenset[NodeId] = frozenset()

    def __contains__(self, node: object) -> bool:
        return node in self.nodes


def status(
    node: Node | None,
    *,
    nodes: Mapping[NodeId, Node],
    records: Mapping[NodeId, Record],
    activity: Activity,
    demanded: Demanded | AbstractSet[NodeId],
    deferred: AbstractSet[NodeId] = frozenset(),
) -> Status:
    """Return the status of a node.

    Parameters
    ----------
    node
        None where the expression has none yet.
    nodes
        Where the items of a list are found.
    records
        What the store knows.
    demanded
        Nodes that a run would need now; see `demand`.
    deferred
        Nodes that hang on a path which only a run can tell: their ids are not final.
    """
    if node is None or not is_closed(node):
        return "unknown"
    if node.id in activity.running:
        return "running"
    if node.id in activity.failed:
        return "failed"
    if node.id in activity.blocked:
        return "blocked"
    if node.id in activity.queued:
        return "queued"
    if node.id in deferred:
        return "unknown"
    is_at_hand = isinstance(demanded, Demanded) and node.id in demanded.at_hand
    if is_at_hand or _has_value(node, nodes, records):
        return "kept"
    if node.id in records:
        return "known"
    return "to do" if node.id in demanded else "not needed"


def statuses(
    plan: Plan,
    records: Mapping[NodeId, Record],
    activity: Activity = NOTHING,
    inside: Inside | None = None,
) -> dict[NodeId, Status]:
    """Return the status of every node of a plan."""
    demanded = demand(plan, records, inside)
    return {
        name: status(
            node,
            nodes=plan.nodes,
            records=records,
            activity=activity,
            demanded=demanded,
            deferred=plan.deferred,
        )
        for name, node in plan.nodes.items()
    }


def demand(plan: Plan, records: Mapping[NodeId, Record], inside: Inside | None = None) -> Demanded:
    """Return the nodes a run would need: from the goals down to what is kept.

    Parameters
    ----------
    inside
        Finds what is known of the items of loops. Without it a loop is taken to need all that its
        body holds; so is one that is very long.
    """
    goals = [n for goal in plan.goals for n in (goal.label, goal.value) if n is not None]
    if inside is None or not any(map(_is_assembled, plan.nodes.values())):
        return Demanded(_walked(plan, goals, records))
    ahead = Foresight(plan, inside.catalogue, _both(plan, records, inside))
    found = ahead.demand(list(dict.fromkeys(goals)))
    there = {step.id for step in found.steps if isinstance(step, Fetch)} | set(found.given)
    at_hand = {
        name
        for name, operand in found.operands.items()
        if operand != name and there.issuperset(leaves((operand,)))
    }
    long = ahead.long.keys() & found.operands.keys() - there
    inner = [n for name in long for n in inputs_of(plan.nodes[name])]
    to_do = (found.operands.keys() | found.pending) - there - at_hand
    return Demanded(frozenset(to_do) | _walked(plan, inner, records), frozenset(at_hand))


def _walked(
    plan: Plan, begin: Iterable[NodeId], records: Mapping[NodeId, Record]
) -> frozenset[NodeId]:
    found: set[NodeId] = set()
    stack, nodes = list(begin), dict(plan.nodes.items())
    while stack:
        node = stack.pop()
        if node in found or _is_kept(node, records):
            continue
        found.add(node)
        stack += inputs_of(nodes[node])
    return frozenset(found)


def _both(plan: Plan, records: Mapping[NodeId, Record], inside: Inside) -> Lookup:
    """Return a look-up of what is in `records` already, and of the items of loops."""

    def lookup(ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        wanted = list(ids)
        found = {node: records[node] for node in wanted if node in records}
        others = [node for node in wanted if node not in plan.nodes]
        return found | inside.lookup(others) if others else found

    return lookup


def _is_assembled(node: Node) -> bool:
    """Return whether no kernel makes a node: it is made of items, or one of other nodes."""
    return isinstance(node, Loop | Fold | Array) or (
        type(node) is Apply and node.primitive in _CHOOSING
    )


def _has_value(
    node: Node | None, nodes: Mapping[NodeId, Node], records: Mapping[NodeId, Record]
) -> bool:
    """Return whether a value is at hand; that of a list is those of its items."""
    match node:
        case None:
            return False
        case Literal():
            return True
        case Array(items=items) if all(_has_value(nodes.get(n), nodes, records) for n in items):
            return True
        case _:
            return _is_kept(node.id, records)


def _is_kept(node: NodeId, records: Mapping[NodeId, Record]) -> bool:
    record = records.get(node)
    return record is not None and record.is_kept
