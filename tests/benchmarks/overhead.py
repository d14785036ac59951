"""What the engine and the store cost beside bare kernels; chains and wide graphs; two at once.

Kernels of some ten milliseconds: the peer is a script that calls the very functions of the engine,
in this process, one after the other; Dask is there already, which takes a second once a process.
The engine alone has a store that keeps no image, as the script keeps none; the other row packs and
writes some 22 of them, 760 MB, on the other core.
Graphs of sums: the peer is a loop of as many sums in Python. Both also in processor time, which
other work on the machine disturbs less. Two processes on one store: the peer is one process alone.
"""

import shutil
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.pipeline import PROGRAM
from tests.support.engines import catalogue, plan_of
from tests.support.whole_processes import measured, voxlogica_run
from voxlogica_core.engine.engine import Engine
from voxlogica_core.primitives import comparison, components, distance, image_files, percentiles
from voxlogica_core.primitives.totals import largest_voxel, mean_inside, voxel_count
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore, Store
from voxlogica_core.values.image import Image

_IMAGE = Path(__file__).parents[2] / "examples" / "data" / "mni152_t1_1mm.nii.gz"
_CASES = 12
_ROUNDS = 3
_HEAVY = f"""
load t1 = "{_IMAGE}"
let i = intensity(t1)
let cut(k) = i > (20 * k)
print "smooth" for k in range(1, {_CASES}) do volume(smoothen(cut(k), 2))
print "far" for k in range(1, {_CASES}) do max(dt(cut(k)))
print "rank" for k in range(1, {_CASES}) do avg(percentiles(i, cut(k), 0.5), cut(k))
print "parts" for k in range(1, {_CASES}) do volume(maxvol(cut(k)))
"""
_WARMING = 'print "w" total(for i in range(0, 80) do rest(25, i))'
"""So much work that Dask comes."""
_GRAPHS: dict[str, Callable[[int], str]] = {
    "chain": lambda count: (
        "let a0 = next(0)\n"
        + "".join(f"let a{n} = a{n - 1} + 1\n" for n in range(1, count))
        + f'print "x" a{count - 1}\n'
    ),
    "wide": lambda count: (
        f'let a = next(0)\nprint "x" total([{", ".join(f"a + {n}" for n in range(count))}])\n'
    ),
    "loop": lambda count: f'print "x" total(for n in range(0, {count}) do next(n))\n',
    "loop in partitions": lambda count: (
        f'let a = next(0)\nprint "x" total(for n in range(0, {count}) do (a * n) + 1)\n'
    ),
}


def main() -> dict[str, object]:
    """Measure, print, return the figures."""
    figures: dict[str, object] = {}
    with TemporaryDirectory() as temporary:
        figures |= _beside_kernels(Path(temporary))
        figures |= _graphs()
        figures |= _two_at_once(Path(temporary))
    return figures


def _bare() -> list[list[float]]:
    """Return what the heavy program prints, by calling kernels."""
    image = image_files.read_image(str(_IMAGE)).image
    cuts = range(1, _CASES)
    smooth = [voxel_count(distance.smoothen(_cut(image, k), 2.0)) for k in cuts]
    far = [largest_voxel(distance.signed_distance(_cut(image, k))) for k in cuts]
    rank = [
        mean_inside(percentiles.percentile_ranks(image, cut, 0.5), cut)
        for cut in (_cut(image, k) for k in cuts)
    ]
    parts = [voxel_count(components.largest_components(_cut(image, k))) for k in cuts]
    return [smooth, far, rank, parts]


def _cut(image: Image, k: int) -> Image:
    return comparison.image_greater(image, 20.0 * k)


def _beside_kernels(folder: Path) -> dict[str, object]:
    expected = _bare()  # machine code is loaded
    rows: dict[str, list[tuple[float, float]]] = {}
    for number in range(_ROUNDS):
        place = folder / f"heavy {number}"
        rows.setdefault("kernels", []).append(_timed(_bare, expected))
        for name, store in (("engine", MemoryStore(0)), ("engine and store", open_store(place))):
            rows.setdefault(name, []).append(_in_engine(store, expected))
            store.close()
        shutil.rmtree(place)
    return _told(rows)


