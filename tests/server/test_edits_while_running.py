"""A newer run of a document while the earlier one goes on: what both want is started once."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from tests.support.processes import PATIENCE, is_alive, until_it
from tests.support.runner_of_tests import catalogue
from tests.support.runners import end
from tests.support.wire import ROOT
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.messages import Ended
from voxlogica_server.runner.order import Ending, Order, Stopped
from voxlogica_server.runner.tally import Tally

RUNNER = (sys.executable, "-m", "tests.support.runner_of_tests")


@pytest_asyncio.fixture
async def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunnerClient]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    client = RunnerClient(tmp_path / "store", RUNNER, threads=2)
    yield client
    await end(client)


@pytest_asyncio.fixture
async def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunnerClient]:
    """Beside a kernel that takes all it gets, a busy machine leaves little to say "done" with."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    client = RunnerClient(tmp_path / "store", RUNNER, threads=2, patience=3.0)
    yield client
    await end(client)


class Typist:
    """Runs one version of a document after the other."""

    def __init__(self, runner: RunnerClient, folder: Path) -> None:
        self.runner = runner
        self.folder = folder
        self.notes = folder / "notes"

    def program(self, keys: list[int], first: str = "") -> str:
        lines = [f'print "{key}" noted("{self.notes}", 100, {key})' for key in keys]
        return "\n".join(['import "test"', first, *lines])

    def dawdling(self, key: int) -> str:
        """Return a goal that is computed until `go`."""
        return f'print "{key}" dawdle("{self.notes}", {key})'

    def go(self) -> None:
        self.notes.with_name("notes.go").touch()

    def begin(self, text: str) -> "tuple[Order, asyncio.Task[Ending], asyncio.Queue[Tally]]":
        told: asyncio.Queue[Tally] = asyncio.Queue()
        order = Order(text, None, self.folder, told.put_nowait)
        return order, asyncio.create_task(self.runner.run(order, catalogue())), told

    @property
    def starts(self) -> Counter[str]:
        return Counter(self.notes.read_text().split()) if self.notes.exists() else Counter()

    async def until_heard(self) -> None:
        """Wait until the runner has heard all that it was told: it listens to one after another."""
        ending = await asyncio.wait_for(self.begin("let unknown = nobody")[1], PATIENCE)
        assert isinstance(ending, Ended)

    async def until_started(self, *keys: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not set(keys) <= self.starts.keys():
                await asyncio.sleep(0.01)


async def outcomes(run: "asyncio.Task[Ending]") -> dict[str, str]:
    ending = await asyncio.wait_for(run, PATIENCE)
    assert isinstance(ending, Ended), ending
    goals = cast("list[dict[str, str]]", ending.result["goals"])
    return {goal["label"]: goal["outcome"] for goal in goals}


async def is_cancelled(run: "asyncio.Task[Ending]") -> bool:
    """Return whether a run was, also where the runner was too busy to say so in time."""
    ending = await asyncio.wait_for(run, PATIENCE)
    return isinstance(ending, Stopped) or "cancelled" in (await outcomes(run)).values()


@pytest.mark.asyncio
async def test_what_is_still_wanted_is_started_once_and_what_is_not_is_dropped(
    runner: RunnerClient, tmp_path: Path
) -> None:
    typist = Typist(runner, tmp_path)
    two = f"{typist.dawdling(1)}\n{typist.dawdling(2)}"
    earlier, first, _ = typist.begin(typist.program([*range(3, 9)], two))
    await typist.until_started("1", "2")
    _, second, told = typist.begin(typist.program([3, 11], two))
    async with asyncio.timeout(PATIENCE):
        await told.get()  # the runner has begun with it
    runner.drop(earlier)
    await typist.until_heard()
    typist.go()
    assert await outcomes(second) == dict.fromkeys(["1", "2", "3", "11"], "done")
    assert await is_cancelled(first)
    starts = typist.starts
    assert {key: starts[key] for key in ("1", "2", "3", "11")} == dict.fromkeys(
        ["1", "2", "3", "11"], 1
    )
    assert set(starts) <= {"1", "2", "3", "4", "11"}
    assert set(starts.values()) == {1}


@pytest.mark.asyncio
async def test_an_endless_kernel_that_nobody_wants_is_ended_after_what_is_wanted(
    patient: RunnerClient, tmp_path: Path
) -> None:
    typist = Typist(patient, tmp_path)
    wanted = typist.dawdling(1)
    earlier, first, told = typist.begin(f'import "test"\n{wanted}\nprint "f" forever(1)')
    async with asyncio.timeout(PATIENCE):
        while len((await told.get()).running) < 2:
            pass
    process = patient.process_id
    _, second, told = typist.begin(f'import "test"\n{wanted}')
    async with asyncio.timeout(PATIENCE):
        await told.get()  # the runner has begun with it
    patient.drop(earlier)
    assert isinstance(await asyncio.wait_for(first, PATIENCE), Stopped)
    assert process is not None
    assert is_alive(process)
    typist.go()
    assert await outcomes(second) == {"1": "done"}
    assert typist.starts == {"1": 1}
    assert await until_it(lambda: not is_alive(process))


@pytest.mark.asyncio
async def test_cancelling_one_document_begins_again_what_ran_for_another(
    runner: RunnerClient, tmp_path: Path
) -> None:
    typist = Typist(runner, tmp_path)
    stuck, first, told = typist.begin('import "test"\nprint "f" forever(1)')
    async with asyncio.timeout(PATIENCE):
        while not (await told.get()).running:
            pass
    other, second, _ = typist.begin(f'import "test"\n{typist.dawdling(1)}\nprint "2" next(1)')
    await typist.until_started("1")
    runner.cancel(stuck)
    await asyncio.wait_for(first, PATIENCE)
    assert await until_it(lambda: typist.starts == {"1": 2})
    typist.go()
    assert await outcomes(second) == {"1": "done", "2": "done"}
    assert typist.starts == {"1": 2}
    assert other.tally.restarted == 1
    assert other.tally.crashes == 0
