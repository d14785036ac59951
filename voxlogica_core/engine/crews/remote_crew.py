"""The crew on a cluster of others: tasks on their way to a worker and back; `remote.py` connects.

What workers do not see is read here and sent. A task that was lost with its worker is tried again
three times, each time later; one that a kernel refuses is not.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from distributed.scheduler import KilledWorker

from voxlogica_core.engine.crews.crew import cancelled
from voxlogica_core.engine.crews.ends import Ends
from voxlogica_core.engine.crews.homecoming import Homecoming
from voxlogica_core.engine.crews.outpost import Refused, do_job, exports_of, note_of
from voxlogica_core.engine.crews.titles import titled
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.sharing.sharing import Stint
from voxlogica_core.engine.steps.step import Compute, Fetch, Step, Task, TaskKey
from voxlogica_core.engine.workers.worker import Bench, Report, TaskResult
from voxlogica_core.errors import EngineError
from voxlogica_core.plan.node import NodeId, Read
from voxlogica_core.store.record import InFile

if TYPE_CHECKING:
    from voxlogica_core.engine.crews.remote import RemoteCluster


class RemoteCrew(Ends):
    """Does tasks in workers of a cluster; results stay there.

    Parameters
    ----------
    cluster
        Where.
    bench
        Where things are done here: what workers do not see is read, what comes is recorded.
    prefix
        Makes keys unique among the runs of a cluster.
    """

    def __init__(self, cluster: "RemoteCluster", bench: Bench, prefix: str) -> None:
        super().__init__()
        self.width = cluster.width
        self._cluster = cluster
        self._bench = bench
        self._prefix = prefix
        self._home = Homecoming(bench, cluster.folder)
        self._turn = cluster.turns.joined()
        self._begun: dict[TaskKey, _Trip] = {}
        self._futures: dict[TaskKey, Any] = {}
        self._adopted: dict[TaskKey, TaskResult] = {}

    def start(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        """Begin a task."""
        trip = self._begun[task.key] = _Trip(task, needs, stint)
        self._guarded(trip, self._set_out)

    def drop(self) -> None:
        """Have those tasks end that nobody else waits for."""
        for trip in tuple(self._begun.values()):
            if not trip.stint.is_wanted and self._begun.pop(trip.task.key, None):
                self._cluster.client.cancel(trip.futures)
                self._end(trip, cancelled(trip.task))

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        self._adopted[result.key] = result
        self._futures[result.key] = self._sent(result)

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self._adopted.pop(key, None)
        if (future := self._futures.pop(key, None)) is not None:
            future.release()

    def _sent(self, result: TaskResult) -> Any:
        return self._cluster.client.scatter([result], hash=False)[0]

    def _guarded(self, trip: "_Trip", call: Callable[["_Trip"], None]) -> None:
        """Have a thread of the engine do something for a task; what goes wrong ends the run."""

        def told(done: Future[None]) -> None:
            if not done.cancelled() and (error := done.exception()) is not None:
                self._break(trip, error)

        self._cluster.pool.submit(call, trip).add_done_callback(told)

    def _set_out(self, trip: "_Trip") -> None:
        """Read here what workers do not see, and submit the rest."""
        here = [step for step in trip.task.steps if self._is_out_of_sight(step)]
        task, needs = trip.task, [*trip.needs]
        if here and not trip.read:
            part = _part(task, here)
            trip.read = self._bench.run(part, ())
            self.adopt(trip.read)
        if trip.read:
            task = _without(task, {step.id for step in here}, trip.read.key)
            needs.append(trip.read.key)
        client, key = self._cluster.client, f"-#{self._prefix}{task.key} {trip.tries}"
        title = titled(trip.task, self._bench.labels)
        turn = {"priority": self._turn.next(task.seconds), "pure": False}
        inputs = [self._held(each) for each in needs]
        where = self._cluster.outpost, self._cluster.equipment
        job = client.submit(do_job, *where, task, inputs, key=f"{title}{key}", **turn)
        exports = client.submit(exports_of, job, key=f"keep{key}", **turn)
        note = client.submit(note_of, job, key=f"tell{key}", **turn)
        trip.futures = [job, exports, note]
        self._futures[task.key] = exports
        note.add_done_callback(partial(self._heard, trip))

    def _heard(self, trip: "_Trip", note: Any) -> None:
        """Take in what came, in a thread that may wait; this one is Dask's."""
        del note
        self._guarded(trip, self._come_home)

    def _held(self, key: TaskKey) -> Any:
        """Return a result in the cluster; what was sent there and lost is sent again."""
        future = self._futures[key]
        if future.status in ("lost", "cancelled") and key in self._adopted:
            future = self._futures[key] = self._sent(self._adopted[key])
        return future

    def _is_out_of_sight(self, step: Step) -> bool:
        match step:
            case Compute(node=Read(), source=str(source)):
                return not self._cluster.sees(source)
            case Fetch(record=record):
                return isinstance(record.stored, InFile) and not self._cluster.sees_store
            case _:
                return False

    def _come_home(self, trip: "_Trip") -> None:
        """Take in what came of a task: record, save, tell."""
        job, _, note = trip.futures
        if trip.task.key not in self._begun:
            return
        if note.status != "finished":
            self._try_again(trip, note)
            return
        result = self._home.taken_in(note.result(), trip.task)
        job.release()
        note.release()
        if trip.read is not None:
            result.reports[:0] = trip.read.reports
            self.release(trip.read.key)
        if self._begun.pop(trip.task.key, None):
            self.hear(result)
        self._cluster.flush()  # who waits for it looks it up
        trip.stint.end()

    def _try_again(self, trip: "_Trip", note: Any) -> None:
        """Submit a task again that was lost; three times, each time later."""
        error: BaseException | None = note.exception() if note.status == "error" else None
        if (gone := self._cluster.lost()) is not None:
            raise gone
        if isinstance(error, KilledWorker):
            trip.tries += error.allowed_failures  # as often the scheduler has tried it again
        elif error is not None and not isinstance(error, CancelledError | OSError):
            raise error
        delays = self._cluster.delays
        if trip.tries >= len(delays):
            self._give_up(trip)
            return
        timer = threading.Timer(delays[trip.tries], self._guarded, (trip, self._set_out))
        trip.tries += 1
        timer.daemon = True
        timer.start()

    def _give_up(self, trip: "_Trip") -> None:
        message = (
            f"the worker that did this ended, {trip.tries + 1} times; has it too little memory? "
            "Start workers with more, and run again"
        )
        failed = [step.id for step in trip.task.steps]
        failure = Failed("worker", None, message)
        reports = [Report(node, failure) for node in failed]
        troubles = dict.fromkeys(trip.task.exports, failure)
        if self._begun.pop(trip.task.key, None):
            result = TaskResult(trip.task.key, troubles=dict(troubles), reports=reports)
            self._futures.pop(trip.task.key).release()
            self.adopt(result)
            self._end(trip, result)

    def _end(self, trip: "_Trip", result: TaskResult) -> None:
        self.hear(result)
        trip.stint.end()

    def _break(self, trip: "_Trip", error: BaseException) -> None:
        trip.stint.end()
        match error:
            case EngineError():
                self.hear(error)
            case Refused() | ImportError():
                self.hear(refusal("in the cluster", str(error)))
            case _:
                gone = self._cluster.lost()
                said = f"{type(error).__name__}: {error}"
                self.hear(gone or EngineError(f"the {trip.task.key} broke in Dask: {said}"))


