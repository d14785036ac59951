"""An item of a loop is the node its text would have been, whatever kinds the items have."""

import pytest

from tests.support.engines import catalogue, plan_of
from voxlogica_core.plan.node import Array, NodeId
from voxlogica_core.plan.nodes.items import RULES, items
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.plan import Plan

_START = "let im = noise(1, 3)\nlet m = above(im, 0)\nlet n = next(1)\n"


def _asked(text: str) -> tuple[Plan, NodeId]:
    plan = plan_of(f'{_START}print "x" {text}')
    (goal,) = plan.goals
    assert goal.value is not None
    return plan, goal.value


def _items(text: str) -> list[NodeId]:
    plan, loop = _asked(text)
    found = items(NodeTable(catalogue(), RULES, parent=plan.nodes), loop)
    assert found is not None
    return found


def _written(text: str) -> list[NodeId]:
    plan, array = _asked(text)
    node = plan.nodes[array]
    assert isinstance(node, Array)
    return list(node.items)


@pytest.mark.parametrize(
    ("loop", "written"),
    [
        ("for i in range(0, 3) do plus(i, n)", "[plus(0, n), plus(1, n), plus(2, n)]"),
        ("for i in [1, n, 2] do i + 1", "[1 + 1, n + 1, 2 + 1]"),
        ("for i in [1, im, n] do im + i", "[im + 1, im + im, im + n]"),
        ("for i in [m, !m] do volume(i & border)", "[volume(m & border), volume(!m & border)]"),
        ("for i in [1, 2] do n", "[n, n]"),
        ("for i in [1, 2] do i", "[1, 2]"),
        (
            "for i in [1, 2] do for j in [i, n] do plus(i, j)",
            "[(for j in [1, n] do plus(1, j)), (for j in [2, n] do plus(2, j))]",
        ),
        ("for i in [im, shift(im, 1)] do [i, i]", "[[im, im], [shift(im, 1), shift(im, 1)]]"),
        ("for i in (for j in [n, 2] do j + 1) do i * n", "[(n + 1) * n, (2 + 1) * n]"),
        ("(for i in range(0, 9) do plus(i, n))[7:9]", "[plus(7, n), plus(8, n)]"),
        ("for i in [im] do average(constant(5, i))", "[average(constant(5, im))]"),
        ("for i in [m] do touch(i, border)", "[touch(m, border)]"),
    ],
)
def test_an_item_is_the_node_written_by_hand(loop: str, written: str) -> None:
    assert _items(loop) == _written(written)


def test_an_item_alone_is_the_item_among_all() -> None:
    many = _items("for i in range(0, 50) do plus(i, n) + 1")
    plan, node = _asked("(for i in range(0, 50) do plus(i, n) + 1)[33]")
    assert node == many[33]
    assert node in plan.nodes
