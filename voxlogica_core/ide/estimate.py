"""What a run would cost now: how many nodes, how long. From figures and records; runs nothing."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeGuard

from voxlogica_core.engine.cost import Costs
from voxlogica_core.engine.step import Compute, Fetch
from voxlogica_core.ide.memory import Memory
from voxlogica_core.ide.status import demand
from voxlogica_core.plan.node import (
    Apply,
    Fold,
    Loop,
    Node,
    NodeId,
    Read,
    inputs_of,
    is_closed,
)
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.store.record import Record


@dataclass(frozen=True, slots=True)
class Estimate:
    """The price of a run.

    Parameters
    ----------
    compute
        Nodes whose values must be made.
    reused
        Kept nodes whose values that takes, or that a goal asks for.
    seconds
        Expected work of one thread. The inside of a loop counts once: how often it goes round is
        known only to the run.
    """

    compute: int
    reused: int
    seconds: float


def estimate(plan: Plan, memory: Memory, primitives: Mapping[str, Primitive]) -> Estimate:
    """Return what reaching all goals of a plan would cost, given what is known."""
    records = memory.lookup(plan.nodes)
    demanded = demand(plan, records)
    made = [
        node
        for name in demanded
        if isinstance(node := plan.nodes[name], Apply | Read | Loop | Fold) and is_closed(node)
    ]
    steps = list(_steps(plan, demanded, records, primitives))
    reused = sum(isinstance(step, Fetch) for step in steps)
    return Estimate(len(made), reused, round(sum(Costs(primitives).seconds(steps)), 6))


def _used(
    plan: Plan, demanded: AbstractSet[NodeId], records: Mapping[NodeId, Record]
) -> dict[NodeId, Record]:
    """Return the records of the kept nodes that goals and demanded nodes ask for."""
    asked = [n for goal in plan.goals for n in (goal.label, goal.value) if n is not None]
    asked += [given for name in demanded for given in inputs_of(plan.nodes[name])]
    return {n: records[n] for n in asked if n in records and records[n].is_kept}


def _steps(
    plan: Plan,
    demanded: AbstractSet[NodeId],
    records: Mapping[NodeId, Record],
    primitives: Mapping[str, Primitive],
) -> Iterator[Compute | Fetch]:
    """Yield what a run would do, inputs first; what has no kernel costs nothing."""
    used = _used(plan, demanded, records)
    for name, node in plan.nodes.items():
        if name in used:
            yield Fetch(name, used[name])
        elif name in demanded and _has_kernel(node, primitives):
            yield Compute(name, node, inputs_of(node), record=records.get(name))


def _has_kernel(node: Node, primitives: Mapping[str, Primitive]) -> TypeGuard[Apply | Read]:
    return isinstance(node, Read) or (isinstance(node, Apply) and node.primitive in primitives)
