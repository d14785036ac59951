"""Dask: the in-process cluster, and the window of tasks submitted to it. Decides no order.

Dask is given at most `WINDOW` tasks at a time: cancelling 10,000 queued tasks costs it 5 s, and
submitting ahead by 16 loses nothing.
"""

import queue
from collections.abc import Sequence
from typing import Any

from distributed import Client, LocalCluster, Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from voxlogica_core.engine.step import Task, TaskKey
from voxlogica_core.engine.worker import Bench, TaskResult
from voxlogica_core.errors import EngineError

WINDOW = 16
"""Unfinished tasks Dask knows of at a time."""
DASHBOARD_PORT = 8787
_PLUGIN = "voxlogica"


class Workplace(WorkerPlugin):
    """The bench as tasks find it: set for each run, shared with the threads by reference."""

    name = _PLUGIN

    def __init__(self) -> None:
        self.bench: Bench | None = None

    def setup(self, worker: Worker) -> None:
        """Need nothing of the worker."""
        del worker


class Cluster:
    """An in-process cluster of one worker with threads, and its client.

    The memory limit is off: Dask's own pauses the worker or spills pickles, and the budget is the
    engine's. Both dashboards are bound to this machine, as without an address they open ports on
    every interface.
    """

    def __init__(self, threads: int, *, dashboard: bool) -> None:
        self.workplace = Workplace()
        port = DASHBOARD_PORT if dashboard else 0
        try:
            self._cluster: Any = LocalCluster(
                n_workers=1,
                threads_per_worker=threads,
                processes=False,
                memory_limit=0,
                dashboard_address=f"127.0.0.1:{port}",
                worker_dashboard_address="127.0.0.1:0",
                silence_logs=50,
                plugins=(self.workplace,),
            )
            self.client: Any = Client(self._cluster, set_as_default=False)
        except (OSError, RuntimeError) as error:
            raise EngineError(
                f"Dask's in-process cluster is wanted to run this, but it did not start: {error}"
            ) from error

    @property
    def url(self) -> str:
        """Where the dashboard is."""
        return str(self._cluster.dashboard_link)

    def crew(self, bench: Bench, prefix: str) -> "DaskCrew":
        """Return a crew for one run; `prefix` makes its keys unique."""
        return DaskCrew(self, bench, prefix)

    def close(self) -> None:
        """End the worker, the scheduler and the client."""
        self.client.close()
        self._cluster.close()


class DaskCrew:
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

    def __init__(self, cluster: Cluster, bench: Bench, prefix: str) -> None:
        cluster.workplace.bench = bench
        self._client = cluster.client
        self._prefix = prefix
        self._futures: dict[TaskKey, Any] = {}
        self._ended: queue.SimpleQueue[TaskKey] = queue.SimpleQueue()

    def start(self, task: Task, needs: Sequence[TaskKey]) -> None:
        """Submit a task."""
        future: Any = self._client.submit(
            do_task,
            task,
            [self._futures[key] for key in needs],
            key=f"{self._prefix}{task.key}",
            pure=False,
        )
        self._futures[task.key] = future

        def ended(_: object, key: TaskKey = task.key) -> None:
            self._ended.put(key)

        future.add_done_callback(ended)

    def next(self) -> TaskResult:
        """Wait for a task to end."""
        key = self._ended.get()
        try:
            result = self._futures[key].result()
        except Exception as error:
            raise EngineError(f"Dask lost the task {key}: {error}; run again") from error
        assert isinstance(result, TaskResult)
        return result

    def adopt(self, result: TaskResult) -> None:
        """Hold a result that another crew made."""
        scattered = self._client.scatter([result], hash=False)
        self._futures[result.key] = scattered[0]

    def release(self, key: TaskKey) -> None:
        """Let go of a result."""
        self._futures.pop(key).release()


def do_task(task: Task, inputs: Sequence[TaskResult]) -> TaskResult:
    """Do a task in the thread of a worker."""
    workplace = get_worker().plugins[_PLUGIN]
    assert isinstance(workplace, Workplace)
    assert workplace.bench is not None
    return workplace.bench.run(task, inputs)
