"""Small runs of several engines: one leads to a goal, the others wait for it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.engines import catalogue, plan_of
from tests.support.processes import until
from tests.support.stores import node_id
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.outcome import Counts
from voxlogica_core.engine.phases.lead import Lead
from voxlogica_core.engine.sharing.claims import Claims
from voxlogica_core.engine.stopping import Stopping
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import Store

A, B, C = sorted(node_id(name) for name in "abc")
SMALL, LARGE, TINY = 0.5, 60.0, 0.001
PROGRAM = "".join(f'print "{i}" plus(nap(30, {i}), nap(30, {i + 100}))\n' for i in range(4))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Claims]:
    """Claims of another engine on the store."""
    found = Claims(Layout(tmp_path).claims)
    yield found
    found.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path)
    yield found
    found.close()


def goals_of(plan: Plan) -> list[NodeId]:
    return [goal.value for goal in plan.goals if goal.value is not None]


def somebody_waits() -> bool:
    return any(thread.name == "claim" for thread in threading.enumerate())


def lead_on(claims: Claims) -> Lead:
    return Lead(claims, Stopping(), lambda: None)


def test_a_small_run_claims_its_goals_and_is_told_of_those_of_others(
    tmp_path: Path, other: Claims
) -> None:
    assert other.lead([B]) == set()
    ours = Claims(Layout(tmp_path).claims)
    lead = lead_on(ours)
    assert lead.take({A, B, C}, SMALL) == {B}
    assert other.lead([A, B, C]) == {A, C}
    lead.end()
    assert other.lead([A, C]) == set()
    ours.close()


@pytest.mark.parametrize("seconds", [TINY, LARGE])
def test_tiny_and_large_runs_lead_to_nothing_and_wait_for_nothing(
    tmp_path: Path, other: Claims, seconds: float
) -> None:
    other.lead([B])
    ours = Claims(Layout(tmp_path).claims)
    assert lead_on(ours).take({A, B}, seconds) == set()
    assert other.lead([A]) == set()
    ours.close()


def test_a_run_of_very_many_goals_claims_none_of_them(tmp_path: Path, other: Claims) -> None:
    ours = Claims(Layout(tmp_path).claims)
    many = {node_id(str(number)) for number in range(300)}
    assert lead_on(ours).take(many, SMALL) == set()
    assert other.lead(many) == set()
    ours.close()


def test_goals_are_given_back_after_what_was_reached_is_recorded(
    tmp_path: Path, other: Claims
) -> None:
    ours = Claims(Layout(tmp_path).claims)
    order: list[str] = []

    def flush() -> None:
        order.append("claimed" if other.lead([A]) else "free")

    lead = Lead(ours, Stopping(), flush)
    lead.take({A}, SMALL)
    lead.end()
    assert order == ["claimed"]
    assert other.lead([A]) == set()
    ours.close()


def test_two_runs_of_one_engine_lead_to_the_same_goal_until_both_have_ended(
    tmp_path: Path, other: Claims
) -> None:
    ours = Claims(Layout(tmp_path).claims)
    leads = [lead_on(ours), lead_on(ours)]
    assert [lead.take({A}, SMALL) for lead in leads] == [set(), set()]
    leads[0].end()
    assert other.lead([A]) == {A}
    leads[1].end()
    assert other.lead([A]) == set()
    ours.close()


def test_a_goal_that_is_led_to_stays_claimed_when_its_task_has_ended(
    tmp_path: Path, other: Claims
) -> None:
    ours = Claims(Layout(tmp_path).claims)
    lead = lead_on(ours)
    lead.take({A}, SMALL)
    assert ours.take([A]) is None
    ours.ended([A])
    assert other.lead([A]) == {A}
    lead.end()
    assert other.lead([A]) == set()
    ours.close()


def test_what_another_engine_leads_to_is_waited_for(store: Store, other: Claims) -> None:
    plan = plan_of(PROGRAM)
    other.lead(goals_of(plan))
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan)
        run.start()
        assert until(somebody_waits)
        assert run.counts == Counts()
        other.led(goals_of(plan))
        run.wait()
    assert [result.value for result in run.results] == [100.0, 102.0, 104.0, 106.0]


def test_goals_that_nobody_leads_to_are_reached_meanwhile(store: Store, other: Claims) -> None:
    plan = plan_of(PROGRAM)
    first, *rest = goals_of(plan)
    other.lead([first])
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan)
        run.start()
        assert until(somebody_waits)
        done = {node for node in rest if node in run.outcomes}
        assert done == set(rest)
        assert first not in run.outcomes
        other.led([first])
        run.wait()
    assert [result.outcome for result in run.results] == ["done"] * 4


def test_who_waits_computes_nothing_of_what_was_reached_meanwhile(
    tmp_path: Path, store: Store
) -> None:
    notes = tmp_path / "notes"
    plan = plan_of(f'print "x" plus(dawdle("{notes}", 1), nap(30, 2))')
    first_store = open_store(tmp_path)
    with Engine(first_store, catalogue(), threads=2) as one, Engine(store, catalogue()) as two:
        first, second = one.run(plan), two.run(plan)
        first.start()
        assert until(notes.exists)
        second.start()
        assert until(somebody_waits)
        Path(f"{notes}.go").touch()
        first.wait()
        second.wait()
    first_store.close()
    assert second.counts == Counts(reused=1)
    assert [result.value for result in second.results] == [3.0]


def test_a_run_that_waits_for_a_goal_is_cancelled_at_once(store: Store, other: Claims) -> None:
    plan = plan_of(PROGRAM)
    other.lead(goals_of(plan))
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan)
        run.start()
        assert until(somebody_waits)
        run.cancel()
        run.wait()
    assert [result.outcome for result in run.results] == ["cancelled"] * 4
