"""Status: one word for what is known of a node. A function of what is there, stored nowhere."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal as OneOf

from voxlogica_core.engine.steps.step import Fetch, leaves
from voxlogica_core.ide.status.foresight import Foresight, Inside, Lookup, looked_into
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Literal,
    Node,
    NodeId,
    Read,
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


def demand(
    plan: Plan,
    records: Mapping[NodeId, Record],
    inside: Inside | None = None,
    nodes: Mapping[NodeId, Node] | None = None,
) -> Demanded:
    """Return the nodes a run would need: from the goals down to what is kept.

    What plain kernels make is walked over here; all below the rest is left to the engine.

    Parameters
    ----------
    inside
        Finds what is known of the items of loops. Without it a loop is taken to need all that its
        body holds; so is one that is very long.
    nodes
        All that goals are made of, where somebody has gathered just that.
    """
    nodes = dict(plan.nodes.items()) if nodes is None else nodes
    goals = [n for goal in plan.goals for n in (goal.label, goal.value) if n is not None]
    if inside is None:
        return Demanded(frozenset(_walked(nodes, goals, records)[0]))
    apart = looked_into(inside.catalogue)
    plain, others = _walked(nodes, goals, records, apart, plan.deferred)
    if not others:
        return Demanded(frozenset(plain))
    ahead = Foresight(plan, inside.catalogue, _both(nodes, records, inside), nodes)
    found = ahead.demand(sorted(others))
    there = {step.id for step in found.steps if isinstance(step, Fetch)} | set(found.given)
    at_hand = {
        name
        for name, operand in found.operands.items()
        if operand != name and there.issuperset(leaves((operand,)))
    }
    long = ahead.long.keys() & found.operands.keys() - there
    inner = [n for name in long for n in inputs_of(nodes[name])]
    to_do = (plain | found.operands.keys() | found.pending) - there - at_hand
    return Demanded(frozenset(to_do | _walked(nodes, inner, records)[0]), frozenset(at_hand))


def _walked(
    nodes: Mapping[NodeId, Node],
    begin: Iterable[NodeId],
    records: Mapping[NodeId, Record],
    apart: AbstractSet[str] | None = None,
    deferred: AbstractSet[NodeId] = frozenset(),
) -> tuple[set[NodeId], set[NodeId]]:
    """Return what is found on the way down to what is kept, and the others where the walk ended.

    Parameters
    ----------
    apart, deferred
        Primitives and nodes where it ends, as it does at loops; None: it ends nowhere.
    """
    kept = {name for name, record in records.items() if record.is_kept}
    found: set[NodeId] = set()
    others: set[NodeId] = set()
    stack = list(begin)
    while stack:
        name = stack.pop()
        if name in found or name in kept:
            continue
        node = nodes[name]
        if apart is None:
            found.add(name)
            stack += inputs_of(node)
        elif type(node) is Apply and node.primitive not in apart and name not in deferred:
            found.add(name)
            stack += node.inputs
        elif isinstance(node, Literal | Read) and name not in deferred:
            found.add(name)
        else:
            others.add(name)
    return found, others


def _both(nodes: Mapping[NodeId, Node], records: Mapping[NodeId, Record], inside: Inside) -> Lookup:
    """Return a look-up of what is in `records` already, and of the items of loops."""

    def lookup(ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        wanted = list(ids)
        found = {node: records[node] for node in wanted if node in records}
        others = [node for node in wanted if node not in nodes]
        return found | inside.lookup(others) if others else found

    return lookup


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
