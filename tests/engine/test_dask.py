import subprocess
import sys
import threading
import tracemalloc
import warnings
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from time import monotonic

import numpy as np
import psutil
import pytest
from dask.utils import key_split
from distributed import core

from tests.support.engines import CountingStore, catalogue, plan_of, printed, run
from tests.support.processes import PATIENCE, until
from voxlogica_core.engine.crews.titles import LONGEST, labels_of, labels_of_items, titled
from voxlogica_core.engine.crews.window import SLOW_DISK, LocalWindow
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Finished, Queued, RunEnded, Started
from voxlogica_core.engine.outcome import Cancelled, Counts, Done
from voxlogica_core.engine.steps.operand import Items
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.image import Image

NAPS = 'print "x" total(for i in range(0,{}) do nap(20,i))'
SUMS = """
let both3(a) = both(a, shift(a, 0.1))
print "all" for i in range(0, 6) do average(both3(shift(noise(i, 40), i)))
print "naps" total(for i in range(0, 8) do nap(5, i))
"""
WARMING = 'print "w" total(for i in range({},{}) do rest(25,i))'


@contextmanager
def engine_on_dask() -> Generator[Engine]:
    """Give an engine whose Dask has come already, so that all but small work is done there."""
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        end = monotonic() + PATIENCE
        for first in count(step=80):
            engine.run(plan_of(WARMING.format(first, first + 80))).wait()
            if dask_is_there():
                break
            assert monotonic() < end, "Dask did not come"
        yield engine


def dask_is_there() -> bool:
    return any("Dask" in thread.name for thread in threading.enumerate())


def test_values_are_the_same_bits_with_any_number_of_threads() -> None:
    assert printed(SUMS, threads=1) == printed(SUMS, threads=2) == printed(SUMS, threads=3)


def test_every_node_of_a_run_on_dask_finishes_once() -> None:
    with engine_on_dask() as engine:
        events = list(engine.run(plan_of(NAPS.format(20))))
    finished = Counter(event.node for event in events if isinstance(event, Finished))
    assert set(finished.values()) == {1}
    assert len(finished) == 21
    assert any(isinstance(event, Queued) and event.tasks > 1 for event in events)
    assert any(isinstance(event, Started) for event in events)
    assert events[-1] == RunEnded(Counts(computed=21), events[-1].seconds, cancelled=False)  # type: ignore[union-attr]
    assert max(event.fraction for event in events if isinstance(event, Finished)) > 0.9


def test_a_run_moves_to_dask_when_it_comes_and_loses_nothing(tmp_path: Path) -> None:
    text = f"""
    let im = noise(1, 30)
    let late = after("{tmp_path / "go"}", 0)
    print "m" average(im)
    print "x" total(for i in range(0, 60) do plus(rest(25, i), average(shift(im, plus(i, late)))))
    """
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        run = engine.run(plan_of(text))
        run.start()
        assert until(dask_is_there)
        (tmp_path / "go").touch()
        moved = run.wait()
    with Engine(MemoryStore(), catalogue(), threads=1) as engine:
        assert engine.run(plan_of(text)).value("x") == moved.value("x")
    assert moved.counts == Counts(computed=1 + 1 + 1 + 60 * 5 + 1)


def test_two_runs_at_once_compute_each_node_once() -> None:
    with engine_on_dask() as engine:
        plan = plan_of(NAPS.format(10))
        first, second = engine.run(plan), engine.run(plan)
        first.start()
        second.start()
        first.wait()
        second.wait()
        assert first.counts.computed + second.counts.computed == 11
        assert first.value("x") == second.value("x") == 45.0


def test_cancelling_keeps_what_is_finished() -> None:
    store = CountingStore()
    plan = plan_of(NAPS.format(200))
    with Engine(store, catalogue(), threads=2) as engine:
        running = engine.run(plan)
        for event in running:
            if isinstance(event, Finished) and isinstance(event.outcome, Done):
                running.cancel()
    computed = running.counts.computed
    assert 0 < computed < 200
    assert [result.outcome for result in running.results] == ["cancelled"]
    assert any(isinstance(outcome, Cancelled) for outcome in running.outcomes.values())
    again = run(NAPS.format(200), store)
    assert again.counts == Counts(computed=201 - computed, reused=computed)


def test_a_failing_kernel_on_dask_leaves_the_rest_alone() -> None:
    text = NAPS.format(6) + '\nprint "y" total(for i in range(0,6) do plus(nap(20,i), broken(i)))'
    with engine_on_dask() as engine:
        done = engine.run(plan_of(text)).wait()
    assert [result.outcome for result in done.results] == ["done", "blocked"]
    assert done.counts.failed == 6


def test_values_are_let_go_after_their_last_use() -> None:
    """Each of 40 cases holds 4 MB; all at once would be 160 MB and more."""
    text = 'print "x" total(for i in range(0,40) do average(shift(noise(i, 100), 1)))'
    plan = plan_of(text)

    class Forgetful(MemoryStore):
        def record(self, batch: object) -> None:
            del batch

    with Engine(Forgetful(), catalogue(), threads=2, memory=40_000_000) as engine:
        engine.run(plan_of(NAPS.format(8))).wait()
        tracemalloc.start()
        done = engine.run(plan).wait()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert done.counts.computed == 121
    assert peak < 80_000_000


