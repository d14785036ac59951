"""What an engine says it would begin with: nothing runs, and a run then does just that."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.engines import CountingStore, catalogue, plan_of
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.steps.step import Compute, Deliver, Task
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.store import MemoryStore

_ROOT = Path(__file__).parents[2]
_PROGRAM = 'let n = average(noise(1, 3))\nprint "a" next(n)\nprint "b" plus(n, 2)'


def _computed(tasks: Iterable[Task]) -> set[NodeId]:
    return {step.id for task in tasks for step in task.steps if isinstance(step, Compute)}


def _delivered(tasks: Iterable[Task]) -> int:
    return sum(isinstance(step, Deliver) for task in tasks for step in task.steps)


def test_a_schedule_is_what_a_run_then_computes() -> None:
    plan = plan_of(_PROGRAM)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        tasks = engine.schedule(plan)
        assert _computed(tasks) == set(engine.run(plan).wait().outcomes)
    assert _delivered(tasks) == 2


def test_asking_twice_changes_nothing() -> None:
    plan, store = plan_of(_PROGRAM), CountingStore()
    with Engine(store, catalogue(), threads=2) as engine:
        assert engine.schedule(plan) == engine.schedule(plan)
        assert store.lookup(plan.nodes) == {}


def test_a_schedule_leaves_out_what_is_known() -> None:
    plan = plan_of(_PROGRAM)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        engine.run(plan).wait()
        tasks = engine.schedule(plan)
    assert (_computed(tasks), _delivered(tasks)) == (set(), 2)


def test_what_only_a_run_can_tell_comes_after_the_first_schedule() -> None:
    plan = plan_of('print "x" total(for i in range(0, next(5)) do next(i))')
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        tasks = engine.schedule(plan)
    assert len(_computed(tasks)) == 1
    assert _delivered(tasks) == 0


def test_a_schedule_is_of_the_goals_that_are_named() -> None:
    plan = plan_of(_PROGRAM)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        assert _delivered(engine.schedule(plan, goals=plan.goals[:1])) == 1


def test_a_target_without_a_value_is_refused() -> None:
    plan = plan_of(_PROGRAM)
    with Engine(MemoryStore(), catalogue()) as engine, pytest.raises(UsageError, match="no node"):
        engine.schedule(plan, targets=[NodeId("0" * 64)])


def test_scheduling_imports_no_dask() -> None:
    code = (
        "import sys\n"
        "from tests.support.engines import *\n"
        "with Engine(MemoryStore(), catalogue()) as engine:\n"
        "    engine.schedule(plan_of('print \"x\" for i in range(0, 99) do nap(100, i)'))\n"
        "print([m for m in ('dask', 'distributed') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
