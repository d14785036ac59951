"""Why a value will be computed again: the first true cause, and where. Computes nothing.

What is at hand needs no reason. Otherwise the value failed, or is gone, or the program is another
than the one that ran last: then the two are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voxlogica_core.engine.demand.demand import Demand
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.causes import Cause, CauseKind, Causes
from voxlogica_core.ide.forecast.compare import paired
from voxlogica_core.ide.status.foresight import Foresight
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.ide.wording import duration
from voxlogica_core.plan.node import Node, NodeId, Read, inputs_of
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.keeping import keeps
from voxlogica_core.store.past import PastRun
from voxlogica_core.store.record import Record
from voxlogica_core.values.kind import ANY, IMAGE_LIKE

MOST = 20
"""Missing nodes that are told; the first ones are where work begins."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why the value of a node is to be made.

    Parameters
    ----------
    cause
        None where the value is at hand.
    others
        Further differences from what ran last, below this node.
    missing
        Nodes that kernels must make before it is there, itself included, inputs before users; the
        items of loops are among them.
    """

    node: NodeId
    cause: Cause | None
    others: int
    missing: tuple[NodeId, ...]

    @property
    def reason(self) -> str:
        """The kind of cause, ``kept`` where there is none."""
        return self.cause.kind if self.cause else "kept"


def why(
    analysis: Analysis,
    node: Node,
    memory: Memory,
    activity: Activity,
    runs: Sequence[PastRun],
    catalogue: Catalogue,
) -> Why:
    """Return why the value of a closed node is at hand or is not.

    Parameters
    ----------
    runs
        The last runs of this document, the newest first.
    """
    found = _demanded(analysis, node, memory, catalogue)
    missing = tuple(step.id for step in found.compute_steps())
    if not missing and not found.pending and not found.troubles:
        return Why(node.id, None, 0, ())
    question = _Question(analysis, node, memory, activity, runs, catalogue)
    cause = (
        question.failure(found, missing)
        or question.loss(missing)
        or question.change()
        or question.absence()
    )
    return Why(node.id, cause, question.others, missing)


def _demanded(analysis: Analysis, node: Node, memory: Memory, catalogue: Catalogue) -> Demand:
    """Return what the value of one node asks for."""
    below = _below(analysis, node)
    ahead = Foresight(analysis.plan, catalogue, memory.lookup, below)
    return ahead.demand([node.id])


def _below(analysis: Analysis, node: Node) -> dict[NodeId, Node]:
    found = {node.id: node}
    stack = [node]
    while stack:
        for given in inputs_of(stack.pop()):
            if given not in found:
                found[given] = analysis.nodes[given]
                stack.append(found[given])
    return found


class _Question:
    """One question, and the places an answer may come from, in the order they are asked."""

    def __init__(
        self,
        analysis: Analysis,
        node: Node,
        memory: Memory,
        activity: Activity,
        runs: Sequence[PastRun],
        catalogue: Catalogue,
    ) -> None:
        self._analysis = analysis
        self._node = node
        self._memory = memory
        self._activity = activity
        self._runs = [(run, s) for run in runs if (s := run.graph.skeleton) is not None]
        self._catalogue = catalogue
        self.others = 0

    def failure(self, found: Demand, missing: Sequence[NodeId]) -> Cause | None:
        """Return that it failed, or what it needs did, in the last run."""
        reasons: dict[NodeId, str] = dict(self._runs[0][0].failures) if self._runs else {}
        reasons |= self._activity.failed
        reasons |= {n: t.message for n, t in found.troubles.items() if isinstance(t, Failed)}
        for name in (*missing, self._node.id, *found.troubles):
            if name in reasons:
                return self._cause("failed before", f"it failed: {reasons[name]}", name)
        return None

    def loss(self, missing: Sequence[NodeId]) -> Cause | None:
        """Return that the value was there, and is not any more."""
        node = self._node
        record = self._memory.lookup([node.id]).get(node.id)
        if record is not None:
            return self._lost(node, record)
        if not any(node.id in run.made for run, _ in self._runs):
            return None
        first = next(iter(missing), node.id)
        if first != node.id and first not in self._analysis.nodes:  # an item of a loop
            record = self._memory.lookup([first]).get(first)
            if record is not None:
                return self._lost(node, record, "one of its items: ")
        if node.kind in IMAGE_LIKE or node.kind == ANY or node.kind.item is not None:
            return self._cause("evicted", "its value is in the store no more", node.id)
        text = "it is made so quickly that its value is not recorded"
        return self._cause("not kept", text, node.id)

    def change(self) -> Cause | None:
        """Return the first difference from the last run in which the node had a value."""
        plan, nodes = self._analysis.plan, self._analysis.nodes
        for run, old in self._runs:
            if self._node.id in old.nodes:
                continue
            pairing = paired(old, plan, nodes.get)
            partner = pairing.partner.get(self._node.id)
            if partner is None or not (partner in run.made or self._memory.lookup([partner])):
                continue
            causes = Causes(self._analysis, old, self._catalogue.primitives)
            found = list(pairing.differences(self._node.id))
            self.others = len(found) - 1
            return causes.cause(found[0]) if found else None
        return None

    def absence(self) -> Cause:
        """Return why it has not been computed yet."""
        text = "no run of this program is remembered"
        if self._runs:
            run, last = self._runs[0]
            text = "it is new since the last run"
            if self._node.id in last.nodes:
                was_stopped = run.outcome != "ended"
                text = "the last run " + (
                    "did not come to it" if was_stopped else "did not need it"
                )
        return self._cause("never computed", f"it was never computed: {text}", self._node.id)

    def _lost(self, node: Node, record: Record, which: str = "") -> Cause:
        """Return why a value that was made is not kept: by the rule, or because it was removed."""
        is_goal = any(node.id == goal.value for goal in self._analysis.plan.goals) or any(
            node.id == value for _, old in self._runs for _, value in old.goals
        )
        was_kept = not isinstance(node, Read) and keeps(
            record.kind, record.seconds, record.nbytes, goal=is_goal
        )
        if was_kept:
            text = f"{which}its value was removed from the store, or damaged there"
            return self._cause("evicted", text, node.id)
        text = f"{which}it is made again in {duration(record.seconds)}, so its value is not kept"
        if isinstance(node, Read):
            text = "it is read from its own file, so its value is not kept"
        return self._cause("not kept", text, node.id)

    def _cause(self, kind: CauseKind, text: str, node: NodeId) -> Cause:
        return Cause(kind, text, node, self._analysis.plan.places.get(node))
