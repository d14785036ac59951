"""The pace of a run: what is expected is corrected by what was measured."""

import pytest

from tests.support.engines import catalogue, plan_of
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Finished
from voxlogica_core.engine.steps.pace import Pace
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.store import MemoryStore


def _nodes(count: int) -> list[NodeId]:
    return [NodeId(f"n{number}") for number in range(count)]


def test_what_waits_takes_as_much_longer_as_its_primitive_took() -> None:
    pace = Pace()
    slow, other, *_ = nodes = _nodes(6)
    for node in nodes:
        pace.expect(node, "near" if node != other else "dt", 1.0)
    assert pace.left == 6.0
    pace.end(slow, 3.0)
    assert pace.ratio("near") == 3.0
    assert pace.ratio("dt") == 1.0
    assert pace.left == pytest.approx(4 * 3.0 + 1.0)


def test_the_order_of_endings_does_not_matter() -> None:
    def left(order: list[int]) -> float:
        pace = Pace()
        nodes = _nodes(5)
        for node in nodes:
            pace.expect(node, "near", 0.5)
        for number in order:
            pace.end(nodes[number], 0.25 * (number + 1))
        return pace.left

    assert left([0, 1, 2]) == pytest.approx(left([2, 0, 1]))


def test_nothing_is_learnt_from_what_was_not_done() -> None:
    pace = Pace()
    first, second = _nodes(2)
    pace.expect(first, "near", 1.0)
    pace.expect(second, "near", 1.0)
    pace.end(first)
    assert (pace.ratio("near"), pace.left) == (1.0, 1.0)
    pace.end(second, 9.0)
    pace.end(second, 9.0)
    assert pace.left == 0.0


def test_one_odd_node_does_not_stretch_the_others_without_bound() -> None:
    pace = Pace()
    first, second = _nodes(2)
    pace.expect(first, "near", 0.001)
    pace.expect(second, "near", 0.001)
    pace.end(first, 60.0)
    assert pace.left == pytest.approx(0.02)


def test_a_run_ends_with_nothing_left() -> None:
    program = 'print "x" total(for i in range(0, 12) do rest(5, i))'
    with Engine(MemoryStore(), catalogue(), threads=1) as engine:
        events = list(engine.run(plan_of(program)))
    left = [event.left for event in events if isinstance(event, Finished)]
    assert left[0] > 0
    assert left[-1] == 0.0
