"""The runner is started ahead when nobody types, once, and only where the client wants it."""

import asyncio
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE
from tests.support.runner_of_tests import catalogue
from tests.support.runners import end
from tests.support.sessions import Listener, session
from tests.support.wire import ROOT, Wire
from voxlogica_core.engine.workers.kindling import kindle
from voxlogica_core.errors import EngineError
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.messages import Ended
from voxlogica_server.runner.order import Order
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session
from voxlogica_server.warming import Warming

RUNNER = (sys.executable, "-m", "tests.support.runner_of_tests")


class Counting:
    """Counts how often it is warmed, and says when it was."""

    def __init__(self, error: EngineError | None = None) -> None:
        self.times = 0
        self.warmed = asyncio.Event()
        self._error = error

    async def warm(self) -> None:
        """Warm nothing."""
        self.times += 1
        self.warmed.set()
        if self._error:
            raise self._error

    async def wait(self) -> None:
        """Wait until it is warmed."""
        async with asyncio.timeout(PATIENCE):
            await self.warmed.wait()


def analysed(text: str) -> Analysis:
    return analyse(SourceText(text, None), catalogue=catalogue(), world=FileSystem("."))


async def rested() -> None:
    """Wait for what would be done by now."""
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_a_program_with_goals_warms_once_however_often_it_is_analysed() -> None:
    runner = Counting()
    warming = Warming(runner.warm, 0.0)
    for number in range(3):
        warming.note(analysed(f'print "a" {number}'))
    await runner.wait()
    warming.note(analysed('print "a" 5'))
    await rested()
    assert runner.times == 1
    warming.end()


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["let a = 1", 'print "a" nobody', ""])
async def test_a_program_without_goals_or_with_errors_warms_nothing(text: str) -> None:
    runner = Counting()
    warming = Warming(runner.warm, 0.0)
    warming.note(analysed('print "a" 1'))
    warming.note(analysed(text))  # before anything was begun
    await rested()
    assert runner.times == 0
    warming.end()


@pytest.mark.asyncio
async def test_a_runner_that_cannot_be_started_ahead_is_not_tried_again() -> None:
    runner = Counting(EngineError("numpy is not there"))
    warming = Warming(runner.warm, 0.0)
    warming.note(analysed('print "a" 1'))
    await runner.wait()
    await rested()
    warming.note(analysed('print "a" 2'))
    await rested()
    assert runner.times == 1
    warming.end()


@pytest.mark.asyncio
async def test_a_run_after_warming_begins_no_second_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    runner = RunnerClient(tmp_path / "store", RUNNER)
    try:
        async with asyncio.timeout(PATIENCE):
            await runner.warm(catalogue())
            process = runner.process_id
            order = Order('print "a" 41 + 1', None, tmp_path, lambda tally: None)
            ending = await runner.run(order, catalogue())
        assert isinstance(ending, Ended)
        assert ending.result["diagnostics"] == []
        assert process is not None
        assert runner.process_id == process
    finally:
        await end(runner)


def test_the_server_starts_the_runner_for_a_client_that_wants_that(tmp_path: Path) -> None:
    with Wire(tmp_path) as server:
        server.initialize(warmRunner=True)
        uri = server.open('print "a" 41 + 1')
        assert server.diagnostics() == []
        process = None
        until = time.monotonic() + PATIENCE
        while process is None and time.monotonic() < until:
            process = server.command_result("doctor")["runner"]
            time.sleep(0.05)
        assert process is not None
        assert server.command_result("run", uri)["goals"][0]["value"] == 42
        assert server.command_result("doctor")["runner"] == process


@pytest.mark.asyncio
@pytest.mark.parametrize("is_wanted", [True, False])
async def test_who_does_not_want_it_has_no_runner_started_ahead(
    tmp_path: Path, *, is_wanted: bool
) -> None:
    usual = session(tmp_path, client := Listener())
    made = Session(replace(usual.settings, warms_runner=is_wanted), client)
    runs = Runs(made, client)
    told = [getattr(listener, "__self__", None) for listener in made.listeners]
    assert any(isinstance(one, Warming) for one in told) is is_wanted
    for one in (runs, made, usual):
        one.end()


def test_kindling_stops_when_a_run_begins() -> None:
    asked: list[bool] = []

    def is_idle() -> bool:
        asked.append(True)
        return len(asked) < 3

    kindle(is_idle)
    assert len(asked) == 3
    kindle(lambda: True)
