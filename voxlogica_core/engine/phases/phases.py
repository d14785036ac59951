"""Phases: demand, cut, drive, and again with what was learnt, until every goal has its end.

What can be said of loops and conditions depends on values; each phase computes all that can be
said, and the values it finds say more. Nearly every program has one phase.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from voxlogica_core.collector import collector_paused
from voxlogica_core.engine.crews.crew import CallingThread, Threads
from voxlogica_core.engine.crews.titles import labels_of_items
from voxlogica_core.engine.demand.demand import Demand, demand
from voxlogica_core.engine.demand.item_table import ItemTable
from voxlogica_core.engine.demand.known import Known
from voxlogica_core.engine.demand.outside import Outside
from voxlogica_core.engine.demand.shapes import Alias, Sequenced
from voxlogica_core.engine.demand.structure import Structure
from voxlogica_core.engine.events import GoalsEnded, Queued, Started
from voxlogica_core.engine.goals import Wish
from voxlogica_core.engine.outcome import Blocked, Cancelled, Done, Failed
from voxlogica_core.engine.phases.admission import Admission
from voxlogica_core.engine.phases.drive import Drive
from voxlogica_core.engine.phases.lead import Lead
from voxlogica_core.engine.phases.ledger import Ledger
from voxlogica_core.engine.phases.room import Room
from voxlogica_core.engine.phases.surroundings import Surroundings
from voxlogica_core.engine.phases.wishlist import Wishlist
from voxlogica_core.engine.steps.operand import Constant, Items, Joined, Operand, joined, leaves
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.partitions import LEAST
from voxlogica_core.engine.steps.schedule import Work, cut
from voxlogica_core.engine.steps.step import Compute, Fetch, Task, TaskKey
from voxlogica_core.engine.workers.scratch import Scratch
from voxlogica_core.engine.workers.worker import Report, TaskResult
from voxlogica_core.plan.node import Literal, NodeId, Read
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.reduction.reading import with_outside
from voxlogica_core.store.record import MISSING, Missing, Value
from voxlogica_core.values.kind import IMAGE_LIKE

if TYPE_CHECKING:
    from voxlogica_core.engine.crews.crew import Crew


@dataclass(slots=True)
class Phase:
    """What one phase is about."""

    found: Demand
    questions: set[NodeId]
    answers: set[NodeId] = field(default_factory=set[NodeId])


class Phases:
    """One run's work: what is known of it so far, and how to go on.

    Parameters
    ----------
    plan
        The nodes.
    wanted
        What is asked for.
    around
        What the run finds when it begins.
    """

    def __init__(self, plan: Plan, wanted: Sequence[Wish], around: Surroundings) -> None:
        self._plan = plan
        self._around = around
        self._catalogue = around.bench.catalogue
        self._outside = Outside(plan.sources, around.store)
        self.table = ItemTable(
            with_outside(self._catalogue), self._outside.rules(), plan.nodes, plan.deferred
        )
        self.values: dict[NodeId, Value] = {}
        self.ledger = Ledger(self._catalogue.primitives)
        self.troubles = self.ledger.troubles
        self.changed: dict[NodeId, str] = {}
        self.structure = Structure(self.table, self.values, self.troubles, LEAST)
        values, troubles, sources = self.values, self.troubles, self._outside.sources
        self.wishes = Wishlist(
            plan, self.structure, values, troubles, around.folder, wanted, sources
        )
        self._known = Known(self.structure, around.store.lookup)
        self._maker: dict[NodeId, TaskKey] = {}
        self._tasks = 0
        self._crew: Crew = CallingThread(around.bench)
        self._partitions: dict[NodeId, Partition] = {}
        self._phase: Phase | None = None
        self._renewed: set[NodeId] = set()
        claims_file = around.store.claims_file
        scratch = Scratch(claims_file.parent if claims_file else None)
        self._room = Room(around.budget, around.share, scratch, around.office.threads)
        self._lead = Lead(around.claims, around.bench.stopping, around.flush)
        self._learnt = False

    def run(self) -> None:
        """Go on until every wish has its end."""
        with self._around.share, self._lead.until_the_end():
            self._run()

    def _run(self) -> None:
        wishes = self.wishes
        while wishes.open and not self._around.bench.stopping.is_set():
            self._learnt = False
            before = len(wishes.results)
            self._run_phase()
            wishes.close()
            self._tell_goals()
            if not self._learnt and len(wishes.results) == before:
                message = "internal error: what this goal asks for could not be found out"
                wishes.end(Failed("goal", None, message))
            if wishes.open:
                self._around.flush()
            elif wishes.left_to_others:
                self._lead.wait(min(wishes.left_to_others))
                wishes.resume()
                self._known.ask_again()
        wishes.resume()
        wishes.end(Cancelled())
        self._tell_goals()

    def schedule(self) -> list[Task]:
        """Return the tasks that `run` would begin with; do none of them."""
        with collector_paused():
            return self._cut(self._prepared()[1])

    @property
    def held_peak(self) -> int:
        """The most bytes that were held for later tasks at a time."""
        return self._room.peak

    def kept_value(self, node: NodeId) -> Value | Missing:
        """Return the value of a node from what is at hand and what the store keeps."""
        if node not in self.table:
            return MISSING
        found = self._value(node)
        found = self.wishes.value(node) if found is MISSING else found
        if found is not MISSING:
            return found
        store = self._around.store
        record = store.lookup([node]).get(node)
        if record is not None and record.is_kept:
            return store.value(record)
        match self.structure.shape(node):
            case Alias(other):
                return self.kept_value(other)
            case Sequenced(items):
                values = [self.kept_value(item) for item in items]
                kept = tuple(value for value in values if value is not MISSING)
                return kept if len(kept) == len(values) else MISSING
            case _:
                return self._outside.again(self.table[node], self._around.bench.files)

    def _run_phase(self) -> None:
        with collector_paused():
            phase, work = self._prepared()
            led_by_others = self._lead.take(work.computed_goals(), work.seconds_to_share())
            if led_by_others:
                self._around.share.forget_sought()
                self.wishes.leave_to_others(led_by_others)
                phase, work = self._prepared()
            tasks = [*self._around.share.tasks(), *self._cut(work)]
        if tasks:
            self._work(phase, work, tasks)
        self._answer(phase)

    def _cut(self, work: Work) -> list[Task]:
        first = self._tasks
        return cut(
            work, self._around.office.threads, lambda index: TaskKey(f"task {first + index}")
        )

    def _prepared(self) -> tuple[Phase, Work]:
        """Find out what there is to do."""
        wishes = self.wishes
        wishes.split()
        questions = wishes.questions()
        targets = dict.fromkeys([*(wish.value for wish in wishes.open), *questions])
        found = demand(
            list(targets), self.structure, self._known, self._is_held, self._outside.sources
        )
        questions |= found.questions
        self._note(found)
        phase = self._phase = Phase(found, questions)
        phase.answers = self._leaves(found, questions)
        made = {step.id for step in found.steps if isinstance(step, Compute)}
        steps = [*found.steps, *wishes.deliveries(found.operands, partial(self._lasts, made))]
        seconds = self.ledger.expected(steps)
        pins = found.pins | phase.answers | self._leaves(found, wishes.undelivered())
        return phase, Work(
            steps=steps,
            seconds=seconds,
            pins=pins | self._affordable(found.spares - pins),
            at_hand={**self._maker, **self._around.share.makers},
            troubles=self.troubles,
            named=self._named(),
            goals=wishes.goal_nodes(),
        )

    def _lasts(self, made: set[NodeId], node: NodeId) -> bool:
        """Whether a value that was asked for is there after the run: small ones always are."""
        known = self.table.get(node)
        is_elsewhere = known is None or known.kind not in IMAGE_LIKE or isinstance(known, Read)
        return is_elsewhere or node in made or self._known.is_kept(node)

    def _named(self) -> frozenset[NodeId]:
        """Return the nodes that have a name, deferred ones as what they turned out to be."""
        named = self._plan.declarations.values()
        if not self.table.deferred:
            return frozenset(named)
        return frozenset(self.structure.final(node) for node in named)

    def _affordable(self, spares: set[NodeId]) -> set[NodeId]:
        """Return those of `spares` that fit into half the budget; the others are made again."""
        left = self._around.budget // 2
        chosen: set[NodeId] = set()
        for node in sorted(spares):
            left -= self.ledger.costs.nbytes(node)
            if left < 0:
                break
            chosen.add(node)
        return chosen

    def _is_held(self, node: NodeId) -> bool:
        if node in self._maker or node in self.troubles:
            return True
        if node not in self.table:  # a partition: admission sees to those of other runs
            return False
        return not self._known.is_kept(node) and self._around.share.reaches(node)

    def _value(self, node: NodeId) -> Value | Missing:
        found = self.table[node]
        if isinstance(found, Literal):
            return found.value
        return self.values.get(node, MISSING)

    def _note(self, found: Demand) -> None:
        """Take what the demand itself has found out."""
        for node in found.given:
            operand = found.operands[node]
            if node not in self.ledger.outcomes and isinstance(operand, Constant):
                self._finish(Report(node, Done(0.0, "reused")))
        for node, trouble in found.troubles.items():
            self._finish(Report(node, trouble))

    def _leaves(self, found: Demand, nodes: set[NodeId]) -> set[NodeId]:
        operands = tuple(found.operands[node] for node in nodes if node in found.operands)
        return set(leaves(operands))

    def _work(self, phase: Phase, work: Work, tasks: Sequence[Task]) -> None:
        self._tasks += len(tasks)
        self.ledger.open(work.steps, work.seconds)
        self._partitions = {step.id: step for step in work.steps if isinstance(step, Partition)}
        computed = tuple(step.id for step in work.steps if isinstance(step, Compute))
        bench, share = self._around.bench, self._around.share
        elsewhere = tuple(share.makers)
        self._around.tell(Queued((*elsewhere, *computed), len(tasks), sum(work.seconds)))
        for node in elsewhere:  # another run computes it: it runs for this one, too
            self._around.tell(Started((node,)))
        self._crew = self._around.office.hired(
            self._crew, bench, len(tasks), work.seconds_to_share()
        )
        if not isinstance(self._crew, CallingThread | Threads):
            bench.labels.update(labels_of_items(bench.labels, phase.found.operands))
        pinned = set(self._maker.values())
        for task in tasks:
            for node in task.exports.intersection(work.pins):
                self._maker[node] = task.key
                pinned.add(task.key)
        claims, lookup = self._around.claims, self._around.store.lookup
        admission = Admission(claims, lookup, self.ledger.seconds, share)
        fetched = [step.id for step in work.steps if isinstance(step, Fetch)]
        drive = Drive(tasks, pinned, self._crew, admission, share, self._room, bench.stopping)
        with self._around.store.holding(fetched):
            drive.run(self._started, self._ended)
        share.forget_sought()

    def _started(self, task: Task) -> None:
        nodes = tuple(step.id for step in task.steps if isinstance(step, Compute))
        self._around.tell(Started(nodes))

    def _ended(self, result: TaskResult) -> None:
        assert self._phase is not None
        for report in result.reports:
            if self._is_renewed(report):
                continue
            if report.node in self._partitions:
                self._finish_together(report, result)
            elif not self.wishes.take(report, result):
                self.ledger.costs.note(report.node, report.geometry)
                self._finish(report, result)
        self._tell_goals()
        for node in result.lost:
            if node in self._partitions:
                self.structure.one_by_one(self._partitions[node].loop)
            elif self._around.share.sought(node):  # it was let go of, and may be kept by now
                self._known.forget(node)
            else:
                self._known.lose(node)
            self._maker.pop(node, None)
            self._learnt = True
        for node in self._phase.answers & result.values.keys():
            self.values[node] = result.values[node]

    def _is_renewed(self, report: Report) -> bool:
        """Put what a file holds now in the place of what it held; who waits for it goes on."""
        if isinstance(report.outcome, Blocked):
            return report.outcome.by in self._renewed
        old = self.table.get(report.node)
        if not isinstance(report.outcome, Failed) or not isinstance(old, Read):
            return False
        new = self._outside.renewed(self.table, old)
        if new is None:
            return False
        path = self._outside.sources[old.id]
        self.structure.replace(old.id, new)
        for node in self.table.deferred:  # what hung on it has no value after all
            self._maker.pop(node, None)
        self.changed[old.id] = path
        self._renewed.add(old.id)
        self._learnt = True
        return True

    def _finish(self, report: Report, result: TaskResult | None = None) -> None:
        told = self.ledger.close(report, result)
        self._learnt = True
        if isinstance(report.outcome, Done) and report.nbytes:
            self._known.forget(report.node)
        self._around.tell(told)

    def _tell_goals(self) -> None:
        if ended := dict(self.wishes.order.ended()):
            self._around.tell(GoalsEnded(ended))

    def _finish_together(self, report: Report, result: TaskResult) -> None:
        """Take the end of a partition as that of all that it makes."""
        self._learnt = True
        if isinstance(report.outcome, Done):
            made = self._partitions[report.node].nodes()
            for told in self.ledger.close_alike(report.node, made, report.outcome, result):
                self._around.tell(told)

    def _answer(self, phase: Phase) -> None:
        """Put together the values that were asked for to know more."""
        operands = phase.found.operands
        for node in phase.questions & operands.keys():
            needed = leaves((operands[node],))
            cause = next((leaf for leaf in needed if leaf in self.troubles), None)
            if cause is not None and node not in self.troubles:
                trouble = self.troubles[cause]
                self.troubles[node] = trouble if isinstance(trouble, Blocked) else Blocked(cause)
                self._learnt = True
            elif node not in self.values and all(leaf in self.values for leaf in needed):
                self.values[node] = self._evaluated(operands[node])
                self._learnt = True

    def _evaluated(self, operand: Operand) -> Value:
        match operand:
            case Constant(value):
                return value
            case Items(operands):
                return tuple(self._evaluated(each) for each in operands)
            case Joined(parts):
                return joined([self.values[part] for part in parts])
            case str():
                return self.values[operand]
            case _:
                raise AssertionError(f"{operand} is no value")