def test_values_of_goals_can_be_had_afterwards() -> None:
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        plan = plan_of('let im = noise(3, 4)\nprint "n" next(1)\nprint "im" im\nprint "s" [im, im]')
        done = engine.run(plan, targets=[plan.declarations["im"]]).wait()
        image = done.value("im")
        assert done.value("n") == 2.0
        pair = done.value("s")
    expected = np.random.default_rng(3).normal(size=(4, 4, 4)).astype(np.float32)
    assert isinstance(image, Image)
    assert np.array_equal(image.voxels, expected)
    assert isinstance(pair, tuple)
    assert len(pair) == 2


def test_small_work_does_without_dask() -> None:
    code = (
        "import sys; from tests.support.engines import printed;"
        'assert printed(\'print "x" for i in range(0,200) do next(i)\')["x"][0] == 1.0;'
        "assert not {'dask', 'distributed', 'SimpleITK', 'numba'} & set(sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_a_killed_process_finished_is_not_computed_again(tmp_path: Path) -> None:
    text = f"""
    let late = after("{tmp_path / "go"}", 1)
    print "x" total(for i in range(0, 60) do plus(nap(20, i), late))
    """
    code = (
        "import sys; from pathlib import Path;"
        "from tests.support.engines import catalogue, plan_of;"
        "from voxlogica_core.engine.engine import Engine;"
        "from voxlogica_core.engine.events import Finished;"
        "from voxlogica_core.store.sqlite import open_store;"
        f"run = Engine(open_store(Path({str(tmp_path)!r})), catalogue(), threads=2)"
        f".run(plan_of({text!r}));\n"
        "for event in run:\n"
        "    if isinstance(event, Finished): print(event.node, flush=True)"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        done = [NodeId(child.stdout.readline().strip()) for _ in range(10)]
        with closing(StoreReader(tmp_path)) as reader:
            assert until(lambda: len(reader.lookup(done)) == 10)  # recorded behind the run
        child.kill()
    (tmp_path / "go").touch()
    store = open_store(tmp_path)
    again = run(text, store)
    store.close()
    assert [result.value for result in again.results] == [1830.0]
    assert again.counts.reused >= 10
    assert again.counts.computed + again.counts.reused == 122


def test_who_is_at_a_long_task_when_dask_comes_holds_nobody_up(tmp_path: Path) -> None:
    text = f"""
    print "late" after("{tmp_path / "go"}", 1)
    print "x" total(for i in range(0, 80) do rest(5, i))
    """
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        run = engine.run(plan_of(text))
        run.start()
        assert until(lambda: run.counts.computed >= 80)
        (tmp_path / "go").touch()
        run.wait()
    assert [result.value for result in run.results] == [1.0, 3160.0]


def test_dask_listens_on_this_machine_only() -> None:
    with engine_on_dask():
        listening = [c for c in psutil.Process().net_connections("inet") if c.status == "LISTEN"]
    assert {connection.laddr.ip for connection in listening} <= {"127.0.0.1", "::1"}


def test_dask_alarms_nobody_because_a_machine_is_busy() -> None:
    cluster = LocalWindow(1, dashboard=False)
    try:
        warnings.warn(f"{SLOW_DISK} is taking a surprisingly long time. (2.9s)", stacklevel=1)
    finally:
        cluster.close()
    assert SLOW_DISK in Path(core.__file__).read_text("utf-8")  # it still begins so


def test_images_a_filter_may_take_are_not_all_held() -> None:
    """Thirty images of 4 MB wait for what the filter says; the budget has room for five."""
    text = """
    let cases = for i in range(0, 30) do noise(i, 100)
    print "n" total(for c in filter c in cases do over(average(c), 0) do average(c))
    """
    with Engine(CountingStore(), catalogue(), threads=2, memory=40_000_000) as engine:
        done = engine.run(plan_of(text)).wait()
    assert [result.outcome for result in done.results] == ["done"]
    assert done.counts.computed + done.counts.reused + done.counts.rematerialised >= 91


def _groups(text: str) -> list[str]:
    """Return what Dask's pages put the tasks of a program under."""
    plan = plan_of(text)
    with Engine(MemoryStore(), catalogue(), threads=1) as engine:
        tasks = engine.schedule(plan)
    titles = [titled(task, labels_of(plan)) for task in tasks]
    assert all(len(title.split(" ", 1)[-1]) <= LONGEST for title in titles)
    return [key_split(f"{title}-#voxlogica-1 {number}") for number, title in enumerate(titles)]


def test_items_are_called_by_the_loop_they_belong_to() -> None:
    a, b, loop = NodeId("a"), NodeId("b"), NodeId("loop")
    operands = {loop: Items((a, Items((b,))))}
    assert labels_of_items({loop: "edges"}, operands) == {a: "edges", b: "edges"}
    assert labels_of_items({loop: "edges", a: "first"}, operands) == {b: "edges"}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ('print "x" average(shift(noise(1, 9), 2))', "average x"),
        ("let rim = shift(noise(1, 9), 2)\nprint (word(1)) average(rim)", "word"),
        ('let rim = shift(noise(1, 9), 2)\nprint "m" next(average(rim))', "next m"),
        ('print "T1-weighted" next(1)', "next T1_weighted"),
        ('print "two  words" next(1)', "next two words"),
        (f'print "{"long" * 20}" next(1)', f"next {('long' * 20)[:39]}…"),
        ('let x = next(1)\nprint "s" for i in range(0, 99) do i * x', "for s"),
    ],
)
def test_dask_calls_tasks_by_what_they_compute_and_by_its_label(text: str, group: str) -> None:
    assert group in _groups(text)
