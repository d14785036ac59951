"""Why and cost after an edit, over the wire: one text on every face, before anything runs."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support.pictures import write_ball
from tests.support.wire import QuickWire, Wire

PROGRAM = """\
load img = "ball.nii.gz"
let level = 50.5
let bright = intensity(img) >. level
print "volume" volume(bright)
"""
CLAUSE = "`50.5` became `60.5` (line 2)"
VOLUME = {"line": 3, "character": 17}


@pytest.fixture
def edited(tmp_path: Path) -> Generator[tuple[Wire, str]]:
    """Give a program that has run, and was edited since."""
    write_ball(tmp_path / "ball.nii.gz")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open(PROGRAM)
        wire.command_result("run", uri)
        wire.edit(uri, 2, {"text": PROGRAM.replace("50.5", "60.5")})
        yield wire, uri


def test_why_names_the_literal_and_where_it_stands(edited: tuple[Wire, str]) -> None:
    wire, uri = edited
    told = wire.command_result("why", uri, VOLUME)
    assert told["text"].startswith(f"`volume(bright)` is to be computed: {CLAUSE}; ")
    cause: dict[str, Any] = told["cause"]
    assert (told["reason"], cause["old"], cause["new"]) == ("literal", "50.5", "60.5")
    assert cause["location"]["uri"] == uri
    assert cause["location"]["range"] == {
        "start": {"line": 1, "character": 12},
        "end": {"line": 1, "character": 16},
    }


def test_hover_and_page_say_the_same(edited: tuple[Wire, str]) -> None:
    wire, uri = edited
    hover = wire.at("textDocument/hover", uri, 3, 17)
    assert CLAUSE in hover["contents"]["value"]
    assert CLAUSE in str(wire.command_result("open", uri, VOLUME, "why"))


def test_the_cost_of_the_edit_is_told_before_anything_runs(edited: tuple[Wire, str]) -> None:
    wire, uri = edited
    price = wire.command_result("cost", uri)
    assert (price["changed"], price["total"], price["exact"]) == (2, 4, True)
    assert price["text"].startswith("this edit changes 2 of 4 nodes, about ")
    counts = wire.command_result("run", uri)["nodes"]
    assert price["compute"] == counts["computed"] + counts["rematerialised"]
    assert price["reused"] == counts["reused"]


def test_undone_nothing_is_to_do(edited: tuple[Wire, str]) -> None:
    wire, uri = edited
    wire.edit(uri, 3, {"text": PROGRAM})
    assert wire.command_result("why", uri, VOLUME)["reason"] == "kept"
    assert wire.command_result("cost", uri)["text"] == "nothing to compute: all 4 nodes are known"
