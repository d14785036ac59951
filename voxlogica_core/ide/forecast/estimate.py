"""What a run would cost now: how many nodes, how long, how large. From history; runs nothing.

How many is what the engine itself would find out before it begins. How long is what each node took
before; for a node that never ran, what the node took that stood in its place, or what its primitive
took elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from voxlogica_core.engine.demand.demand import Demand
from voxlogica_core.engine.steps.cost import Costs
from voxlogica_core.engine.steps.step import Compute, Fetch
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.compare import paired
from voxlogica_core.ide.status.foresight import Foresight
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.wording import duration, size
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Literal,
    Loop,
    Node,
    NodeId,
    inputs_of,
    is_closed,
)
from voxlogica_core.plan.nodes import items
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.past import PastRun, Rate
from voxlogica_core.store.record import Record

_SAMPLE = 20
"""Items that stand for all those of a long loop."""


@dataclass(frozen=True, slots=True)
class Step:
    """What making one node is expected to cost."""

    node: NodeId
    seconds: float
    nbytes: int


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
        Expected work of one thread.
    nbytes
        Expected size of what is made, in memory.
    changed, total
        Nodes that goals need which the last run's program did not have, and all that goals need;
        `changed` is None where no run is remembered. The inside of a loop counts once.
    is_exact
        Whether `compute` and `reused` are exact; otherwise more is known when something has run, or
        a loop is so long that only some of its items were looked at.
    steps
        What makes up the sum, inputs first; without those of long loops.
    """

    compute: int
    reused: int
    seconds: float
    nbytes: int
    changed: int | None
    total: int
    is_exact: bool
    steps: tuple[Step, ...] = ()

    @property
    def text(self) -> str:
        """The price in a sentence's part, such as "this edit changes 4 of 61 nodes, about 12 s"."""
        if not self.compute and self.is_exact:
            known = f": all {self.total} nodes are known" if self.total else ""
            return f"nothing to compute{known}"
        about = f"about {duration(self.seconds)}"
        if self.changed:
            noun = "nodes" if self.total > 1 else "node"
            return f"this edit changes {self.changed} of {self.total} {noun}, {about}"
        least = "" if self.is_exact else "at least "
        noun = "node" if self.compute == 1 else "nodes"
        return f"{least}{self.compute} {noun} to compute, {self.reused} reused, {about}"

    def to_object(self) -> dict[str, object]:
        """Return the price as a JSON object."""
        return {
            "version": 1,
            "compute": self.compute,
            "reused": self.reused,
            "seconds": round(self.seconds, 6),
            "bytes": self.nbytes,
            "size": size(self.nbytes),
            "changed": self.changed,
            "total": self.total,
            "exact": self.is_exact,
            "text": self.text,
        }


def estimate(
    analysis: Analysis,
    memory: Memory,
    catalogue: Catalogue,
    runs: Sequence[PastRun] = (),
    rates: Mapping[str, Rate] | None = None,
) -> Estimate:
    """Return what reaching all goals of a program would cost, given what is known.

    Parameters
    ----------
    runs
        The last runs of this document, the newest first.
    rates
        How quick primitives were, by qualified name.
    """
    plan = analysis.plan
    counted = _Counted(plan, memory, catalogue)
    found = _computed_or_fetched(counted.demand)
    sample = _computed_or_fetched(counted.sample) if counted.sample else []
    changed = _changed(plan, runs)
    once = [step for step in sample if step.id in plan.nodes]
    steps = _likely(analysis, [*found, *once], memory, runs)
    prices = _prices(steps, catalogue, rates or {})
    inside = [step for step in _computed(sample) if step.id not in plan.nodes]
    more = _prices([*steps, *inside], catalogue, rates or {})[len(steps) :]
    share = counted.others / max(1, counted.looked_at)
    made = sum(isinstance(step, Compute) for step in steps)
    return Estimate(
        made + round(share * len(more)),
        len(counted.fetched),
        sum(price.seconds for price in prices) + share * sum(p.seconds for p in more),
        sum(price.nbytes for price in prices if price.node not in counted.fetched)
        + round(share * sum(p.nbytes for p in more)),
        changed,
        sum(1 for _ in _needed(plan)),
        not counted.demand.pending and not counted.others,
        tuple(price for price in prices if price.node not in counted.fetched),
    )


