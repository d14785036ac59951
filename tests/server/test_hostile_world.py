"""Stores, environments and homes that are not as they should be: writing goes on."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tests.support.environments import environment_of_the_server
from tests.support.pictures import write_ball
from tests.support.processes import PATIENCE, processes_of, until
from tests.support.wire import ROOT, Fields, QuickWire, Wire, environment

PROGRAM = 'load i = "ball.nii.gz"\nlet bright = intensity(i) >. 50\nprint "v" volume(bright)'
LONG = PROGRAM + '\nprint "long" sum(for k in range(1, 4000) do volume(distlt(k / 7, bright)))'
HEAVY = ("numpy", "SimpleITK", "dask")

Spoilt = Callable[[Path], AbstractContextManager[str]]
"""Spoils a database for a while, and gives a word of the complaint."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_ball(tmp_path / "ball.nii.gz")
    return tmp_path


def logged(folder: Path) -> list[str]:
    """Return the grave lines of the log."""
    paths = folder.rglob("server.log")
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if " WARNING " in line or " ERROR " in line]


def writes_and_looks(wire: Wire) -> str:
    """Write, be corrected, and look at a value; return what the hover says."""
    uri = wire.open(PROGRAM + " + zz")
    assert [found["code"] for found in wire.diagnostics(1)] == ["unbound-name"]
    wire.edit(uri, 2, {"text": PROGRAM})
    assert wire.diagnostics(2) == []
    assert wire.at("textDocument/completion", uri, 1, 15)["items"]
    text: str = wire.at("textDocument/hover", uri, 1, 5)["contents"]["value"]
    assert "bright : mask" in text
    return text


def test_a_missing_store_is_no_problem(folder: Path) -> None:
    with QuickWire(folder) as wire:
        wire.initialize()
        assert "to do" in writes_and_looks(wire)
        assert wire.command_result("doctor")["store"]["problem"] is None
    assert not (folder / "store").exists()
    assert logged(folder) == []


def database_of(folder: Path) -> Path:
    """Return the database of a store in which a program has run, all of it in one file."""
    with QuickWire(folder) as wire:
        wire.initialize()
        uri = wire.open(PROGRAM)
        assert wire.command_result("run", uri)["goals"][0]["outcome"] == "done"
    database = folder / "store" / "store.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database


@contextmanager
def corrupt(database: Path) -> Generator[str]:
    database.write_bytes(b"no database at all" * 1000)
    yield "not a database"


@contextmanager
def newer(database: Path) -> Generator[str]:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
        connection.commit()
    yield "999"


@contextmanager
def folder_instead(database: Path) -> Generator[str]:
    database.unlink()
    database.mkdir()
    yield "directory"


@pytest.mark.parametrize("spoilt", [corrupt, newer, folder_instead])
def test_with_a_store_that_cannot_be_read_writing_goes_on(folder: Path, spoilt: Spoilt) -> None:
    with spoilt(database_of(folder)) as why, QuickWire(folder) as wire:
        wire.initialize()
        assert "to do" in writes_and_looks(wire)
        assert "to do" in writes_and_looks(wire)
        assert why in wire.command_result("doctor")["store"]["problem"]
    lines = [line for line in logged(folder) if "nothing is known" in line]
    assert len(lines) == 1
    assert why in lines[0]


