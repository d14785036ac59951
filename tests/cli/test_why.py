from pathlib import Path

import pytest

from tests.support.desk import Desk

PROGRAM = """\
load img = "image.nii.gz"
let level = 0.3
let grey = intensity(img)
let bright = grey >. level
print "size" volume(bright)
save "grey.nii.gz" grey
"""
"""What is saved is kept, however long it took."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_why_names_what_changed_since_the_last_run_and_where(desk: Desk) -> None:
    assert desk.voxlogica("run", "program.imgql", program=PROGRAM).code == 0
    told = desk.voxlogica("why", "program.imgql", "size")
    assert (told.code, told.out) == (0, "`size` is known: nothing is computed for it.\n")
    edited = PROGRAM.replace("0.3", "0.35")
    told = desk.voxlogica("why", "program.imgql", "size", program=edited)
    assert told.out.startswith(
        "`size` is to be computed: `0.3` became `0.35` (line 2); 2 nodes are made for it."
    )
    told = desk.voxlogica("why", "program.imgql", "4:19", "--json")
    cause = told.object["cause"]
    assert isinstance(cause, dict)
    assert (told.object["reason"], cause["old"], cause["new"]) == ("literal", "0.3", "0.35")
    assert cause["location"]["start"] == {"line": 2, "column": 13}


def test_a_run_of_before_is_no_reason_where_there_was_none(desk: Desk) -> None:
    told = desk.voxlogica("why", "program.imgql", "bright", program=PROGRAM)
    assert "it was never computed: no run of this program is remembered (line 4)" in told.out


def test_what_is_no_value_of_the_program_is_refused_with_those_that_are(desk: Desk) -> None:
    told = desk.voxlogica("why", "program.imgql", "dark", program=PROGRAM)
    assert told.code == 3
    assert "'dark' is none: it has img, level, grey, bright" in told.err
