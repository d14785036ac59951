"""Several engines on one store: each node is computed once, and nobody waits for ever."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.engines import catalogue, plan_of
from tests.support.processes import PATIENCE, until
from tests.support.stores import node_id
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.outcome import Counts
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.sharing.claims import Claims
from voxlogica_core.plan.node import Apply, NodeId
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.system import try_acquire

_ROOT = Path(__file__).parents[2]
A, B, C = sorted(node_id(name) for name in "abc")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Claims, Claims]]:
    first, second = (Claims(tmp_path / "claims.lock") for _ in range(2))
    yield first, second
    first.close()
    second.close()


def test_what_one_has_another_is_refused_until_it_is_given_back(two: tuple[Claims, Claims]) -> None:
    first, second = two
    assert first.take([A, B]) is None
    assert second.take([C, B]) == B
    first.ended([A, B])
    assert second.take([C, B]) is None


def test_who_is_refused_one_has_none(two: tuple[Claims, Claims]) -> None:
    first, second = two
    assert first.take([C]) is None
    assert second.take([A, B, C]) == C
    assert first.take([A, B]) is None


def test_what_is_handed_over_stays_claimed_until_it_is_recorded(two: tuple[Claims, Claims]) -> None:
    first, second = two
    first.take([A, B])
    first.handed_over(A)
    first.ended([A, B])
    assert second.take([B]) is None
    assert second.take([A]) == A
    first.recorded([A])
    assert second.take([A]) is None


def test_what_is_recorded_before_its_task_ends_stays_claimed_till_then(
    two: tuple[Claims, Claims],
) -> None:
    first, second = two
    first.take([A])
    first.handed_over(A)
    first.recorded([A])
    assert second.take([A]) == A
    first.ended([A])
    assert second.take([A]) is None


def test_who_waits_is_called_when_the_claim_is_given_back(two: tuple[Claims, Claims]) -> None:
    first, second = two
    called = threading.Event()
    first.take([A])
    second.when_free(A, called.set)
    assert not called.wait(0.05)
    first.ended([A])
    assert called.wait(PATIENCE)


def test_closing_gives_everything_back(two: tuple[Claims, Claims]) -> None:
    first, second = two
    first.take([A, B, C])
    first.close()
    assert second.take([A, B, C]) is None


def test_without_a_file_there_is_nobody_to_be_refused_by() -> None:
    first, second = Claims(None), Claims(None)
    assert not first.are_needed
    assert first.take([A]) is None
    assert second.take([A]) is None


def naps(order: Sequence[int], milliseconds: int = 10) -> str:
    """Return a program of numbers that take a while, in layers, asked for in some order."""
    return "".join(
        f'print "{i}" plus(nap({milliseconds}, {i}), nap({milliseconds}, next(nap(5, {i % 4}))))\n'
        for i in order
    )


def right(order: Sequence[int]) -> dict[str, float]:
    return {str(i): float(i + i % 4 + 1) for i in order}


def lasting(order: Sequence[int]) -> set[str]:
    """Return the nodes of `naps` that are recorded; the others are quicker than a look-up."""
    nodes = plan_of(naps(order)).nodes.values()
    kept = ("test.nap", "test.plus")
    return {node.id for node in nodes if isinstance(node, Apply) and node.primitive in kept}


def of_engines(runs: Sequence[Run]) -> Counter[str]:
    return Counter(n for run in runs for n, o in run.outcomes.items() if "computed" in repr(o))


def assert_once(computed: Counter[str], order: Sequence[int]) -> None:
    assert {node: computed[node] for node in lasting(order)} == dict.fromkeys(lasting(order), 1)


def test_two_engines_in_one_process_compute_each_node_once(tmp_path: Path) -> None:
    plans = [plan_of(naps(range(12))), plan_of(naps(range(11, -1, -1)))]
    with ExitStack() as stack:
        stores = [open_store(tmp_path) for _ in plans]
        for store in stores:
            stack.callback(store.close)
        engines = [stack.enter_context(Engine(s, catalogue(), threads=2)) for s in stores]
        runs = [engine.run(plan) for engine, plan in zip(engines, plans, strict=True)]
        for run in runs:
            run.start()
        for run in runs:
            run.wait()
    for run in runs:
        assert {str(r.label): r.value for r in run.results} == right(range(12))
    assert_once(of_engines(runs), range(12))


def test_two_engines_on_one_open_store_compute_each_node_once(tmp_path: Path) -> None:
    plan = plan_of(naps(range(10)))
    store = open_store(tmp_path)
    with (
        Engine(store, catalogue(), threads=2) as one,
        Engine(store, catalogue(), threads=2) as other,
    ):
        runs = [one.run(plan), other.run(plan)]
        for run in runs:
            run.start()
        for run in runs:
            run.wait()
    store.close()
    assert_once(of_engines(runs), range(10))


def test_an_engine_that_has_run_claims_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    program = naps(range(3)) + 'print "no" broken(nap(5, 1))\nprint "image" average(noise(1, 9))'
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan_of(program)).wait()
        assert run.counts.failed == 1
        file = os.open(Layout(tmp_path).claims, os.O_RDWR)
        free = [try_acquire(file, int(node[:15], 16)) for node in run.outcomes]
        os.close(file)
    store.close()
    assert len(free) > 10
    assert all(free)


def test_a_run_that_waits_for_another_engine_is_cancelled_at_once(tmp_path: Path) -> None:
    plan = plan_of('print "x" nap(20, 1)')
    (node,) = (node for node in plan.nodes.values() if isinstance(node, Apply))
    store = open_store(tmp_path)
    owner = Claims(Layout(tmp_path).claims)
    assert owner.take([node.id]) is None
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan)
        run.start()
        time.sleep(0.05)
        assert run.results == []
        run.cancel()
        run.wait()
    assert [result.outcome for result in run.results] == ["cancelled"]
    store.close()
    owner.close()


def test_a_failure_is_tried_again_by_who_waited_for_it(tmp_path: Path) -> None:
    plan = plan_of('print "x" broken(nap(50, 1))')
    stores = [open_store(tmp_path) for _ in range(2)]
    with ExitStack() as stack:
        engines = [stack.enter_context(Engine(s, catalogue(), threads=1)) for s in stores]
        runs = [engine.run(plan) for engine in engines]
        for run in runs:
            run.start()
        for run in runs:
            run.wait()
    assert {run.results[0].outcome for run in runs} == {"failed"}
    assert sum(run.counts.computed for run in runs) == 1
    for store in stores:
        store.close()


def test_what_others_recorded_meanwhile_is_fetched_and_its_inputs_are_not_computed(
    tmp_path: Path,
) -> None:
    text = 'print "x" average(shift(noise(nap(1, 3), 6), nap(1, 2)))'
    stores = [open_store(tmp_path) for _ in range(2)]
    with Engine(stores[0], catalogue(), threads=1) as engine:
        first = engine.run(plan_of(text)).wait()
    assert first.counts == Counts(computed=5)
    with Engine(stores[1], catalogue(), threads=1) as engine:
        again = engine.run(plan_of(text)).wait()
    assert again.counts == Counts(reused=1)
    for store in stores:
        store.close()


@dataclass
class Child:
    """A process that runs a program when it is told to."""

    process: "subprocess.Popen[str]"

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def answer(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.line())
        return found


@pytest.fixture
def family() -> Iterator["Family"]:
    found = Family([])
    yield found
    for child in found.children:
        child.process.kill()
        child.process.communicate()


@dataclass
class Family:
    """Processes that end with the test."""

    children: list[Child]

    def born(self, store: Path, program: Path, threads: int = 2) -> Child:
        words = ["-m", "tests.support.engine_child", str(store), str(program), str(threads)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, *words], cwd=_ROOT, stdin=pipe, stdout=pipe, text=True
        )
        self.children.append(Child(process))
        return self.children[-1]


def computed(answers: Sequence[dict[str, object]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for answer in answers:
        nodes = answer["computed"]
        assert isinstance(nodes, list)
        found.update(str(node) for node in nodes)  # type: ignore[reportUnknownVariableType]
    return found


def test_two_processes_compute_each_node_once(tmp_path: Path, family: Family) -> None:
    programs = [tmp_path / "one", tmp_path / "two"]
    programs[0].write_text(naps(range(20)))
    programs[1].write_text(naps(range(19, -1, -1)))
    children = [family.born(tmp_path / "store", program) for program in programs]
    assert [child.line() for child in children] == ["ready\n"] * 2
    for child in children:
        child.go()
    answers = [child.answer() for child in children]
    assert [answer["values"] for answer in answers] == [right(range(20))] * 2
    assert_once(computed(answers), range(20))


def test_who_waits_takes_over_at_once_when_the_owner_is_killed(
    tmp_path: Path, family: Family
) -> None:
    program = tmp_path / "long"
    notes = tmp_path / "notes"
    program.write_text(f'print "x" dawdle("{notes}", 1)')
    nodes = plan_of(program.read_text()).nodes.values()
    (nap,) = (node.id for node in nodes if isinstance(node, Apply))
    owner, heir = (family.born(tmp_path / "store", program) for _ in range(2))
    assert [owner.line(), heir.line()] == ["ready\n"] * 2
    owner.go()
    assert until(notes.exists)
    claims = Claims(Layout(tmp_path / "store").claims)
    assert claims.take([nap]) is not None  # the owner has it
    heir.go()
    time.sleep(0.1)  # it waits by now; where it does not yet, it need not
    owner.process.kill()
    (tmp_path / "notes.go").touch()
    answer = heir.answer()
    claims.close()
    assert answer["computed"] == [nap]
    assert answer["values"] == {"x": 1.0}


ROUNDS = 5


def test_no_deadlock_whatever_the_order_and_whoever_is_killed(
    tmp_path: Path, family: Family
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    print(f"seed {seed}")  # noqa: T201
    for number in range(ROUNDS):
        store = tmp_path / f"store {number}"
        children: list[Child] = []
        for index in range(3):
            order = list(range(16))
            chance.shuffle(order)
            program = tmp_path / f"program {number} {index}"
            program.write_text(naps(order, 4))
            children.append(family.born(store, program, chance.choice([1, 2, 3])))
        assert [child.line() for child in children] == ["ready\n"] * 3
        for child in children:
            child.go()
        victims = chance.sample(children, chance.choice([0, 1, 2]))
        for victim in victims:
            time.sleep(chance.random() * 0.25)
            victim.process.kill()
        answers = [child.answer() for child in children if child not in victims]
        where = f"seed {seed}, round {number}"
        assert all(answer["values"] == right(range(16)) for answer in answers), where
        found = computed(answers)
        assert not {node for node in lasting(range(16)) if found[node] > 1}, where


def inner_naps(text: str) -> list[NodeId]:
    """Return the naps of a program that are no goals of it."""
    plan = plan_of(text)
    goals = {goal.value for goal in plan.goals}
    found = (node for node in plan.nodes.values() if isinstance(node, Apply))
    return [n.id for n in found if n.primitive == "test.nap" and n.id not in goals]


def test_any_number_of_tasks_may_wait_for_another_engine(tmp_path: Path) -> None:
    text = "".join(f'print "{i}" plus(nap(20, {i}), 1)\n' for i in range(80))
    owner = Claims(Layout(tmp_path).claims)
    naps_of_others = inner_naps(text)
    assert len(naps_of_others) == 80
    store = open_store(tmp_path)
    assert owner.take(naps_of_others) is None
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan_of(text))
        run.start()
        assert until(lambda: waiting_threads() >= 64), "tasks that wait"
        owner.ended(naps_of_others)
        run.wait()
    assert [result.outcome for result in run.results] == ["done"] * 80
    store.close()
    owner.close()


def waiting_threads() -> int:
    return sum(thread.name == "claim" for thread in threading.enumerate())
