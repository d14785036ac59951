"""Goals are told while a run goes on: in source order, each once, when all before it ended."""

from collections.abc import Iterator
from itertools import islice

import pytest

from tests.support.engines import plan_of
from tests.support.gates import GATES
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Finished, GoalsEnded
from voxlogica_core.engine.goals import GoalResult
from voxlogica_core.engine.phases.source_order import SourceOrder
from voxlogica_core.engine.run import Run
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Catalogue

pytestmark = pytest.mark.usefixtures("gates")


def _run(engine: Engine, gated: Catalogue, text: str) -> Run:
    return engine.run(plan_of(f'import "gated"\n{text}', known=gated))


def _labels(results: Iterator[GoalResult]) -> list[str | None]:
    return [result.label for result in results]


def test_a_goal_is_told_while_a_later_one_is_computed(engine: Engine, gated: Catalogue) -> None:
    GATES.close(2)
    text = 'print "a" gate(1, [5])\nprint "b" gate(2, [5])\nprint "c" gate(3, [5])'
    ended = _run(engine, gated, text).ended_goals()
    first = next(ended)
    assert (first.label, first.value) == ("a", 6)
    GATES.wait_for(2)
    GATES.open(2)
    assert _labels(ended) == ["b", "c"]


def test_a_goal_waits_for_those_before_it_and_is_told_with_them(
    engine: Engine, gated: Catalogue
) -> None:
    GATES.close(1)
    run = _run(engine, gated, 'print "a" gate(1, [5])\nprint "b" gate(2, [5])')
    told: list[list[str | None]] = []
    for event in run:
        if isinstance(event, Finished) and not told:
            GATES.open(1)
        if isinstance(event, GoalsEnded):
            told.append(_labels(iter(event.results.values())))
    assert [label for labels in told for label in labels] == ["a", "b"]


def test_a_goal_that_fails_holds_up_nobody(engine: Engine, gated: Catalogue) -> None:
    GATES.close(3)
    text = 'print "a" refuse(1, [5])\nprint "b" gate(2, [5])\nprint "c" gate(3, [5])'
    ended = _run(engine, gated, text).ended_goals()
    assert [result.outcome for result in islice(ended, 2)] == ["failed", "done"]
    GATES.open(3)
    assert [result.outcome for result in ended] == ["done"]


def test_items_that_are_goals_of_their_own_are_told_as_they_come(
    engine: Engine, gated: Catalogue
) -> None:
    GATES.close(3)
    text = """
    let names = ["one", "two", "three"]
    print (names) (for k in [1, 2, 3] do gate(k, [5]))
    print "last" 7
    """
    ended = _run(engine, gated, text).ended_goals()
    assert _labels(islice(ended, 2)) == ["one", "two"]
    GATES.open(3)
    assert _labels(ended) == ["three", "last"]


def test_a_cancelled_run_tells_all_goals_in_the_end(engine: Engine, gated: Catalogue) -> None:
    GATES.close(1)
    text = "".join(f'print "{k}" gate({k}, [5])\n' for k in range(1, 9))
    run = _run(engine, gated, text)
    run.start()
    GATES.wait_for(1, 2)
    run.cancel()
    GATES.open(1)
    results = list(run.ended_goals())
    assert results == run.results
    assert {result.outcome for result in results} == {"done", "cancelled"}


def test_what_nobody_prints_is_no_goal_that_is_told(engine: Engine, gated: Catalogue) -> None:
    plan = plan_of('import "gated"\nlet a = gate(1, [5])\nprint "b" a + 1', known=gated)
    run = engine.run(plan, targets=[plan.declarations["a"]])
    assert _labels(run.ended_goals()) == ["b"]


def _result(label: str) -> GoalResult:
    return GoalResult("print", label, 1, NodeId("n"), "done")


def test_the_order_is_that_of_the_source_whatever_ends_first() -> None:
    results: dict[tuple[int, int], GoalResult] = {}
    order = SourceOrder(results)
    results[1, 0] = _result("b")
    assert not list(order.ended())
    order.has_items(0, 2)
    results[0, 1] = _result("a 2")
    assert not list(order.ended())
    results[0, 0] = _result("a 1")
    assert [place for place, _ in order.ended()] == [(0, 0), (0, 1), (1, 0)]
    order.has_items(2, 0)
    results[3, 0] = _result("d")
    assert [place for place, _ in order.ended()] == [(3, 0)]
    assert not list(order.ended())
