"""What is known of values, over the wire: show, cost, why, and forgetting it all."""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.pictures import write_ball
from tests.support.wire import QuickWire, Wire

PROGRAM = """\
load img = "ball.nii.gz"
let bright = intensity(img) >. 50
print "volume" volume(bright)
"""
LONG = """\
load img = "ball.nii.gz"
let seed = intensity(img) >. 50
print "long" sum(for i in range(0, 4000) do volume(distlt(i / 7, seed)))
"""


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    write_ball(tmp_path / "ball.nii.gz")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        yield wire


def at(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def error_of(wire: Wire, name: str, *arguments: object) -> dict[str, Any]:
    params = {"command": f"imgql.server.{name}", "arguments": list(arguments)}
    return wire.ask("workspace/executeCommand", params)["error"]


def test_a_run_changes_what_is_shown_and_clearing_changes_it_back(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    before = [
        wire.command_result("show", uri, at(1, 5)),
        wire.command_result("why", uri, at(1, 5)),
        wire.command_result("cost", uri),
    ]
    shown, reason, price = before
    assert (shown["name"], shown["status"], shown["preview"]) == ("bright", "to do", None)
    assert (reason["status"], reason["reason"]) == ("to do", "never computed")
    assert reason["missing"][-1]["node"] == shown["node"]
    assert reason["missing"][-1]["location"]["range"]["start"]["line"] == 1
    assert price["compute"] > 2
    assert price["reused"] == 0

    volume = wire.command_result("run", uri)["goals"][0]["value"]
    shown = wire.command_result("show", uri, at(1, 5))
    assert b64decode(shown["preview"]).startswith(b"\x89PNG")
    assert shown["statistics"]["voxels"] == volume
    assert wire.command_result("show", uri, at(2, 17))["value"] == volume
    reason = wire.command_result("why", uri, at(2, 17))
    assert (reason["reason"], reason["missing"]) == ("kept", [])
    price = wire.command_result("cost", uri)
    assert (price["compute"], price["reused"]) == (0, 1)

    assert wire.command_result("clearCache")["nodes"] > 2
    after = [
        wire.command_result("show", uri, at(1, 5)),
        wire.command_result("why", uri, at(1, 5)),
        wire.command_result("cost", uri),
    ]
    assert after == before
    again = wire.command_result("run", uri)
    assert again["nodes"]["computed"] > 2
    assert again["goals"][0]["value"] == volume


def test_nothing_is_shown_where_no_value_stands(wire: Wire) -> None:
    uri = wire.open('let f(x) = x + 1\nprint "a" f(1)\n')
    assert wire.command_result("show", uri, at(0, 4)) is None
    assert wire.command_result("why", uri, at(0, 4)) is None


def test_a_store_that_is_not_there_is_cleared_of_nothing(wire: Wire) -> None:
    assert wire.command_result("clearCache") == {"version": 1, "nodes": 0, "files": 0, "bytes": 0}


def test_nothing_is_cleared_while_a_run_goes_on(wire: Wire) -> None:
    uri = wire.open(LONG)
    params = {"command": "imgql.server.run", "arguments": [uri], "workDoneToken": "t"}
    wire.begin("workspace/executeCommand", params)
    wire.until(lambda m: "nodes" in str(m.get("params", {}).get("value")))
    assert "cancel it" in error_of(wire, "clearCache")["message"]


@pytest.mark.parametrize("name", ["show", "why"])
def test_a_question_about_no_position_is_refused(wire: Wire, name: str) -> None:
    uri = wire.open(PROGRAM)
    assert "wants a position" in error_of(wire, name, uri)["message"]


def test_all_commands_are_told_to_the_client(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        told = wire.initialize()["executeCommandProvider"]["commands"]
    names = "run runToCursor runSelection cancel status why cost plan show doctor clearCache"
    assert {f"imgql.server.{name}" for name in names.split()} <= set(told)
