"""Admission: whether a task may begin, or somebody else computes a part of it. Runs nothing.

What another run of this engine computes or holds is waited for and taken from memory; what another
engine computes is waited for and fetched. What others have recorded meanwhile is not computed
again: after claiming, the store is asked once more. The task is cut down to what is left to do.

Who waits holds nothing, neither a place in the engine's table nor a claim, and what runs never
waits: so nobody waits for ever.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial

from voxlogica_core.engine.phases.share import Share, given_by
from voxlogica_core.engine.sharing.claims import Claims
from voxlogica_core.engine.sharing.sharing import Stint, Ticket
from voxlogica_core.engine.steps.schedule import drops_of
from voxlogica_core.engine.steps.step import (
    Compute,
    Deliver,
    Fetch,
    Step,
    Task,
    TaskKey,
    inputs_of_step,
)
from voxlogica_core.engine.workers.recording import WORTH_RECORDING
from voxlogica_core.engine.workers.worker import TaskResult
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Record
from voxlogica_core.values.kind import ANY, IMAGE_LIKE

_QUICK_CLAIMS = 256
"""Quick numbers with a name that a task claims: 5,000 locks on one file take 130 ms."""
_WAITING = 64
"""Tasks that wait for other engines at a time, each with a thread; then the rest waits, too."""

Lookup = Callable[[Iterable[NodeId]], dict[NodeId, Record]]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A task that may begin.

    Parameters
    ----------
    task
        What is left to do of it.
    given
        What it takes from other runs.
    stint
        Its place in the engine's table, to be ended when it is over.
    """

    task: Task
    given: tuple[TaskResult, ...]
    stint: Stint


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
    share
        The run's share in what the engine computes.
    """

    def __init__(
        self, claims: Claims, lookup: Lookup, expected: Mapping[NodeId, float], share: Share
    ) -> None:
        self._claims = claims
        self._lookup = lookup
        self._expected = expected
        self._share = share
        self._tickets: dict[TaskKey, dict[NodeId, Ticket]] = {}
        self._refused: set[TaskKey] = set()

    @property
    def is_full(self) -> bool:
        """Whether so many tasks wait for other engines that no more may ask."""
        return len(self._refused) >= _WAITING

    def asks_again(self, key: TaskKey) -> None:
        """Take a task that had to wait for one that may be admitted now."""
        self._refused.discard(key)

    def admit(self, task: Task) -> Admitted | None:
        """Return what is to be done of a task; None while somebody else does some of it.

        Then the run's share gets mail for the task when it is worth asking again.
        """
        while (tickets := self._ended(task)) is not None:
            given = tuple(given_by(ticket, _key(node)) for node, ticket in tickets.items())
            rest = with_given(task, given) if task.steps else _handing_on(task, given)
            stint = self._share.begin(rest, _nodes(rest))
            if stint is not None:
                self._tickets.pop(task.key, None)
                return self._claimed(rest, given, stint, task.key)
            self._join(task.key, rest)
        return None

    def close(self) -> None:
        """Wait for nobody any more."""
        for tickets in self._tickets.values():
            for ticket in tickets.values():
                self._share.give_up(ticket)
        self._tickets.clear()

    def _ended(self, task: Task) -> dict[NodeId, Ticket] | None:
        """Return what a task waited for, None if it still does."""
        tickets = self._tickets.get(task.key, {})
        sought = self._share.ticket(task.key)
        if sought is not None:
            tickets = {sought.node: sought}
        return tickets if all(ticket.has_ended for ticket in tickets.values()) else None

    def _join(self, key: TaskKey, task: Task) -> None:
        """Wait for the nodes of a task that others make, as far as it needs them."""
        tickets = self._tickets.setdefault(key, {})
        for node in frontier(task, self._share.busy(_nodes(task))):
            ticket = self._share.join(node, key)
            if ticket is not None:
                tickets[node] = ticket

    def _claimed(
        self, task: Task, given: tuple[TaskResult, ...], stint: Stint, key: TaskKey
    ) -> Admitted | None:
        """Claim on the store what will be recorded, and leave out what others have recorded."""
        if not (self._claims.are_needed or self._share.has_company):
            return Admitted(task, given, stint)
        nodes = self._to_claim(task)
        refused = self._claims.take(nodes)
        if refused is not None:
            stint.end()
            self._keep(key, given)
            self._refused.add(key)
            self._claims.when_free(refused, partial(self._share.wake, key))
            return None
        stint.ended.append(partial(self._claims.ended, nodes))
        records = self._lookup(nodes) if nodes else {}
        return Admitted(cut_down(task, records) if records else task, given, stint)

    def _keep(self, key: TaskKey, given: tuple[TaskResult, ...]) -> None:
        """Keep what other runs gave while another engine is waited for."""
        for result in given:
            for node, value in result.values.items():
                ticket = Ticket(node, _nothing, has_ended=True, value=value)
                ticket.nbytes = result.reports[0].nbytes
                self._tickets.setdefault(key, {})[node] = ticket

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


def with_given(task: Task, given: tuple[TaskResult, ...]) -> Task:
    """Return a task without the steps whose values or failures other runs gave."""
    makers = {node: result.key for result in given for node in result.values}
    failures = [pair for result in given for pair in result.troubles.items()]
    if not makers and not failures:
        return task
    have = makers.keys() | {node for node, _ in failures}
    steps, needed = _needed_steps(task, have)
    imports = [pair for pair in task.imports if pair[0] in needed]
    return replace(
        task,
        steps=steps,
        imports=(*imports, *makers.items()),
        troubles=(*task.troubles, *failures),
        drops=drops_of([inputs_of_step(step) for step in steps], task.exports),
    )


def _handing_on(task: Task, given: tuple[TaskResult, ...]) -> Task:
    """Return a task without steps that hands on what came, or that nothing came."""
    pairs = [(node, result.key) for result in given for node in task.exports]
    return replace(task, imports=tuple(pairs))


def frontier(task: Task, busy: Set[NodeId]) -> set[NodeId]:
    """Return the nodes a task would need of others if it made none of `busy` itself."""
    return _needed_steps(task, busy)[1] & busy


def cut_down(task: Task, records: Mapping[NodeId, Record]) -> Task:
    """Return a task without what is known by now: kept values are fetched instead.

    Steps that nobody needs any more are left out; they have no outcome.
    """
    fresh = replace(task, steps=tuple(_known(step, records) for step in task.steps))
    steps, needed = _needed_steps(fresh, frozenset())
    return replace(
        task,
        steps=steps,
        imports=tuple(pair for pair in task.imports if pair[0] in needed),
        drops=drops_of([inputs_of_step(step) for step in steps], task.exports),
    )


def _needed_steps(task: Task, have: Set[NodeId]) -> tuple[tuple[Step, ...], set[NodeId]]:
    """Return the steps that are needed by who has some values, and all that these steps need."""
    needed = set(task.exports)
    steps: list[Step] = []
    for step in reversed(task.steps):
        if step.id not in have and (isinstance(step, Deliver) or step.id in needed):
            steps.append(step)
            needed.update(inputs_of_step(step))
    steps.reverse()
    return tuple(steps), needed


def _nodes(task: Task) -> list[NodeId]:
    return [step.id for step in task.steps if not isinstance(step, Deliver)]


def _known(step: Step, records: Mapping[NodeId, Record]) -> Step:
    record = records.get(step.id)
    if record is None or not isinstance(step, Compute):
        return step
    return Fetch(step.id, record) if record.is_kept else replace(step, record=record)


def _key(node: NodeId) -> TaskKey:
    return TaskKey(f"given {node}")


def _nothing() -> None:
    """Nobody waits any more."""
