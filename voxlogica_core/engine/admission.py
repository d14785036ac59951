"""Admission: whether a task may begin, or another engine computes a part of it. Runs nothing.

What others have recorded meanwhile is not computed again: after claiming, the store is asked once
more, and the task is cut down to what is left to do.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace

from voxlogica_core.engine.claims import Claims
from voxlogica_core.engine.schedule import drops_of
from voxlogica_core.engine.step import (
    Compute,
    Deliver,
    Fetch,
    Step,
    Task,
    TaskKey,
    inputs_of_step,
)
from voxlogica_core.engine.worker import WORTH_RECORDING
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Record
from voxlogica_core.values.kind import ANY, IMAGE_LIKE

_QUICK_CLAIMS = 256
"""Quick numbers with a name that a task claims: 5,000 locks on one file take 130 ms."""

Lookup = Callable[[Iterable[NodeId]], dict[NodeId, Record]]


class Admission:
    """The gate that every task of a run goes through.

    Parameters
    ----------
    claims
        Of the engine.
    lookup
        The store's.
    expected
        Seconds that steps are expected to take.
    """

    def __init__(self, claims: Claims, lookup: Lookup, expected: Mapping[NodeId, float]) -> None:
        self._claims = claims
        self._lookup = lookup
        self._expected = expected
        self._claimed: dict[TaskKey, Set[NodeId]] = {}

    def admit(self, task: Task, freed: Callable[[], None]) -> Task | None:
        """Return what is to be done of a task; None while another engine does some of it.

        Parameters
        ----------
        freed
            Called, in any thread, when it is worth asking again.
        """
        if not self._claims.are_needed:
            return task
        nodes = self._to_claim(task)
        refused = self._claims.take(nodes)
        if refused is not None:
            self._claims.when_free(refused, freed)
            return None
        self._claimed[task.key] = nodes
        records = self._lookup(nodes) if nodes else {}
        return cut_down(task, records) if records else task

    def ended(self, key: TaskKey) -> None:
        """Give back what a task has claimed and nobody records."""
        self._claims.ended(self._claimed.pop(key, ()))

    def _to_claim(self, task: Task) -> Set[NodeId]:
        """Return the nodes of a task that will be recorded."""
        computed = [step for step in task.steps if isinstance(step, Compute)]
        heavy = {step.id for step in computed if self._is_worth_it(step)}
        asked_for = (task.named | task.goals) & {step.id for step in computed}
        quick = asked_for - heavy
        return heavy | quick if len(quick) <= _QUICK_CLAIMS else heavy

    def _is_worth_it(self, step: Compute) -> bool:
        kind = step.node.kind
        return (
            kind in IMAGE_LIKE or kind == ANY or self._expected.get(step.id, 0.0) >= WORTH_RECORDING
        )


def cut_down(task: Task, records: Mapping[NodeId, Record]) -> Task:
    """Return a task without what is known by now: kept values are fetched instead.

    Steps that nobody needs any more are left out; they have no outcome.
    """
    needed = set(task.exports)
    steps: list[Step] = []
    for step in reversed(task.steps):
        if isinstance(step, Deliver) or step.id in needed:
            steps.append(_known(step, records))
            needed.update(inputs_of_step(steps[-1]))
    steps.reverse()
    return replace(
        task,
        steps=tuple(steps),
        imports=tuple(pair for pair in task.imports if pair[0] in needed),
        drops=drops_of([inputs_of_step(step) for step in steps], task.exports),
    )


def _known(step: Step, records: Mapping[NodeId, Record]) -> Step:
    record = records.get(step.id)
    if record is None or not isinstance(step, Compute):
        return step
    return Fetch(step.id, record) if record.is_kept else replace(step, record=record)
