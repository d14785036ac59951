"""Tasks that are lost with their worker: tried again, three times; what a kernel refuses is not."""

from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from distributed.scheduler import KilledWorker, WorkerState

from tests.support.engines import catalogue
from voxlogica_core.engine.crews.remote_crew import RemoteCrew
from voxlogica_core.engine.crews.turns import Turns
from voxlogica_core.engine.outcome import Failed
from voxlogica_core.engine.sharing.sharing import Sharing, Stint
from voxlogica_core.engine.steps.step import Compute, Task, TaskKey
from voxlogica_core.engine.workers.saving import ProgramFiles
from voxlogica_core.engine.workers.worker import Bench, TaskResult
from voxlogica_core.errors import EngineError
from voxlogica_core.plan.node import Apply, NodeId
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.kind import NUMBER

_NODE = NodeId("a" * 64)


@dataclass
class Lost:
    """A future of a task that will never have a result."""

    error: BaseException
    status: str = "error"

    def exception(self) -> BaseException:
        return self.error

    def add_done_callback(self, call: Callable[["Lost"], None]) -> None:
        call(self)

    def release(self) -> None:
        pass


@dataclass
class Client:
    """Loses every task."""

    error: BaseException
    keys: list[str] = field(default_factory=list[str])

    def submit(self, _: object, *__: object, key: str, **___: object) -> Lost:
        self.keys.append(key)
        return Lost(self.error)

    def scatter(self, items: list[object], *, hash: bool) -> list[object]:  # noqa: A002
        assert not hash
        return items


@dataclass
class Cluster:
    """As much of a cluster as a crew sees."""

    client: Client
    pool: ThreadPoolExecutor
    width: int = 4
    delays: tuple[float, ...] = (0.0, 0.0, 0.0)
    outpost: str = "outpost"
    equipment: str = "{}"
    folder: None = None
    turns: Turns = field(default_factory=Turns)

    def lost(self) -> None:
        return None


def _ended(error: BaseException) -> tuple[TaskResult | None, int]:
    """Return the result of a task whose tries all end so, and how many there were."""
    with ThreadPoolExecutor(2) as pool:
        client = Client(error)
        store = MemoryStore()
        bench = Bench(catalogue(), store, ProgramFiles(), lambda item: None, 1)
        crew = RemoteCrew(Cluster(client, pool), bench, "test ")  # type: ignore[arg-type]
        node = Apply(_NODE, "test.next", "1", (), NUMBER)
        nothing: frozenset[NodeId] = frozenset()
        step = Compute(_NODE, node, ())
        key, exports = TaskKey("task"), frozenset([_NODE])
        task = Task(key, (step,), (), exports, ((),), (), nothing, nothing, 0.1, 0.1, 0)
        stint = Stint(Sharing(), 1, task.steps, exports, lambda: None)
        crew.start(task, (), stint)
        result = crew.next()
        return result, sum(key.startswith("next-#") for key in client.keys)


def _killed(allowed: int) -> KilledWorker:
    worker = WorkerState.__new__(WorkerState)
    return KilledWorker("task", worker, allowed)


@pytest.mark.parametrize(
    ("error", "tries"),
    [(CancelledError(), 4), (_killed(0), 4), (_killed(1), 2), (_killed(3), 1)],
)
def test_a_lost_task_is_tried_four_times_in_all_then_it_has_failed(
    error: BaseException, tries: int
) -> None:
    result, tried = _ended(error)
    assert result is not None
    assert tried == tries
    (report,) = result.reports
    assert isinstance(report.outcome, Failed)
    assert "the worker that did this ended" in report.outcome.message
    assert result.troubles == {_NODE: report.outcome}


def test_what_is_no_loss_is_not_tried_again() -> None:
    with pytest.raises(EngineError, match="broke in Dask: ValueError: no"):
        _ended(ValueError("no"))
