"""Dask: what a hop between tasks costs, one client or many, more threads, more workers.

A hop is a task that waits for another and cannot be fused with it. "As Dask has it" is a cluster
whose streams hold messages back; ours lets them go at once. Workers are processes on this machine.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from distributed import Client, LocalCluster

from tests.support.clusters import ClusterOfTests
from tests.support.engines import catalogue, plan_of
from voxlogica_core.engine.crews.window import LocalWindow
from voxlogica_core.engine.engine import Engine
from voxlogica_core.store.store import MemoryStore

_HOPS = 1000
_ROUNDS = 3
_CASES = 'print "x" total(for i in range(0, 24) do average({}))'
_KERNEL = "both(shift(noise(i, 128), 1), noise(i, 128))"
_ASLEEP = 'print "x" total(for i in range(0, 40) do rest(50, i))'


def _next(number: int) -> int:
    return number + 1


def _chain(client: Any, name: str) -> float:
    """Return milliseconds a hop of a chain that Dask knows as a whole."""
    begin = time.perf_counter()
    future = client.submit(_next, 0, key=f"{name} 0")
    for hop in range(1, _HOPS):
        future = client.submit(_next, future, key=f"{name} {hop}")
    assert future.result() == _HOPS
    return (time.perf_counter() - begin) * 1000 / _HOPS


def _fed(client: Any, name: str) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds of hops that are submitted when their input is there."""
    taken: list[float] = []
    value = client.submit(_next, 0, key=f"{name} 0")
    value.result()
    for hop in range(1, _HOPS // 4):
        begin = time.perf_counter()
        value = client.submit(_next, value, key=f"{name} {hop}")
        value.result()
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken), quantiles(taken, n=20)[-1]


def _hops() -> dict[str, object]:
    figures: dict[str, object] = {}
    with ExitStack() as stack:
        plain: Any = stack.enter_context(
            LocalCluster(
                n_workers=1,
                threads_per_worker=2,
                processes=False,
                dashboard_address="127.0.0.1:0",
                worker_dashboard_address="127.0.0.1:0",
            )
        )
        ours = LocalWindow(2, dashboard=False)
        stack.callback(ours.close)
        for name, client in (
            ("as Dask has it", stack.enter_context(Client(plain, set_as_default=False))),
            ("ours", ours.client),
        ):
            whole = median(_chain(client, f"{name} {i}") for i in range(_ROUNDS))
            p50, p95 = _fed(client, f"{name} fed")
            figures[f"hop, {name}"] = {"chain": whole, "fed p50": p50, "fed p95": p95}
            print(
                f"  {_HOPS} hops, {name:<15} {whole:6.2f} ms a hop;"
                f" one after the other {p50:.2f} (p95 {p95:.2f})"
            )
    return figures


def _starts() -> dict[str, object]:
    """Return what a client a run costs, beside one a process."""
    taken: list[float] = []
    for _ in range(5):
        begin = time.perf_counter()
        LocalWindow(2, dashboard=False).close()
        taken.append(time.perf_counter() - begin)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        engine.run(plan_of(_ASLEEP)).wait()
        small = plan_of('print "x" total(for i in range(0, 4) do rest(1, i))')
        begin = time.perf_counter()
        engine.run(small).wait()
        again = time.perf_counter() - begin
    print(f"  a client a run {median(taken):.3f} s; a run on the engine's client {again:.3f} s")
    return {"client a run": median(taken), "run on the engine's client": again}


def _seconds(text: str, threads: int, scheduler: str | None = None) -> float:
    plan = plan_of(text)
    taken: list[float] = []
    for _ in range(_ROUNDS):
        with Engine(MemoryStore(), catalogue(), threads=threads, scheduler=scheduler) as engine:
            engine.run(plan_of('print "w" total(for i in range(0, 60) do rest(1, i))')).wait()
            begin = time.perf_counter()
            run = engine.run(plan).wait()
            taken.append(time.perf_counter() - begin)
            assert run.results[0].outcome == "done"
    return min(taken)


def _more(name: str, measured: Callable[[str, int], float]) -> dict[str, object]:
    figures: dict[str, object] = {}
    for what, text in (("kernels", _CASES.format(_KERNEL)), ("sleeping", _ASLEEP)):
        taken = [(measured(text, 1), measured(text, 2)) for _ in range(2)]  # memory is fresh first
        one, two = map(min, zip(*taken, strict=True))
        print(f"  {what:<8} 1 → 2 {name}: {one:.2f} → {two:.2f} s, × {one / two:.2f}")
        figures[f"{what}, 1 → 2 {name}"] = {"one": one, "two": two, "ratio": one / two}
    return figures


def _on_workers(text: str, workers: int) -> float:
    with TemporaryDirectory() as folder:
        cluster = ClusterOfTests(Path(folder))
        try:
            cluster.start(workers)
            return _seconds(text, 2, cluster.address)
        finally:
            cluster.end()


def main() -> dict[str, object]:
    """Measure, print, return the figures."""
    figures = _hops() | _starts()
    figures |= _more("threads", _seconds)
    return figures | _more("workers", _on_workers)
