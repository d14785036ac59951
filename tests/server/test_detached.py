"""Runs that survive the server: begun from the editor, found again when it comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import until
from tests.support.wire import Wire
from voxlogica_core.engine.detached import Notes

LONG = 'import "test"\nlet long = forever(1)\nprint "long" long'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    yield tmp_path
    notes = Notes(tmp_path / "store")
    for note in notes.all():
        if notes.state(note) == "running":
            with notes.call(note) as line:
                line.sendall(b"cancel\n")
        assert until(lambda note=note: notes.state(note) != "running")


def begun(wire: Wire, uri: str) -> int:
    return wire.begin(
        "workspace/executeCommand",
        {"command": "imgql.server.run", "arguments": [uri, {"detached": True}]},
    )


def status(wire: Wire, uri: str, name: str) -> str:
    rows = wire.command_result("status", uri)
    return next(row["status"] for row in rows if row["name"] == name)


def test_a_detached_run_answers_as_any_other(folder: Path) -> None:
    with Wire(folder) as wire:
        wire.initialize()
        uri = wire.open('let a = 20\nprint "a" a + 1')
        result = wire.command_result("run", uri, {"detached": True})
        assert [(goal["label"], goal["value"]) for goal in result["goals"]] == [("a", 21)]
        assert [note.id for note in Notes(folder / "store").all()] == [result["detached"]]


def test_a_detached_run_survives_the_server_and_is_shown_again(folder: Path) -> None:
    notes = Notes(folder / "store")
    with Wire(folder) as wire:
        wire.initialize()
        begun(wire, wire.open(LONG))
        assert until(lambda: len(notes.all()) == 1)
        (note,) = notes.all()
        assert until(lambda: notes.state(note) == "running")
    assert notes.state(note) == "running"
    with Wire(folder) as wire:
        wire.initialize()
        uri = wire.open(LONG)
        assert until(lambda: status(wire, uri, "long") == "running")
        assert wire.command_result("cancel", uri) is True
        assert until(lambda: notes.state(note) == "ended")
        assert until(lambda: status(wire, uri, "long") == "to do")
