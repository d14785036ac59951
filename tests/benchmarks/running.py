"""Runs from the editor: first result, cancelling, edits while running, crashes; milliseconds.

Peer: the same program by the command line as a whole process. Kernels are those of the namespace
`test`: an endless one in native code, and sums.
"""

import asyncio
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from tests.support.pictures import write_ball
from voxlogica_core.engine.crashes.flight import Flight
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.order import Order
from voxlogica_server.runner.tally import Tally

_ROUNDS = 5
_QUEUED = 500
_PAUSE = 4.0  # seconds in which somebody looks at a program before running it
_IMAGES = """
load ball = "{path}"
let bright = near(intensity(ball) > 0.5)
print "volume" volume(maxvol(bright))
print "depth" max(dt(bright))
print "rank" avg(percentiles(intensity(ball), bright, 0.5), bright)
"""
Figures = dict[str, dict[str, float]]
Made = TypeVar("Made")


def main() -> Figures:
    """Measure, print a table, return the figures."""
    logging.disable(logging.WARNING)  # crashes are meant here
    figures: Figures = {"command line, whole process": _summary(_command_line())}
    figures |= {name: _summary(asyncio.run(measure())) for name, measure in _MEASURES.items()}
    for name, found in figures.items():
        print(f"  {name:48} p50 {found['p50']:8.1f} ms   worst {found['worst']:8.1f} ms")
    note = _note_cost()
    print(f"  {'noting what a thread computes':48} {note:.2f} µs a kernel")
    return figures | {"note": {"microseconds": note}}


async def cold() -> list[float]:
    """Return times from Run to its result when no runner is there."""
    return [await _with_runner(_first_result) for _ in range(_ROUNDS)]


async def started_ahead() -> list[float]:
    """Return times from Run to its result when the runner was started while nobody typed."""

    async def measured(runner: RunnerClient) -> float:
        await runner.warm(read_catalogue())
        await asyncio.sleep(_PAUSE)
        return await _first_result(runner)

    return [await _with_runner(measured) for _ in range(_ROUNDS)]


async def of_images(*, ahead: bool) -> list[float]:
    """Return times from Run to the result of a program of images."""

    async def measured(runner: RunnerClient) -> float:
        with tempfile.TemporaryDirectory() as folder:
            write_ball(Path(folder) / "ball.nii.gz", 24)
            if ahead:
                await runner.warm(read_catalogue())
                await asyncio.sleep(_PAUSE)
            text = _IMAGES.format(path=Path(folder) / "ball.nii.gz")
            return await _timed(_run(runner, text))

    return [await _with_runner(measured) for _ in range(_ROUNDS)]


async def warm() -> list[float]:
    """Return times from Run to its result when the runner is there."""

    async def measured(runner: RunnerClient) -> list[float]:
        await _first_result(runner)
        return [await _first_result(runner) for _ in range(4 * _ROUNDS)]

    return await _with_runner(measured)


async def cancelled() -> list[float]:
    """Return times from Cancel, inside an endless kernel, to the end of its process."""
    return [await _with_runner(_until_free) for _ in range(_ROUNDS)]


async def dropped() -> list[float]:
    """Return times from a newer run to the end of the earlier one, whose queue is dropped."""
    return [await _with_runner(_until_dropped) for _ in range(_ROUNDS)]


async def crashed() -> list[float]:
    """Return times of a run in which a kernel crashes twice and all else is done."""

    async def measured(runner: RunnerClient) -> float:
        await runner.warm(read_catalogue())
        return await _timed(_run(runner, 'print "a" crash(1)\nprint "b" fibonacci(20)'))

    return [await _with_runner(measured) for _ in range(_ROUNDS)]


_MEASURES: dict[str, Callable[[], Coroutine[None, None, list[float]]]] = {
    "Run to first result, cold runner": cold,
    "Run to first result, runner started ahead": started_ahead,
    "Run to first result, warm runner": warm,
    "the same with images, cold runner": partial(of_images, ahead=False),
    "the same with images, runner started ahead": partial(of_images, ahead=True),
    "Cancel inside a kernel to cores free": cancelled,
    f"newer run to {_QUEUED} queued nodes dropped": dropped,
    "run with a crash: two runners begun anew": crashed,
}


async def _first_result(runner: RunnerClient) -> float:
    _numbers.append(len(_numbers))
    return await _timed(_run(runner, f'print "a" fibonacci({_numbers[-1]})'))


_numbers = [1]


async def _until_free(runner: RunnerClient) -> float:
    order, run = await _endless(runner)
    process = runner.process_id
    begin = time.perf_counter()
    runner.cancel(order)
    while process is not None and _is_alive(process):
        await asyncio.sleep(0.005)
    with suppress(asyncio.CancelledError):
        await run
    return 1000 * (time.perf_counter() - begin)


async def _until_dropped(runner: RunnerClient) -> float:
    wastes = "".join(f'print "{n}" timewaste(50, {n})\n' for n in range(1000, 1000 + _QUEUED))
    started = asyncio.Event()
    earlier, first = _begun(runner, wastes, lambda tally: tally.running and started.set())
    await started.wait()
    begin = time.perf_counter()
    runner.drop(earlier)
    await first
    return 1000 * (time.perf_counter() - begin)


async def _endless(runner: RunnerClient) -> "tuple[Order, asyncio.Task[object]]":
    started = asyncio.Event()
    order, run = _begun(
        runner, 'print "a" forever(1)', lambda tally: tally.running and started.set()
    )
    await started.wait()
    return order, run


def _begun(
    runner: RunnerClient, text: str, tell: Callable[[Tally], object]
) -> "tuple[Order, asyncio.Task[object]]":
    order = Order(f'import "test"\n{text}', None, Path("/"), lambda tally: _heard(tell, tally))
    return order, asyncio.create_task(_result(runner, order))


def _heard(tell: Callable[[Tally], object], tally: Tally) -> None:
    tell(tally)


async def _result(runner: RunnerClient, order: Order) -> object:
    return await runner.run(order, read_catalogue())


async def _run(runner: RunnerClient, text: str) -> None:
    _, run = _begun(runner, text, lambda tally: None)
    await run


async def _timed(work: Awaitable[None]) -> float:
    begin = time.perf_counter()
    await work
    return 1000 * (time.perf_counter() - begin)


async def _with_runner(work: Callable[[RunnerClient], Awaitable[Made]]) -> Made:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        runner = RunnerClient(Path(folder) / "store")
        try:
            return await work(runner)
        finally:
            runner.end()
            await asyncio.sleep(0.05)


def _command_line() -> list[float]:
    found: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program.imgql"
        environment = os.environ | {"VOXLOGICA_STORE": f"{folder}/store"}
        for number in range(_ROUNDS):
            program.write_text(f'import "test"\nprint "a" fibonacci({number})')
            words = [sys.executable, "-m", "voxlogica_core", "run", "-q", str(program)]
            begin = time.perf_counter()
            subprocess.run(words, env=environment, check=True, capture_output=True)
            found.append(1000 * (time.perf_counter() - begin))
    return found


def _note_cost() -> float:
    flight, node = Flight(), NodeId("a" * 64)
    slot, number = flight.board(), 200_000
    begin = time.perf_counter()
    for _ in range(number):
        flight.note(slot, 1, node, 0)
    return 1e6 * (time.perf_counter() - begin) / number


def _is_alive(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _summary(found: list[float]) -> dict[str, float]:
    return {"p50": statistics.median(found), "worst": max(found)}


if __name__ == "__main__":
    main()