def _in_engine(store: Store, expected: object) -> tuple[float, float]:
    plan = plan_of(_HEAVY)
    with Engine(store, catalogue(), threads=1) as engine:
        engine.run(plan_of(_WARMING)).wait()
        return _timed(
            lambda: [[*_items(r.value)] for r in engine.run(plan).wait().results], expected
        )


def _items(value: object) -> tuple[object, ...]:
    assert isinstance(value, tuple)
    return value


def _timed(work: Callable[[], object], expected: object) -> tuple[float, float]:
    """Return seconds and processor seconds of some work, which must give what is expected."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    taken = time.perf_counter() - wall, time.process_time() - cpu
    assert found == expected
    return taken


def _told(rows: dict[str, list[tuple[float, float]]]) -> dict[str, object]:
    figures: dict[str, object] = {}
    bare = [median(each) for each in zip(*rows["kernels"], strict=True)]
    for name, taken in rows.items():
        wall, cpu = (median(each) for each in zip(*taken, strict=True))
        ratios = {"ratio": wall / bare[0], "cpu ratio": cpu / bare[1]}
        figures[f"heavy, {name}"] = {"seconds": wall, "cpu": cpu, **ratios}
        print(
            f"  {4 * (_CASES - 1)} heavy nodes, {name:<17} {wall:6.2f} s {ratios['ratio']:5.2f} ×"
            f"   CPU {cpu:6.2f} s {ratios['cpu ratio']:5.2f} ×"
        )
    return figures


def _graphs() -> dict[str, object]:
    figures: dict[str, object] = {}
    for name, text in _GRAPHS.items():
        for count in (10_000, 100_000):
            plan = plan_of(text(count))
            begin = time.process_time()
            with Engine(MemoryStore(), catalogue(), threads=2) as engine:
                counts = engine.run(plan).wait().counts
            cpu = time.process_time() - begin
            assert counts.computed >= count
            tracemalloc.start()
            with Engine(MemoryStore(), catalogue(), threads=2) as engine:
                engine.run(plan_of('print "w" next(1)')).wait()
                tracemalloc.reset_peak()
                held = tracemalloc.get_traced_memory()[0]
                engine.run(plan).wait()
                nbytes = tracemalloc.get_traced_memory()[1] - held
            tracemalloc.stop()
            peer = _sums(counts.computed)
            figure = {
                "cpu": cpu,
                "microseconds a node": 1e6 * cpu / counts.computed,
                "bytes a node": nbytes / counts.computed,
                "ratio": cpu / peer,
            }
            figures[f"{name} of {count:,}"] = figure
            print(
                f"  {name + f' of {count:,}':<28} CPU {cpu:6.2f} s"
                f" {figure['microseconds a node']:6.1f} µs, {figure['bytes a node']:6.0f} bytes"
                f" a node of {counts.computed:,}"
            )
    return figures


def _sums(count: int) -> float:
    """Return the seconds of so many sums in plain Python."""
    total, begin = 0.0, time.process_time()
    for _ in range(count):
        total = total + 1
    return time.process_time() - begin


def _two_at_once(folder: Path) -> dict[str, object]:
    """Run the pipeline alone, then two of it at once on one store that knows nothing."""
    program = folder / "pipeline.imgql"
    program.write_text(PROGRAM)
    voxlogica_run(program, folder, "warming")
    alone: list[float] = []
    both: list[float] = []
    nodes: object = {}
    for number in range(_ROUNDS):
        alone.append(voxlogica_run(program, folder, f"alone {number}").seconds)
        words = ["run", str(program), "--json", "--store", str(folder / f"both {number}")]
        command = [sys.executable, "-m", "voxlogica_core", *words]
        begin = time.perf_counter()
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as other:
            found = measured(command, folder)
            assert other.wait() == 0
        both.append(time.perf_counter() - begin)
        nodes = dict(found.nodes)
    ratio = median(both) / median(alone)
    print(
        f"  pipeline, one process {median(alone):.2f} s, two at once {median(both):.2f} s:"
        f" {ratio:.2f} ×; nodes of one of the two: {nodes}"
    )
    return {"two processes at once": {"alone": median(alone), "both": median(both), "ratio": ratio}}
