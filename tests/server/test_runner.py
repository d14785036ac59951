"""The runner seen from the server: runs, cancelling, crashes, the end of processes."""

import asyncio
import os
import subprocess
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
from voxlogica_core.errors import EngineError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.reader import StoreReader
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.messages import Ended
from voxlogica_server.runner.order import Order, Stopped
from voxlogica_server.runner.tally import Tally

RUNNER = (sys.executable, "-m", "tests.support.runner_of_tests")


@pytest_asyncio.fixture
async def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunnerClient]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    client = RunnerClient(tmp_path / "store", RUNNER)
    yield client
    await end(client)


def order(text: str, folder: Path, tell: "asyncio.Queue[Tally] | None" = None) -> Order:
    told: asyncio.Queue[Tally] = tell or asyncio.Queue()
    return Order(f'import "test"\n{text}', None, folder, told.put_nowait)


async def until_running(told: "asyncio.Queue[Tally]") -> Tally:
    async with asyncio.timeout(PATIENCE):
        while not (tally := await told.get()).running:
            pass
    return tally


def values(ending: object) -> dict[str, object]:
    assert isinstance(ending, Ended), ending
    goals = cast("list[dict[str, object]]", ending.result["goals"])
    return {str(goal["label"]): goal["value"] for goal in goals}


async def is_gone(process: int) -> bool:
    return await until_it(lambda: not is_alive(process))


@pytest.mark.asyncio
async def test_a_text_that_was_never_saved_runs_as_it_stands(
    runner: RunnerClient, tmp_path: Path
) -> None:
    ending = await runner.run(order('print "a" next(41)', tmp_path), catalogue())
    assert values(ending) == {"a": 42}


@pytest.mark.asyncio
async def test_what_ran_is_in_the_store_of_the_reader(runner: RunnerClient, tmp_path: Path) -> None:
    ending = await runner.run(order('print "a" next(41)', tmp_path), catalogue())
    assert isinstance(ending, Ended)
    goals = cast("list[dict[str, str]]", ending.result["goals"])
    node = NodeId(goals[0]["node"])
    assert StoreReader(tmp_path / "store").lookup([node])[node].is_kept


@pytest.mark.asyncio
async def test_progress_counts_nodes(runner: RunnerClient, tmp_path: Path) -> None:
    told: asyncio.Queue[Tally] = asyncio.Queue()
    text = 'print "a" plus(nap(60, 1), nap(60, 2))'
    await runner.run(order(text, tmp_path, told), catalogue())
    tally = told.get_nowait()
    assert tally.finished == 3
    assert not tally.running
    assert not tally.queued
    assert tally.fraction == 1.0
    assert tally.message == "3 of 3 nodes, 0 reused"


@pytest.mark.asyncio
async def test_a_failure_names_the_node_and_those_that_wait_for_it(
    runner: RunnerClient, tmp_path: Path
) -> None:
    ending = await runner.run(order('print "a" next(broken(3))', tmp_path), catalogue())
    assert isinstance(ending, Ended)
    (message,) = ending.failed.values()
    assert "another number than 3 is wanted" in message
    assert len(ending.blocked) == 1


@pytest.mark.asyncio
async def test_errors_in_the_text_run_nothing(runner: RunnerClient, tmp_path: Path) -> None:
    ending = await runner.run(order('print "a" next(zz)', tmp_path), catalogue())
    assert values(ending) == {}
    assert isinstance(ending, Ended)
    found = cast("list[dict[str, object]]", ending.result["diagnostics"])
    assert [diagnostic["code"] for diagnostic in found] == ["unbound-name"]


@pytest.mark.asyncio
async def test_cancelling_drops_what_has_not_begun(runner: RunnerClient, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    text = f'print "a" sum(for i in range(0, 1000) do noted("{notes}", 100, i))'
    one = order(text, tmp_path)
    run = asyncio.create_task(runner.run(one, catalogue()))
    assert await until_it(notes.exists)
    runner.cancel(one)
    match await asyncio.wait_for(run, PATIENCE):
        case Ended(result=result):
            goals = cast("list[dict[str, object]]", result["goals"])
            assert [goal["outcome"] for goal in goals] == ["cancelled"]
        case ending:  # on a machine so busy that it was not waited for
            assert isinstance(ending, Stopped)
    await end(runner)
    assert 0 < len(notes.read_text().split()) < 1000


@pytest.mark.asyncio
async def test_a_kernel_that_does_not_stop_is_ended_and_the_next_run_works(
    runner: RunnerClient, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    one = order(f'print "a" noted("{notes}", 600000, 1)\nprint "b" next(1)', tmp_path)
    run = asyncio.create_task(runner.run(one, catalogue()))
    assert await until_it(notes.exists)
    process = runner.process_id
    runner.cancel(one)
    assert isinstance(await asyncio.wait_for(run, PATIENCE), Stopped)
    assert process is not None
    assert await is_gone(process)
    ending = await runner.run(order('print "b" next(1)', tmp_path), catalogue())
    assert values(ending) == {"b": 2}


@pytest.mark.asyncio
async def test_ending_a_kernel_does_not_harm_another_run(
    runner: RunnerClient, tmp_path: Path
) -> None:
    told: asyncio.Queue[Tally] = asyncio.Queue()
    stuck = order('print "a" nap(600000, 1)', tmp_path, told)
    first = asyncio.create_task(runner.run(stuck, catalogue()))
    await until_running(told)
    second = asyncio.create_task(runner.run(order('print "b" next(1)', tmp_path), catalogue()))
    await asyncio.sleep(0.1)
    runner.cancel(stuck)
    assert isinstance(await asyncio.wait_for(first, PATIENCE), Stopped)
    assert values(await asyncio.wait_for(second, PATIENCE)) == {"b": 2}


@pytest.mark.asyncio
async def test_a_runner_that_cannot_start_is_an_error_that_says_so(tmp_path: Path) -> None:
    client = RunnerClient(tmp_path / "store", (sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(EngineError, match="SimpleITK"):
        await client.run(order('print "a" 1', tmp_path), catalogue())
    assert client.process_id is None


@pytest.mark.asyncio
async def test_a_runner_with_other_primitives_refuses(runner: RunnerClient, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="versions"):
        await runner.run(order('print "a" 1', tmp_path), read_catalogue())


@pytest.mark.asyncio
async def test_ending_the_client_ends_the_process(runner: RunnerClient, tmp_path: Path) -> None:
    await runner.run(order('print "a" next(1)', tmp_path), catalogue())
    process = runner.process_id
    assert process is not None
    runner.end()
    assert await is_gone(process)


@pytest.mark.asyncio
async def test_the_runner_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, pathlib
from tests.support.processes import PATIENCE, is_alive, until_it
from tests.support.runner_of_tests import catalogue
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.order import Order
async def main():
    client = RunnerClient(pathlib.Path({str(tmp_path / "store")!r}), {RUNNER!r})
    text = 'import "test"\\nprint "a" nap(600000, 1)'
    def tell(tally):
        if tally.running:
            print(client.process_id, flush=True)
            os.kill(os.getpid(), 9)
    await client.run(Order(text, None, pathlib.Path("/"), tell), catalogue())
asyncio.run(main())
"""
    path = os.pathsep.join([str(ROOT / "server"), str(ROOT)])
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    said, _ = await asyncio.wait_for(starter.communicate(), PATIENCE)
    assert await is_gone(int(said))
