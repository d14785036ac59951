"""Items of loops that fail: the others are there, and the next run does the failed ones only."""

import json
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.engines import catalogue, plan_of, run
from voxlogica_core.cli import exits
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.goals import GoalResult
from voxlogica_core.engine.outcome import Counts
from voxlogica_core.engine.report import run_object
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.written import Gap, written

_REASON = "division wants a divisor other than 0, and 10 / 0 came"


def _only(text: str) -> GoalResult:
    (result,) = run(text).results
    return result


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("for x in [5, 0, 2] do 10 / x", "[2, failed, 5]"),
        ("for x in [1, 0] do 10 / plus(x, 0)", "[10, failed]"),
        ("for x in steps(3) do 10 / x", "[failed, 10, 5]"),
        ("for x in [0, 2] do [x, 10 / x]", "[[0, failed], [2, 5]]"),
        ("for x in [1, 0] do for y in [1, 2] do y / x", "[[1, 2], [failed, failed]]"),
        ("for i in [0, 7, 1] do [10, 20][i]", "[10, failed, 20]"),
        ("for i in [0, 7, 1] do (for j in steps(2) do next(j))[i]", "[1, failed, 2]"),
        ('for x in [1, "b"] do x + 1', "[2, failed]"),
        ("for x in [0, 1] do (for y in steps(3) do next(y))[0:3][x * 9]", "[1, failed]"),
    ],
)
def test_items_that_fail_are_marked_and_the_others_are_printed(source: str, shown: str) -> None:
    result = _only(f'print "x" {source}')
    assert written(result.value) == shown
    assert result.outcome == "failed"


def test_a_failed_item_is_told_by_its_place_and_reason() -> None:
    result = _only('print "x" for x in [5, 0, 2] do 10 / x')
    assert result.message == f"item 2: {_REASON}"
    assert [(item.place, item.message) for item in result.failed] == [((1,), _REASON)]


def test_several_failed_items_are_counted() -> None:
    result = _only('print "x" for x in [0, 5, 0, 0] do 10 / x')
    assert result.message == f"item 1: {_REASON}, and 2 more failed"
    assert [item.place for item in result.failed] == [(0,), (2,), (3,)]


@pytest.mark.parametrize("use", ["sum", "total", "fold plus 0 "])
def test_what_takes_the_whole_sequence_is_blocked_by_the_failed_item(use: str) -> None:
    result = _only(f'print "x" {use}(for x in [5, 0, 2] do 10 / plus(x, 0))')
    assert (result.value, result.outcome) == (None, "blocked")
    assert result.message.endswith(_REASON)


def test_who_is_blocked_by_an_item_says_which() -> None:
    assert _only('print "x" sum(for x in [5, 0, 2] do 10 / x)').message == f"item 2: {_REASON}"


def test_a_filter_of_which_one_answer_fails_is_blocked_as_nobody_knows_its_length() -> None:
    result = _only('print "x" filter x in [5, 0, 2] do 10 / x > 1')
    assert (result.outcome, result.value, result.message) == ("blocked", None, _REASON)


def test_the_length_of_a_loop_does_not_hang_on_its_items() -> None:
    assert _only('print "x" length(for x in [5, 0, 2] do 10 / x)').value == 3


def test_json_has_null_for_a_failed_item_and_says_why() -> None:
    found = run('print "x" for x in [5, 0] do 10 / x')
    (goal,) = json.loads(json.dumps(run_object(found, [])))["goals"]
    assert (goal["value"], goal["outcome"]) == ([2, None], "failed")
    (item,) = goal["failed"]
    assert (item["item"], item["message"]) == ([1], _REASON)
    assert len(item["node"]) == 64


def test_goals_without_failed_items_have_no_such_key() -> None:
    (goal,) = run_object(run('print "x" [1, 2]'), [])["goals"]
    assert "failed" not in goal


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "5,2\n0,failed\n"),
        ("t.json", "[\n  [\n    5,\n    2\n  ],\n  [\n    0,\n    null\n  ]\n]\n"),
        ("t.txt", "[5, 2]\n[0, null]\n"),
    ],
)
def test_a_table_is_saved_with_its_failed_rows_marked(
    name: str, content: str, tmp_path: Path
) -> None:
    plan = plan_of(f'save "{name}" for x in [5, 0] do [x, 10 / x]')
    with Engine(MemoryStore(), catalogue()) as engine:
        (result,) = engine.run(plan, folder=tmp_path).wait().results
    assert (tmp_path / name).read_text() == content
    assert (result.outcome, result.value) == ("failed", str(tmp_path / name))
    assert result.message == f"item 2.2: {_REASON}"


def test_one_save_an_item_fails_for_the_failed_item_alone(tmp_path: Path) -> None:
    plan = plan_of('save (["a.txt", "b.txt"]) for x in [5, 0] do 10 / x')
    with Engine(MemoryStore(), catalogue()) as engine:
        results = engine.run(plan, folder=tmp_path).wait().results
    assert [result.outcome for result in results] == ["done", "failed"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt"]


def test_the_next_run_does_the_failed_case_only() -> None:
    store = MemoryStore()
    text = 'print "x" for i in range(0, 40) do average(shift(noise(i, 60), 1)) / (i - 36)'
    first = run(text, store)
    assert isinstance(first.results[0].value, tuple)
    assert [place for place, item in enumerate(first.results[0].value) if item == Gap()] == [36]
    assert first.counts == Counts(computed=40 * 3 + 39, failed=1, blocked=0)
    again = run(text, store).counts
    assert again == Counts(computed=39, reused=40, failed=1)  # no image; divisions are quicker


def test_an_item_without_enough_memory_fails_alone_and_says_so() -> None:
    result = _only('print "x" for x in [1, 2] do ifN(over(x, 1), hoard(x), next(x))')
    assert written(result.value) == "[2, failed]"
    assert "there is not enough memory" in result.message


def test_a_case_that_cannot_be_read_fails_alone_from_the_command_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    whole = (tmp_path / "image.nii.gz").read_bytes()
    (tmp_path / "torn.nii.gz").write_bytes(whole[: len(whole) // 2])
    text = 'print "x" for c in ["image.nii.gz", "torn.nii.gz"] do max(load(c))\n'
    answer = desk.voxlogica("run", "program.imgql", program=text)
    assert (answer.code, answer.out) == (exits.FAILED, "x=[200, failed]\n")
    assert "item 2: " in answer.err
    assert "torn.nii.gz" in answer.err
