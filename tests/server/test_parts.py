"""Runs of parts of a document: to the cursor, of a selection."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.pictures import write_ball
from tests.support.wire import QuickWire, Wire

PROGRAM = """\
let one = sqrt(16)
print "one" one
let two = sqrt(81)
print "two" two
"""

BALL = """\
load img = "ball.nii.gz"
let size = volume(intensity(img) >. 50)
let other = volume(intensity(img) >. 60)
print "other" other
"""


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        yield wire


def at(line: int, character: int = 0) -> dict[str, int]:
    return {"line": line, "character": character}


def values(result: dict[str, Any]) -> dict[str, object]:
    return {goal["label"]: goal["value"] for goal in result["goals"]}


def known(wire: Wire, uri: str) -> dict[str, str]:
    return {row["name"]: row["status"] for row in wire.command_result("status", uri)}


def refusal(wire: Wire, name: str, *arguments: object) -> str:
    params = {"command": f"imgql.server.{name}", "arguments": list(arguments)}
    return wire.ask("workspace/executeCommand", params)["error"]["message"]


def test_a_run_to_the_cursor_prints_what_stands_above(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    assert values(wire.command_result("runToCursor", uri, at(2, 5))) == {"one": 4}
    assert values(wire.command_result("runToCursor", uri, at(3))) == {"one": 4, "two": 9}


def test_a_run_to_a_declaration_makes_its_value_known_and_no_other(
    wire: Wire, tmp_path: Path
) -> None:
    write_ball(tmp_path / "ball.nii.gz")
    uri = wire.open(BALL)
    result = wire.command_result("runToCursor", uri, at(1, 4))
    assert result["goals"] == []
    assert result["nodes"]["computed"] > 0
    assert known(wire, uri)["size"] == "kept"
    assert known(wire, uri)["other"] == "to do"


def test_a_run_of_a_selection_prints_what_it_touches(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    chosen = {"start": at(2), "end": at(4)}
    assert values(wire.command_result("runSelection", uri, chosen)) == {"two": 9}


def test_a_run_of_a_part_shows_progress_under_the_token_of_the_request(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    command = {"command": "imgql.server.runToCursor", "arguments": [uri, at(1)]}
    assert "error" not in wire.ask("workspace/executeCommand", command | {"workDoneToken": 5})
    tokens = [m["params"]["token"] for m in wire.seen if m.get("method") == "$/progress"]
    assert set(tokens) == {5}


@pytest.mark.parametrize("given", [[], [None], [{"line": 1}], [{"line": "1", "character": 0}]])
def test_a_run_to_no_position_is_refused(wire: Wire, given: list[object]) -> None:
    uri = wire.open(PROGRAM)
    assert "wants a position" in refusal(wire, "runToCursor", uri, *given)


@pytest.mark.parametrize("given", [[], [{"line": 1, "character": 2}], [{"start": at(0)}]])
def test_a_run_of_no_range_is_refused(wire: Wire, given: list[object]) -> None:
    uri = wire.open(PROGRAM)
    assert "wants a range" in refusal(wire, "runSelection", uri, *given)
