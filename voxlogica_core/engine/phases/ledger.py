"""The ledger: what became of a run's nodes, and how much of its expected time is worked off.

It measures nothing and tells nobody: it is given reports, and returns the events that they are.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from voxlogica_core.engine.demand.structure import name_of
from voxlogica_core.engine.events import Alike, Finished
from voxlogica_core.engine.outcome import Blocked, Done, Failed
from voxlogica_core.engine.steps.cost import Costs
from voxlogica_core.engine.steps.pace import Pace
from voxlogica_core.engine.steps.step import Compute, Step
from voxlogica_core.engine.workers.worker import Report, TaskResult
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Primitive

if TYPE_CHECKING:
    from voxlogica_core.engine.outcome import Outcome, Trouble

SCALAR_BYTES = 8


class Ledger:
    """The nodes of one run.

    Parameters
    ----------
    primitives
        Of the catalogue, by qualified name.
    """

    def __init__(self, primitives: Mapping[str, Primitive]) -> None:
        self.outcomes: dict[NodeId, Outcome] = {}
        self.troubles: dict[NodeId, Trouble] = {}
        self.notes: dict[NodeId, tuple[str, ...]] = {}
        self.costs = Costs(primitives)
        self.seconds: dict[NodeId, float] = {}
        self._pace = Pace()
        self._expected = self._worked = 0.0

    def expected(self, steps: Sequence[Step]) -> list[float]:
        """Return what steps are expected to take, as what was measured so far has corrected it."""
        seconds = self.costs.seconds(steps)
        for place, step in enumerate(steps):
            if not isinstance(step, Compute):
                continue
            primitive = name_of(step.node)
            if step.record is not None:  # it is what this very node took: nothing to correct
                primitive += " again"
            self._pace.expect(step.id, primitive, seconds[place])
            seconds[place] *= self._pace.ratio(primitive)
        return seconds

    def open(self, steps: Sequence[Step], seconds: Sequence[float]) -> None:
        """Note what is about to be done, and how long that is expected to take."""
        self._expected += sum(seconds)
        for step, each in zip(steps, seconds, strict=True):
            self.seconds[step.id] = each

    def close(self, report: Report, result: TaskResult | None = None) -> Finished:
        """Note what became of a node.

        Parameters
        ----------
        result
            Of the task it was a part of; None where nobody did anything.
        """
        outcome = report.outcome
        self.outcomes[report.node] = outcome
        if report.notes:
            self.notes[report.node] = report.notes
        if isinstance(outcome, Failed | Blocked):
            self.troubles[report.node] = outcome
        fraction = self._work_off(report.node)
        self._pace.end(report.node, outcome.seconds if isinstance(outcome, Done) else None)
        task, worker = (result.key, result.worker) if result else ("", "")
        left = self._pace.left
        return Finished(report.node, outcome, report.nbytes, fraction, left, task, worker)

    def close_alike(
        self, step: NodeId, kinds: Mapping[str, Sequence[NodeId]], done: Done, result: TaskResult
    ) -> list[Alike]:
        """Note that a step has made many nodes, scalars all; see `close`.

        Parameters
        ----------
        kinds
            By primitive, the nodes that it made.
        done
            How the step ended: each node took the same share of its time.
        """
        fraction = self._work_off(step)
        count = sum(map(len, kinds.values()))
        share = Done(done.seconds / count if count else 0.0, done.how)
        told: list[Alike] = []
        for primitive, nodes in kinds.items():
            self.outcomes.update(dict.fromkeys(nodes, share))
            name = primitive.rpartition(".")[2]
            event = Alike(name, nodes, share, SCALAR_BYTES, fraction, self._pace.left)
            event.task, event.worker = result.key, result.worker
            told.append(event)
        return told

    def _work_off(self, step: NodeId) -> float:
        self._worked += self.seconds.pop(step, 0.0)
        return min(self._worked / self._expected if self._expected else 1.0, 1.0)
