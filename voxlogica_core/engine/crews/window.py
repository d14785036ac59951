"""Dask: the in-process cluster, and the window of tasks submitted to it. Decides no order.

Dask is given at most `WINDOW` tasks at a time: cancelling 10,000 queued tasks costs it 5 s, and
submitting ahead by 16 loses nothing.
"""

import threading
import warnings
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from dask import config
from distributed import Client, LocalCluster, Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.gc import enable_gc_diagnosis

from voxlogica_core.engine.crews.crew import cancelled
from voxlogica_core.engine.crews.ends import Ends
from voxlogica_core.engine.crews.titles import titled
from voxlogica_core.engine.crews.turns import Turns
from voxlogica_core.engine.crews.weights import weigh_truly
from voxlogica_core.engine.sharing.sharing import Stint
from voxlogica_core.engine.steps.step import Task, TaskKey
from voxlogica_core.engine.workers.worker import Bench, TaskResult
from voxlogica_core.errors import EngineError

WINDOW = 16
"""Unfinished tasks Dask knows of at a time."""
DASHBOARD_PORT = 8787
_HERE = "127.0.0.1"
_PLUGIN = "voxlogica"
SLOW_DISK = "Creating scratch directories"
"""How a warning of Dask's begins where making an empty folder takes a second. Nothing is written
there: it would alarm who uses a busy machine, and ends what takes warnings as errors."""
_STARTING = threading.Lock()
"""Held while a cluster starts: each tries to import Dask's dashboard in a thread of its own, and
where that is not installed, two at once meet half a module."""


class Workplace(WorkerPlugin):
    """Where tasks find the crew that submitted them: shared with the threads by reference."""

    name = _PLUGIN

    def __init__(self) -> None:
        self.crews: WeakValueDictionary[str, DaskCrew] = WeakValueDictionary()

    def setup(self, worker: Worker) -> None:
        """Need nothing of the worker."""
        del worker


class LocalWindow:
    """An in-process cluster of one worker with threads, and its client.

    The memory limit is off: Dask's own pauses the worker or spills pickles, and the budget is the
    engine's. Both dashboards are bound to this machine, as without an address they open ports on
    every interface.
    """

    def __init__(self, threads: int, *, dashboard: bool) -> None:
        weigh_truly()
        self.workplace = Workplace()
        self.turns = Turns()
        port = DASHBOARD_PORT if dashboard else 0
        try:
            # Dask listens to the collector while a cluster is there, and asserts that it hears both
            # ends of a collection. One that goes on while a cluster ends and the next begins would
            # be reported on the user's screen: so it listens from the first cluster on for good.
            # A hundred times a second Dask looks what its threads do, for a page of the dashboard.
            quiet = {"distributed.worker.profile.enabled": dashboard}
            with _STARTING, config.set(quiet):
                enable_gc_diagnosis()
                warnings.filterwarnings("ignore", SLOW_DISK, UserWarning)
                self._cluster: Any = LocalCluster(
                    n_workers=1,
                    threads_per_worker=threads,
                    processes=False,
                    memory_limit=0,
                    dashboard_address=f"{_HERE}:{port}",
                    worker_dashboard_address=f"{_HERE}:0",
                    silence_logs=50,
                    plugins=(self.workplace,),
                )
                self.client: Any = Client(self._cluster, set_as_default=False)
        except (OSError, RuntimeError) as error:
            raise EngineError(
                f"Dask's in-process cluster is wanted to run this, but it did not start: {error}"
            ) from error
        self._quicken()

    @property
    def url(self) -> str:
        """Where the dashboard is."""
        port = urlsplit(str(self._cluster.dashboard_link)).port  # its host is not where it listens
        return f"http://{_HERE}:{port}/status"

    def crew(self, bench: Bench, prefix: str) -> "DaskCrew":
        """Return a crew for one run; `prefix` makes its keys unique."""
        return DaskCrew(self, bench, prefix)

    def _quicken(self) -> None:
        """Let messages go at once: Dask holds them back up to 10 ms, 6 ms a dependent task.

        This is no public interface of Dask's. Where it is not found all works, but slower.
        """
        scheduler = self._cluster.scheduler
        streams: list[Any] = [getattr(self.client, "scheduler_comm", None)]
        for name in ("stream_comms", "client_comms"):
            streams += getattr(scheduler, name, {}).values()
        workers = self._cluster.workers.values()
        streams += [getattr(worker, "batched_stream", None) for worker in workers]
        for stream in streams:
            if isinstance(getattr(stream, "interval", None), float):
                stream.interval = 0.0

    def close(self) -> None:
        """End the worker, the scheduler and the client."""
        self.client.close()
        self._cluster.close()


class DaskCrew(Ends):
    """Does tasks on a cluster; results stay there as futures and travel by reference.

    Parameters
    ----------
    cluster
        Where.
    bench
        Where in the worker the tasks are done.
    prefix
        Makes keys unique among the runs of a cluster.
    """

    width = WINDOW

    def __init__(self, cluster: LocalWindow, bench: Bench, prefix: str) -> None:
        super().__init__()
        cluster.workplace.crews[prefix] = self
        self.bench = bench
        self._client = cluster.client
        self._turn = cluster.turns.joined()
        self._prefix = prefix
        self._futures: dict[TaskKey, Any] = {}
        self._told: set[TaskKey] = set()
        self._begun: dict[TaskKey, tuple[Task, Stint]] = {}

    def start(self, task: Task, needs: Sequence[TaskKey], stint: Stint) -> None:
        """Submit a task."""
        self._begun[task.key] = task, stint
        future: Any = self._client.submit(
            do_task,
            self._prefix,
            task,
            [self._futures[key] for key in needs],
            key=f"{titled(task, self.bench.labels)}-#{self._prefix}{task.key}",
            pure=False,
            priority=self._turn.next(task.seconds),
        )
        self._futures[task.key] = future
        ended, told = self._ended, self._told  # not this crew, which shall go when its run ends

        def watched(future: Any, key: TaskKey = task.key) -> None:
            if key not in told:
                message = f"Dask lost the {key} ({future.status}); what is done is kept: run again"
                ended.put(EngineError(message))

        future.add_done_callback(watched)

    def take_up(self, key: TaskKey) -> Stint | None:
        """Return the stint of a task that a thread takes up; None if it was dropped."""
        begun = self._begun.pop(key, None)  # at once: one thread gets it
        return begun[1] if begun else None

    def tell(self, result: TaskResult) -> None:
        """Take the result of a task from the thread that did it, before Dask would bring it."""
        self._told.add(result.key)
        self.hear(result)

    def drop(self) -> None:
        """Have those tasks end that no thread has taken up."""
        for key in tuple(self._begun):
            if (begun := self._begun.pop(key, None)) is not None:
                task, stint = begun
                stint.end()
                self.tell(cancelled(task))

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        scattered = self._client.scatter([result], hash=False)
        self._futures[result.key] = scattered[0]

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self._futures.pop(key).release()


def do_task(prefix: str, task: Task, inputs: Sequence[TaskResult]) -> TaskResult:
    """Do a task in the thread of a worker."""
    workplace = get_worker().plugins[_PLUGIN]
    assert isinstance(workplace, Workplace)
    crew = workplace.crews[prefix]
    stint = crew.take_up(task.key)
    if stint is None:
        return cancelled(task)
    result = crew.bench.run(task, inputs, stint)
    crew.tell(result)
    return result
