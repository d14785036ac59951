"""Primitives of users: seen by the programs of a folder, wrong ones told, edits computed again."""

import json
from pathlib import Path

import pytest

from tests.support.desk import Desk
from voxlogica_core.cli import exits

_MINE = """
from voxlogica_core.primitives.declare import Number, primitive

NAMESPACE = "mine"


@primitive("twice", version=1)
def twice(a: Number, by: Number = 2) -> Number:
    \"\"\"Multiply.\"\"\"
    return a * by
"""
_PROGRAM = """
import "test"
import "mine"
let known = test.fibonacci(20)
let a = mine.twice(known, by = 3)
print "a" a
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "voxlogica.toml").write_text('primitives = ["mine.py"]\n')
    (tmp_path / "mine.py").write_text(_MINE)
    return Desk(tmp_path)


def _counts(out: str) -> tuple[object, int]:
    found = json.loads(out)
    return found["goals"][0]["value"], found["nodes"]["computed"]


def test_an_edit_of_the_file_is_computed_again_and_nothing_else_is(desk: Desk) -> None:
    first = desk.voxlogica("run", "program.imgql", "--json", program=_PROGRAM)
    again = desk.voxlogica("run", "program.imgql", "--json", program=_PROGRAM)
    (desk.folder / "mine.py").write_text(_MINE.replace("a * by", "a * by + 1"))
    edited = desk.voxlogica("run", "program.imgql", "--json", program=_PROGRAM)
    assert _counts(first.out)[0] == 6765 * 3
    assert _counts(again.out) == (6765 * 3, 0)
    assert _counts(edited.out) == (6765 * 3 + 1, 1)


def test_a_wrong_file_is_told_at_the_import_with_its_line(desk: Desk) -> None:
    (desk.folder / "mine.py").write_text(_MINE.replace("a: Number,", "a: int,"))
    answer = desk.voxlogica("check", "program.imgql", program=_PROGRAM)
    assert answer.code == exits.ERRORS
    assert "mine.py:8" in answer.err
    assert "kind int; known are" in answer.err


def test_a_file_that_fails_when_it_is_run_fails_the_goal_and_no_more(desk: Desk) -> None:
    (desk.folder / "mine.py").write_text(_MINE + '\nraise ValueError("no such scanner")\n')
    answer = desk.voxlogica("run", "program.imgql", program=_PROGRAM + 'print "b" 1 + 1\n')
    assert answer.code == exits.FAILED
    assert "no such scanner" in answer.err
    assert "b=2" in answer.out


def test_a_program_elsewhere_does_not_see_it(desk: Desk) -> None:
    (desk.folder / "voxlogica.toml").unlink()
    answer = desk.voxlogica("check", "program.imgql", program=_PROGRAM)
    assert answer.code == exits.ERRORS
    assert "no namespace and no file mine" in answer.err
