"""The worker: takes the steps of a task one after the other. Decides nothing about order.

Here is one of the two broad exception handlers of the project: whatever a kernel raises becomes
the outcome of its node, and every step that does not need it goes on.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from voxlogica_core.engine.crashes.gate import Watch, watch
from voxlogica_core.engine.demand.structure import name_of
from voxlogica_core.engine.files import Files, Printed, can_have_gaps, printed
from voxlogica_core.engine.outcome import Blocked, Cancelled, Done, Failed, Outcome, Trouble
from voxlogica_core.engine.sharing.sharing import Stint
from voxlogica_core.engine.steps.operand import Items, leaves
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.step import (
    Compute,
    Deliver,
    Fetch,
    Step,
    Task,
    TaskKey,
)
from voxlogica_core.engine.stopping import Stopping
from voxlogica_core.engine.workers.arguments import Call, Calls, image_bytes, value_from
from voxlogica_core.engine.workers.at_hand import AtHand, Lost, Stuck
from voxlogica_core.engine.workers.backgrounds import Backgrounds
from voxlogica_core.engine.workers.recording import assembled, finished
from voxlogica_core.engine.workers.scratch import Spilled
from voxlogica_core.engine.workers.stopwatch import Stopwatch
from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.plan.node import Apply, NodeId, Read
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.record import MISSING, Finished, Value
from voxlogica_core.store.store import Values, bytes_of
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE_LIKE


@dataclass(slots=True)
class Report:
    """What became of one step; `notes` are what the user should know of files.

    Never changed. A frozen one takes three times as long to make, and there is one a step.
    """

    node: NodeId
    outcome: Outcome
    nbytes: int = 0
    geometry: Geometry | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class TaskResult:
    """What a task gives to others.

    Parameters
    ----------
    values, troubles
        Of the nodes it exports.
    spilled
        Values that had no room in memory any more.
    reports
        One for each step.
    worker
        The thread that did it.
    delivered
        What each goal step gave: a value as it is printed, or a path.
    gaps
        The items that have no value, of each goal step that gave the others.
    lost
        Nodes whose kept value the store could not give: their users have no outcome either.
    """

    key: TaskKey
    values: dict[NodeId, Value] = field(default_factory=dict["NodeId", "Value"])
    troubles: dict[NodeId, Trouble] = field(default_factory=dict["NodeId", "Trouble"])
    spilled: dict[NodeId, Spilled] = field(default_factory=dict["NodeId", "Spilled"])
    reports: list[Report] = field(default_factory=list["Report"])
    delivered: dict[NodeId, Printed] = field(default_factory=dict["NodeId", "Printed"])
    gaps: dict[NodeId, list[Blocked]] = field(default_factory=dict["NodeId", "list[Blocked]"])
    lost: set[NodeId] = field(default_factory=set["NodeId"])
    worker: str = ""


@dataclass(slots=True)
class Bench:
    """Where tasks are done: kernels, store and files at hand; shared by the threads of a process.

    Parameters
    ----------
    finish
        Takes each value that is worth recording, as soon as it is there.
    stopping
        Once set, steps that have not begun are cancelled; what is known by then is delivered.
    image_threads
        How many threads SimpleITK's filters use.
    backgrounds
        Give the images that masks are drawn on.
    labels
        What nodes are called in the program, for who watches.
    """

    catalogue: Catalogue
    store: Values
    files: Files
    finish: Callable[[Finished], None]
    image_threads: int
    backgrounds: Backgrounds | None = None
    stopping: Stopping = field(default_factory=Stopping)
    labels: dict[NodeId, str] = field(default_factory=dict["NodeId", str])
    watch: Watch = field(default_factory=watch)
    calls: Calls = field(init=False)
    _settled: bool = False

    def __post_init__(self) -> None:
        self.calls = Calls(self.catalogue.primitives)

    def run(
        self, task: Task, inputs: Sequence[TaskResult], stint: Stint | None = None
    ) -> TaskResult:
        """Take all steps of a task.

        Parameters
        ----------
        inputs
            Results of the tasks it needs, at least.
        stint
            Hears of each value as soon as it is there, and ends with the task.
        """
        try:
            return _TaskRun(self, task, inputs, stint).run()
        finally:
            if stint is not None:
                stint.end()

    def settle_image_threads(self) -> None:
        """Tell SimpleITK, once some kernel has imported it, how to use threads.

        The pool threader is the one that did not crash under load. While another thread is still
        importing the library, its module is there but empty: then the next kernel settles it.
        """
        if self._settled:
            return
        filters = getattr(sys.modules.get("SimpleITK"), "ProcessObject", None)
        if filters is not None:
            filters.SetGlobalDefaultThreader("Pool")
            filters.SetGlobalDefaultNumberOfThreads(self.image_threads)
            self._settled = True


class _TaskRun:
    """One task on its way: the values that somebody in it still needs, and nothing else."""

    def __init__(
        self, bench: Bench, task: Task, inputs: Sequence[TaskResult], stint: Stint | None
    ) -> None:
        self._bench = bench
        self._task = task
        self._stint = stint
        self._result = TaskResult(task.key)
        self._hand = AtHand(task.troubles)
        self._notes: tuple[str, ...] = ()
        self._weight = 0
        self._stopwatch = Stopwatch()
        self._thread = threading.get_ident()
        self._slot = bench.watch.flight.board()
        by_key = {result.key: result for result in inputs}
        for node, key in task.imports:
            self._take(node, by_key[key])

    def run(self) -> TaskResult:
        """Take the steps."""
        exports = self._task.exports
        try:
            with self._stopwatch:
                for step, drops in zip(self._task.steps, self._task.drops, strict=True):
                    self._step(step)
                    if drops:
                        self._hand.drop(drops)
        finally:
            self._bench.watch.flight.leave(self._slot)
        values, troubles = self._hand.values, self._hand.troubles
        self._result.values = {node: values[node] for node in exports if node in values}
        self._result.troubles = {node: troubles[node] for node in exports if node in troubles}
        self._result.lost = self._hand.lost
        self._result.worker = threading.current_thread().name
        return self._result

    def _take(self, node: NodeId, result: TaskResult) -> None:
        value = result.values.get(node, MISSING)
        if value is not MISSING:
            self._hand.values[node] = value
        elif node in result.spilled:  # put there before it goes from `values`
            self._hand.spilled[node] = result.spilled[node]
        elif node in result.troubles:
            self._hand.troubles[node] = result.troubles[node]
        else:
            self._hand.lost.add(node)

    def _step(self, step: Step) -> None:
        if self._bench.stopping.is_set() and not self._goes_on(step):
            self._fail(step, Cancelled())
            return
        self._notes = ()
        self._weight = 0
        self._stopwatch.start()
        try:
            value = self._guarded(step)
        except Lost:
            self._hand.lost.add(step.id)
            return
        except Stuck as stuck:
            self._fail(step, self._hand.blocked(stuck))
            return
        except VoxLogicaError as error:
            argument = getattr(error, "argument", None)
            self._fail(step, Failed(_name(step), argument, str(error)))
            return
        except MemoryError:
            message = "there is not enough memory for this image; a smaller one is wanted"
            self._fail(step, Failed(_name(step), None, message))
            return
        except Exception as error:  # noqa: BLE001  (a kernel's bug is the outcome of its node)
            message = f"internal error in {_name(step)}: {type(error).__name__}: {error}"
            self._fail(step, Failed(_name(step), None, message))
            return
        self._succeed(step, value, self._stopwatch.elapsed())

    def _goes_on(self, step: Step) -> bool:
        """Whether a step is taken though the run shall end: another run, or its user, has it."""
        if isinstance(step, Deliver):
            return self._hand.values.keys() >= {*leaves(step.operands)}
        return self._stint is not None and self._stint.is_needed(step.id)

    def _guarded(self, step: Step) -> Value:
        """Return the value of a step; after a crash, see who may run beside it."""
        watch = self._bench.watch
        if watch.gate is None:
            return self._made(step)
        if (reason := watch.caution.failed.get(step.id)) is not None:
            raise VoxLogicaError(reason)
        with watch.gate.passing(step.id):
            try:
                return self._made(step)
            finally:
                watch.flight.rest(self._slot)

    def _note(self, node: NodeId, nbytes: int) -> None:
        """Write down what could crash now."""
        self._bench.watch.flight.note(self._slot, self._thread, node, nbytes)

    def _made(self, step: Step) -> Value:
        match step:
            case Compute(node=Read() as node):
                if step.source is None:
                    raise VoxLogicaError(f"the plan does not say where {node.digest} is found")
                self._bench.files.ready()
                self._note(step.id, 0)
                self._stopwatch.start_alone()  # as if the system had the file in memory
                image, self._notes = self._bench.files.read(step.source, node.digest)
                if self._bench.backgrounds is not None:
                    self._bench.backgrounds.note(node.id, image)
                return image
            case Compute():
                return self._computed(step)
            case Fetch(record=record):
                value = self._bench.store.value(record)
                if value is MISSING:
                    raise Lost
                return value
            case Partition():
                return self._together(step)
            case Deliver():
                return self._delivered(step)

    def _computed(self, step: Compute) -> Value:
        assert isinstance(step.node, Apply)
        argument = self._hand.argument
        arguments = [argument(operand) for operand in step.operands]
        call = self._bench.calls.find(step.node.primitive, arguments)
        self._bench.settle_image_threads()
        self._weight = image_bytes(arguments)
        self._note(step.id, self._weight)
        self._start(call, step.node)  # what a node costs is its kernel, not the kernel's import
        return value_from(call.kernel(*call.prepared(arguments)))

    def _start(self, call: Call, node: Apply) -> None:
        if not (self._weight or node.kind in IMAGE_LIKE):
            self._stopwatch.start()
        elif call.is_alone:
            self._stopwatch.start_alone()
        else:
            self._stopwatch.start_together()

    def _together(self, step: Partition) -> Value:
        """Return the values of many items."""
        return step.value([self._hand.argument(operand) for operand in step.operands])

    def _delivered(self, step: Deliver) -> Value:
        try:
            value = cast("Value", self._hand.argument(step.operands[0]))
        except Stuck:
            self._deliver_in_part(step)
            raise
        if step.assembled:
            self._bench.finish(assembled(self._task, step.node, value))
        match step.kind:
            case "save":
                assert step.path is not None
                self._note(step.node, 0)
                self._notes = self._bench.files.save(value, step.path, step.side)
                return step.path
            case "print":
                return cast("Value", printed(value))
            case "keep":
                return value if step.passing else None

    def _deliver_in_part(self, step: Deliver) -> None:
        """Print or save the items that have values, if half a sequence is worth it."""
        operand = step.operands[0]
        if not isinstance(operand, Items) or not can_have_gaps(step.kind, step.path):
            return
        value, gaps = self._hand.with_gaps(operand)
        if step.kind == "save":
            assert step.path is not None
            self._bench.files.save(value, step.path, step.side)
        self._result.delivered[step.id] = printed(value) if step.path is None else step.path
        self._result.gaps[step.id] = gaps

    def _fail(self, step: Step, trouble: Trouble) -> None:
        if isinstance(step, Partition) and not isinstance(trouble, Cancelled):
            self._hand.lost.add(step.id)  # which item it is, is found when they are done one by one
            return
        self._hand.troubles[step.id] = trouble
        self._result.reports.append(Report(step.id, trouble))
        if self._stint is not None and isinstance(trouble, Failed):
            self._stint.failed(step.id, trouble)

    def _succeed(self, step: Step, value: Value, seconds: float) -> None:
        if isinstance(step, Deliver):
            self._result.delivered[step.id] = value
            done = Done(seconds, "computed")
            self._result.reports.append(Report(step.id, done, notes=self._notes))
            return
        self._hand.values[step.id] = value
        geometry = value.geometry if isinstance(value, Image) else None
        if isinstance(step, Fetch):
            done = Done(0.0, "reused")
        elif isinstance(step, Partition):
            done = Done(seconds, "computed")
        else:
            done = Done(seconds, "rematerialised" if step.record else "computed")
            self._record_step(step, value, seconds)
        nbytes = 8 if type(value) is float else bytes_of(value)
        self._result.reports.append(Report(step.id, done, nbytes, geometry, self._notes))
        if self._stint is not None:
            self._stint.landed(step.id, value, nbytes)

    def _record_step(self, step: Compute, value: Value, taken: float) -> None:
        cost, backgrounds = self._stopwatch.cost(), self._bench.backgrounds
        found = finished(self._task, step, value, cost, taken, self._weight, backgrounds)
        if found is not None:
            self._bench.finish(found)


def _name(step: Step) -> str:
    match step:
        case Compute(node=node):
            return name_of(node)
        case Fetch():
            return "store"
        case Partition():
            return "for"
        case Deliver(kind=kind):
            return kind