class _Trip:
    """A task on its way to a worker and back."""

    def __init__(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        self.task = task
        self.needs = needs
        self.stint = stint
        self.tries = 0
        self.read: TaskResult | None = None
        self.futures: list[Any] = []


def refusal(worker: str, problem: str) -> EngineError:
    """Return what to say when a worker cannot do the work."""
    return EngineError(
        f"the worker {worker} cannot work for this VoxLogicA: {problem}. Every worker and the "
        "scheduler need the VoxLogicA that is installed here: `pip install` it where they run, "
        "then start them again"
    )


def _part(task: Task, steps: Sequence[Step]) -> Task:
    """Return the part of a task that is done here; none of its steps needs another."""
    own = frozenset(step.id for step in steps)
    return replace(
        task,
        key=TaskKey(f"{task.key} read here"),
        steps=tuple(steps),
        imports=(),
        exports=own,
        drops=((),) * len(steps),
    )


def _without(task: Task, nodes: set[NodeId], key: TaskKey) -> Task:
    """Return a task without steps whose values come from another."""
    kept = [
        (step, drops)
        for step, drops in zip(task.steps, task.drops, strict=True)
        if step.id not in nodes
    ]
    return replace(
        task,
        steps=tuple(step for step, _ in kept),
        drops=tuple(drops for _, drops in kept),
        imports=(*task.imports, *((node, key) for node in sorted(nodes))),
    )