class _Counted:
    """What the engine would find out before it begins; long loops are looked at in part."""

    def __init__(self, plan: Plan, memory: Memory, catalogue: Catalogue) -> None:
        self._ahead = Foresight(plan, catalogue, memory.lookup)
        asked = [n for g in plan.goals for n in (g.label, g.value) if n is not None]
        asked = list(dict.fromkeys(asked))
        self.demand = self._ahead.demand(asked)
        fetched = {step.id for step in self.demand.steps if isinstance(step, Fetch)}
        self.fetched = fetched | set(self.demand.given) | self._ahead.answered.keys()
        self.others = self.looked_at = 0
        self.sample: Demand | None = self._sampled(asked) if self._ahead.long else None

    def _sampled(self, asked: Sequence[NodeId]) -> Demand:
        """Return what some items of the long loops ask for that somebody needs."""
        table, long = self._ahead.table, self._ahead.long
        needed = {given for step in self.demand.compute_steps() for given in inputs_of(step.node)}
        needed.update(asked)
        targets: list[NodeId] = []
        for name in sorted(long.keys() & needed):
            loop, count = table[name], long[name]
            if isinstance(loop, Loop) and not self._ahead.is_kept(name):
                self.others += count
                self.looked_at += _SAMPLE
                sources = items.items(table, loop.source) or []
                some = sources[:: max(1, count // _SAMPLE)][:_SAMPLE]
                targets += [table.instantiate(loop.body, (item,)) for item in some]
        shared = {step.id for step in self.demand.steps}
        return self._ahead.demand(list(dict.fromkeys(targets)), shared.__contains__)


def _changed(plan: Plan, runs: Sequence[PastRun]) -> int | None:
    last = next((s for run in runs if (s := run.graph.skeleton) is not None), None)
    return None if last is None else sum(name not in last.nodes for name in _needed(plan))


def _needed(plan: Plan) -> list[NodeId]:
    """Return the nodes that goals need and that are work: no literals, no lists."""
    found: dict[NodeId, Node] = {}
    stack = [n for g in plan.goals for n in (g.label, g.value) if n is not None]
    while stack:
        name = stack.pop()
        if name not in found:
            found[name] = node = plan.nodes[name]
            stack += inputs_of(node)
    return [n for n, node in found.items() if is_closed(node) and not _is_free(node)]


def _is_free(node: Node) -> bool:
    return type(node) is Literal or type(node) is Array


def _computed_or_fetched(found: Demand) -> list[Compute | Fetch]:
    return [step for step in found.steps if isinstance(step, Compute | Fetch)]


def _computed(steps: Sequence[Compute | Fetch]) -> list[Compute | Fetch]:
    return [step for step in steps if isinstance(step, Compute)]


def _likely(
    analysis: Analysis,
    steps: Sequence[Compute | Fetch],
    memory: Memory,
    runs: Sequence[PastRun],
) -> list[Compute | Fetch]:
    """Return steps with the records of what stood in their places, where they have none."""
    fresh = [s for s in steps if isinstance(s, Compute) and s.record is None]
    last = next((s for run in runs if (s := run.graph.skeleton) is not None), None)
    if not fresh or last is None:
        return list(steps)
    partner = paired(last, analysis.plan, analysis.nodes.get).partner
    pairs = {s.id: partner[s.id] for s in fresh if s.id in partner}
    records = memory.lookup(set(pairs.values()))
    found: list[Compute | Fetch] = []
    for step in steps:
        record = records.get(pairs.get(step.id, step.id))
        is_like = record is not None and isinstance(step, Compute) and _is_like(step, record)
        found.append(replace(step, record=record) if is_like else step)
    return found


def _is_like(step: Compute, record: Record) -> bool:
    """Return whether a record tells what a step will take: of the same primitive."""
    return not isinstance(step.node, Apply) or step.node.primitive == record.primitive


def _prices(
    steps: Sequence[Compute | Fetch], catalogue: Catalogue, rates: Mapping[str, Rate]
) -> list[Step]:
    learned = {name: rate.seconds for name, rate in rates.items()}
    costs = Costs(catalogue.primitives, learned)
    expected = costs.seconds(steps)
    others: list[list[float]] = []
    if any(map(_is_of_another, steps)):
        unlike = [replace(s, record=None) if _is_of_another(s) else s for s in steps]
        tables = (learned, dict[str, float]())
        others = [Costs(catalogue.primitives, table).seconds(unlike) for table in tables]
    prices: list[Step] = []
    for step, *told in zip(steps, expected, *others, strict=True):
        record = step.record
        nbytes = record.nbytes if record else costs.nbytes(step.id)
        # One measurement may have met a busy machine: of three opinions, the middle one.
        prices.append(Step(step.id, median(told) if _is_of_another(step) else told[0], nbytes))
    return prices


def _is_of_another(step: Compute | Fetch) -> bool:
    """Return whether the record of a step is that of what stood in its place."""
    return isinstance(step, Compute) and step.record is not None and step.record.id != step.id