def test_with_a_store_that_another_has_locked_writing_goes_on(folder: Path) -> None:
    with closing(sqlite3.connect(database_of(folder), isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        with QuickWire(folder) as wire:
            wire.initialize()
            writes_and_looks(wire)
    assert len(logged(folder)) <= 1


def refusal_of_a_run(wire: Wire) -> str:
    """Return why a run cannot be, as the user is told."""
    params = {"command": "imgql.server.run", "arguments": [wire.open(PROGRAM)]}
    message: str = wire.ask("workspace/executeCommand", params)["error"]["message"]
    return message


def test_after_an_update_under_its_feet_the_server_serves_writers_and_runs_nothing(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "installed"
    for source in ("voxlogica_core", "server/voxlogica_server", "grammars"):
        shutil.copytree(ROOT / source, copy / Path(source).name)
    with Wire(folder, variables={"PYTHONPATH": str(copy)}) as wire:
        wire.initialize()
        writes_and_looks(wire)
        file = copy / "voxlogica_core" / "primitives" / "totals.py"
        declared = file.read_text()
        updated = declared.replace(
            '@primitive("volume", version=1', '@primitive("volume", version=2'
        )
        assert updated != declared
        file.write_text(updated)
        assert "restart the server" in refusal_of_a_run(wire)
        writes_and_looks(wire)
    (line,) = logged(folder)
    assert "restart the server" in line


def test_with_nothing_but_its_own_libraries_the_server_serves_writers(
    folder: Path, tmp_path: Path
) -> None:
    python = str(environment_of_the_server(tmp_path / "environment"))
    for name in HEAVY:
        wanted = subprocess.run([python, "-c", f"import {name}"], stderr=subprocess.PIPE, text=True)
        assert f"No module named '{name}'" in wanted.stderr
    with Wire(folder, variables={"PYTHONPATH": ""}, python=python) as wire:
        wire.initialize()
        writes_and_looks(wire)
        told = wire.command_result("doctor")
        assert Path(told["executable"]) == Path(python)
        assert told["libraries"]["numpy"] is None
        assert "SimpleITK and Dask" in refusal_of_a_run(wire)
        writes_and_looks(wire)
    (line,) = logged(folder)
    assert "SimpleITK and Dask" in line


def test_a_log_that_cannot_be_written_is_told_once_and_missed_by_nobody(folder: Path) -> None:
    (folder / "state").write_text("a file where a folder is wanted")
    with QuickWire(folder) as wire:
        wire.initialize()
        writes_and_looks(wire)
        wire.ask("shutdown")
        wire.tell("exit")
        assert wire.process.wait(PATIENCE) == 0


def test_with_a_home_that_cannot_be_written_writing_goes_on(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home = folder / "home"
    home.write_text("a file where a folder is wanted")
    places = ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    variables = {**{name: str(home / "x") for name in places}, "VOXLOGICA_STORE": str(home / "s")}
    with QuickWire(folder, variables=variables) as wire:
        wire.initialize()
        assert "to do" in writes_and_looks(wire)
        params = {"command": "imgql.server.run", "arguments": [wire.open(PROGRAM)]}
        answer = wire.ask("workspace/executeCommand", params)
        assert answer.get("error") or answer["result"]["goals"][0]["outcome"] == "done", answer
        assert "bright : mask" in writes_and_looks(wire)
    told = [line for line in capfd.readouterr().err.splitlines() if "no log file is kept" in line]
    assert len(told) == 1
    assert str(home) in told[0]


@pytest.mark.parametrize(("level", "is_told"), [("debug", True), ("info", False)])
def test_the_log_tells_as_much_as_is_wanted(folder: Path, level: str, is_told: bool) -> None:
    with QuickWire(folder, variables={"VOXLOGICA_LOG": level}) as wire:
        wire.initialize()
        wire.command_result("doctor")
        wire.ask("shutdown")
        wire.tell("exit")
        wire.process.wait(PATIENCE)
    (log,) = folder.rglob("server.log")
    assert ("was answered in" in log.read_text()) is is_told


def test_a_setting_says_how_much_is_logged(folder: Path) -> None:
    with QuickWire(folder) as wire:
        wire.initialize(logLevel="debug")
        wire.command_result("doctor")
        wire.ask("shutdown")
    (log,) = folder.rglob("server.log")
    assert "executeCommand was answered in" in log.read_text()


def test_when_the_editor_is_killed_every_process_is_gone_though_a_kernel_runs(
    folder: Path,
) -> None:
    command = [sys.executable, "-m", "tests.support.editor", str(folder), LONG]
    given: Fields = {**environment(folder), "PYTHONPATH": environment(ROOT)["PYTHONPATH"]}
    del given["VOXLOGICA_STORE"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=given, cwd=ROOT) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline() == b"running\n"
        assert until(lambda: len(processes_of(folder)) == 2)
        os.kill(editor.pid, signal.SIGKILL)
    assert until(lambda: processes_of(folder) == [])
