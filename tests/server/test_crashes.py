"""Kernels that take their process with them: who is blamed, and that all else goes on."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from tests.support.processes import PATIENCE, is_alive, until_it
from tests.support.runner_of_tests import catalogue
from tests.support.runners import end
from tests.support.wire import ROOT
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.findings import shown_diagnostics
from voxlogica_core.ide.status.choice import chosen
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.endings import CRASHED, activity_after, result_of
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.messages import Ended
from voxlogica_server.runner.order import Ending, Order
from voxlogica_server.runner.tally import Tally

RUNNER = (sys.executable, "-m", "tests.support.runner_of_tests")
SHOWN = ("run-failed", "blocked")


@pytest_asyncio.fixture
async def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunnerClient]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    client = RunnerClient(tmp_path / "store", RUNNER, threads=2)
    yield client
    await end(client)


def analysis_of(text: str) -> Analysis:
    source = SourceText(f'import "test"\n{text}')
    return analyse(source, catalogue=catalogue(), world=FileSystem("/"))


def order(text: str, folder: Path, told: "asyncio.Queue[Tally] | None" = None) -> Order:
    queue: asyncio.Queue[Tally] = told or asyncio.Queue()
    return Order(f'import "test"\n{text}', None, folder, queue.put_nowait)


async def ended(runner: RunnerClient, one: Order) -> Ended:
    ending = await asyncio.wait_for(runner.run(one, catalogue()), PATIENCE)
    assert isinstance(ending, Ended), ending
    return ending


def outcomes(ending: Ended) -> dict[str, str]:
    goals = cast("list[dict[str, str]]", ending.result["goals"])
    return {goal["label"]: goal["outcome"] for goal in goals}


def node_of(text: str) -> NodeId:
    """Return the node of an expression."""
    return analysis_of(f"let it = {text}").plan.declarations["it"]


async def until_running(told: "asyncio.Queue[Tally]") -> None:
    async with asyncio.timeout(PATIENCE):
        while not (await told.get()).running:
            pass


async def go_on_after_a_crash(told: "asyncio.Queue[Tally]", notes: Path) -> None:
    """Let those end that dawdle, once the runner has crashed and another one has begun."""
    async with asyncio.timeout(PATIENCE):
        while not (await told.get()).crashes:
            pass
    notes.with_name("notes.go").touch()


@pytest.mark.asyncio
async def test_of_two_kernels_at_once_the_one_that_crashes_is_blamed(
    runner: RunnerClient, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    late = f'crash(after("{notes}", 1))'
    text = f'print "a" next({late})\nprint "b" dawdle("{notes}", 2)\nprint "c" next(nap(50, 3))'
    told: asyncio.Queue[Tally] = asyncio.Queue()
    one = order(text, tmp_path, told)
    going_on = asyncio.create_task(go_on_after_a_crash(told, notes))
    ending = await ended(runner, one)
    await going_on
    assert outcomes(ending) == {"a": "blocked", "b": "done", "c": "done"}
    assert list(ending.failed) == [node_of(late)]
    (message,) = ending.failed.values()
    assert "crashed" in message
    assert "SIGSEGV" in message
    assert ending.blocked == (node_of(f"next({late})"),)
    assert one.tally.crashes == 2
    assert one.tally.restarted >= 1
    analysis = analysis_of(text)
    activity = activity_after(ending, chosen(analysis, None))
    found = [
        d for d in shown_diagnostics(analysis, activity) if d.code in ("run-failed", "blocked")
    ]
    places = [analysis.source.text[d.span.start : d.span.end] for d in found]
    assert places == [late, f"next({late})"]
    report = next((tmp_path / "state" / "voxlogica" / "log" / "crashes").glob("*.txt")).read_text()
    assert node_of(late) in report
    assert "perils.py" in report


@pytest.mark.asyncio
async def test_the_next_run_works(runner: RunnerClient, tmp_path: Path) -> None:
    await ended(runner, order('print "a" crash(1)', tmp_path))
    assert outcomes(await ended(runner, order('print "b" next(1)', tmp_path))) == {"b": "done"}


@pytest.mark.asyncio
async def test_every_item_of_a_loop_that_crashes_is_found(
    runner: RunnerClient, tmp_path: Path
) -> None:
    text = 'print "a" total(for i in [1, 2, 3] do crash(i))\nprint "b" nap(50, 1)'
    one = order(text, tmp_path)
    ending = await ended(runner, one)
    assert outcomes(ending) == {"a": "blocked", "b": "done"}
    assert set(ending.failed) == {node_of(f"crash({i})") for i in (1, 2, 3)}
    assert one.tally.crashes <= 3 + 2


@pytest.mark.asyncio
async def test_what_fills_the_memory_is_blamed_for_it(runner: RunnerClient, tmp_path: Path) -> None:
    text = 'print "a" overfill(1)\nprint "b" nap(500, 2)'
    ending = await ended(runner, order(text, tmp_path))
    assert outcomes(ending) == {"a": "failed", "b": "done"}
    (message,) = ending.failed.values()
    assert "out of memory?" in message


@pytest.mark.asyncio
async def test_who_asks_for_too_much_memory_fails_and_nothing_crashes(
    runner: RunnerClient, tmp_path: Path
) -> None:
    one = order('print "a" devour(1)\nprint "b" next(1)', tmp_path)
    ending = await ended(runner, one)
    assert outcomes(ending) == {"a": "failed", "b": "done"}
    (message,) = ending.failed.values()
    assert "not enough memory" in message
    assert one.tally.crashes == 0


@pytest.mark.asyncio
async def test_a_run_of_another_document_begins_again_by_itself_and_that_is_counted(
    runner: RunnerClient, tmp_path: Path
) -> None:
    told: asyncio.Queue[Tally] = asyncio.Queue()
    notes = tmp_path / "notes"
    other = order(f'print "b" dawdle("{notes}", 2)', tmp_path, told)
    second = asyncio.create_task(ended(runner, other))
    assert await until_it(notes.exists)
    going_on = asyncio.create_task(go_on_after_a_crash(told, notes))
    first = await ended(runner, order('print "a" crash(1)', tmp_path))
    await going_on
    assert outcomes(first) == {"a": "failed"}
    assert outcomes(await second) == {"b": "done"}
    result = result_of(
        await second, analysis_of("").plan, chosen(analysis_of(""), None), other.tally
    )
    assert result["crashes"] == other.tally.crashes > 0
    assert result["restarted"] == other.tally.restarted > 0


@pytest.mark.asyncio
async def test_a_kernel_without_end_is_ended_by_cancelling(
    runner: RunnerClient, tmp_path: Path
) -> None:
    told: asyncio.Queue[Tally] = asyncio.Queue()
    one = order('print "a" forever(1)', tmp_path, told)
    run = asyncio.create_task(runner.run(one, catalogue()))
    await until_running(told)
    process = runner.process_id
    runner.cancel(one)
    await asyncio.wait_for(run, PATIENCE)
    assert process is not None
    assert await until_it(lambda: not is_alive(process))
    assert outcomes(await ended(runner, order('print "b" next(1)', tmp_path))) == {"b": "done"}


@pytest.mark.asyncio
async def test_a_runner_that_dies_while_it_computes_nothing_is_given_up_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    client = RunnerClient(tmp_path / "store", (sys.executable, "-m", "tests.support.frail_runner"))
    one = order('print "a" next(1)', tmp_path)
    ending: Ending = await asyncio.wait_for(client.run(one, catalogue()), PATIENCE)
    analysis = analysis_of('print "a" next(1)')
    result = result_of(ending, analysis.plan, chosen(analysis, None), one.tally)
    goals = cast("list[dict[str, object]]", result["goals"])
    assert [goal["message"] for goal in goals] == [CRASHED]
    assert one.tally.crashes == 3
