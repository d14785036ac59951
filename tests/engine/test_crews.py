"""Which work is done where: in the calling thread, in threads of the process, or on Dask."""

import threading
from pathlib import Path

import pytest

from tests.support.engines import catalogue, plan_of, printed
from voxlogica_core.engine.crews.dask_source import LazyDask
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Event, Finished, Started
from voxlogica_core.engine.outcome import Done
from voxlogica_core.store.store import MemoryStore

_HERE = threading.get_ident()


def _threads(text: str, count: int) -> set[object]:
    return set(printed(text, threads=count).values())


def test_small_work_is_done_in_the_calling_thread() -> None:
    assert _threads('print "a" thread(1)', 2) == {float(_HERE)}


def test_work_of_a_tenth_of_a_second_is_shared_by_threads_here(tmp_path: Path) -> None:
    goals = "".join(f'print "{i}" company("{tmp_path / "here"}", 2, {i})\n' for i in range(4))
    found = _threads(goals, 2)
    assert len(found) == 2
    assert float(_HERE) not in found


def test_very_many_tiny_steps_are_left_to_one_thread() -> None:
    plan = plan_of('print "x" total(for i in range(0, 30000) do next(i))')
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        before = threading.active_count()
        run = engine.run(plan).wait()
        assert threading.active_count() <= before  # what another test left may end meanwhile
    assert run.value("x") == 30_000 * 29_999 / 2 + 30_000


def test_a_bug_in_a_thread_is_the_outcome_of_its_node_alone() -> None:
    text = "".join(f'print "{i}" thread({i})\n' for i in range(3)) + 'print "bad" bug(nap(60, 1))'
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        results = engine.run(plan_of(text)).wait().results
    assert [result.outcome for result in results] == ["done", "done", "done", "failed"]


def test_a_cancelled_run_ends_though_threads_have_work_left() -> None:
    goals = "".join(f'print "{i}" nap(20, {i})\n' for i in range(40))
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        run = engine.run(plan_of(goals))
        seen: list[Event] = []
        for event in run:
            seen.append(event)
            if isinstance(event, Started):
                run.cancel()
        outcomes = {result.outcome for result in run.results}
    assert "cancelled" in outcomes


def test_what_is_known_when_a_run_is_cancelled_is_printed() -> None:
    goals = "".join(f'print "{i}" nap({100 + 100 * i}, {i})\n' for i in range(12))
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        run = engine.run(plan_of(goals))
        for event in run:
            if isinstance(event, Finished) and isinstance(event.outcome, Done):
                run.cancel()
    known = {node for node, outcome in run.outcomes.items() if isinstance(outcome, Done)}
    assert 0 < len(known) < 12
    assert {result.node for result in run.results if result.outcome == "done"} == known


@pytest.mark.parametrize("threads", [1, 3])
def test_results_do_not_hang_on_the_number_of_threads(threads: int) -> None:
    goals = "".join(f'print "{i}" nap({i % 3}, {i})\n' for i in range(20))
    assert printed(goals, threads=threads) == {str(i): float(i) for i in range(20)}


def test_dask_is_not_there_until_somebody_asks() -> None:
    assert not LazyDask(lambda: pytest.fail("nobody asked"), dashboard=False).is_there
