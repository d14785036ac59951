"""The store: values beside plain files, a million nodes, contention, `synchronous`, disk used."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from tests.support.stores import finished, node_id
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.components import components
from voxlogica_core.primitives.distance import signed_distance
from voxlogica_core.primitives.image_files import read_image
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import InFile
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, MASK

_ROOT = Path(__file__).parents[2]
_BRAIN = _ROOT / "examples" / "data" / "mni152_t1_1mm.nii.gz"
_ROUNDS = 5
_MILLION = 1_000_000
_CONTESTED = 10_000
_PIPELINE = """
load t1 = "{brain}"
let i = intensity(t1)
let top = max(i)
let bright = i >= 0.4 * top
let vbright = smoothen(i >= 0.6 * top, 2)
let brain = !touch(i <= 0.05 * top, border)
let grownIn = grow(vbright, bright)
let rank = percentiles(i, brain, 0.5)
let late = (rank >= 0.8) & grownIn
let shells = for r in range(1, 21) do distleq(r, vbright)
print "near" volume(near(near(near(vbright))))
print "around" volume(N bright)
print "largest" volume(maxvol(bright))
print "distance" max(dt(vbright))
print "through" volume(through(vbright, bright))
print "grown" volume(grownIn)
print "late" volume(late)
print "rank" avg(rank, brain)
print "shells" for shell in shells do volume(shell & bright)
save "late.nii.gz" late
"""


def main() -> dict[str, object]:
    """Measure, print tables, return the figures."""
    figures: dict[str, object] = {}
    with TemporaryDirectory(dir=os.environ.get("TMPDIR")) as temporary:
        folder = Path(temporary)
        figures["values"] = _values(folder)
        figures["million"] = _million(folder / "million")
        figures["contention"] = _contention(folder)
        figures["synchronous"] = _synchronous(folder)
        figures["pipeline mb"] = _pipeline(folder)
    return figures


def _values(folder: Path) -> dict[str, object]:
    """Write and read an image of each kind, beside its raw voxels in a plain file."""
    print("  value              write          read           size     plain file: write, read")
    figures: dict[str, object] = {}
    for name, image in _images():
        store = SqliteStore(folder / name)
        nodes = [f"{name} {number}" for number in range(_ROUNDS)]
        writes = [_seconds(partial(store.record, [finished(n, image)])) for n in nodes]
        records = store.lookup(node_id(n) for n in nodes)
        reads = [_seconds(partial(store.value, record)) for record in records.values()]
        plain = folder / "plain"
        raw = image.voxels.tobytes()
        plain_writes = [_seconds(partial(plain.write_bytes, raw)) for _ in range(_ROUNDS)]
        plain_reads = [_seconds(plain.read_bytes) for _ in range(_ROUNDS)]
        stored = next(iter(records.values())).stored
        assert isinstance(stored, InFile)
        store.close()
        bits = 8 * stored.size / image.geometry.voxel_count
        row = [1000 * median(times) for times in (writes, reads, plain_writes, plain_reads)]
        figures[name] = [*row, stored.size, bits]
        print(
            f"  {name:<14} {row[0]:7.1f} ms     {row[1]:7.1f} ms  {stored.size / 1e6:8.2f} MB"
            f" ({bits:5.2f} bit a voxel)   {row[2]:6.1f} ms {row[3]:6.1f} ms"
            f" {len(raw) / 1e6:6.1f} MB"
        )
    return figures


def _images() -> Iterator[tuple[str, Image]]:
    brain = read_image(str(_BRAIN)).image
    bright = Image(MASK, brain.voxels > 60, brain.geometry)
    yield "image", brain
    yield "mask", bright
    yield "labels", components(bright)
    yield "distance", signed_distance(bright)
    colours = np.repeat((brain.voxels / brain.voxels.max() * 255).astype(np.uint8)[..., None], 3, 3)
    yield "colour", Image(COLOUR, colours, brain.geometry)


def _million(folder: Path) -> dict[str, float]:
    """Look up nodes among a million of them."""
    store = SqliteStore(folder)
    begin = time.perf_counter()
    for first in range(0, _MILLION, 2000):
        store.record([finished(i, float(i)) for i in range(first, first + 2000)])
    written = time.perf_counter() - begin
    store.close()
    size = Layout(folder).database.stat().st_size
    some = [node_id(i * 7919 % _MILLION) for i in range(10_000)]
    figures = {
        "record µs a node": written / _MILLION * 1e6,
        "size MB": size / 1e6,
        "open writer ms": 1000 * median(_seconds(lambda: _opened(folder)) for _ in range(_ROUNDS)),
        "open reader, one look-up ms": 1000
        * median(_seconds(lambda: _asked(folder, some[:1])) for _ in range(_ROUNDS)),
        "look-up µs a node": median(_looked_up(folder, some) for _ in range(_ROUNDS))
        / 10_000
        * 1e6,
        "look-up of absent µs a node": _looked_up(
            folder, [node_id(f"no {i}") for i in range(10_000)]
        )
        / 10_000
        * 1e6,
    }
    print("  a million nodes: " + ", ".join(f"{name} {n:.2f}" for name, n in figures.items()))
    return figures


def _contention(folder: Path) -> dict[str, object]:
    """Let two processes compute 10,000 nodes of one program at once, beside one alone."""
    program = folder / "contested.imgql"
    program.write_text(f'print "x" total(for i in range(0, {_CONTESTED}) do nap(0.2, i))\n')
    alone = _together(folder / "alone", [program])
    both = _together(folder / "both", [program, program])
    print(
        f"  {_CONTESTED:,} nodes: one process {alone[0]:.2f} s, two at once {both[0]:.2f} s; "
        f"computed {alone[1]} and {both[1]}, twice {both[2]}"
    )
    return {"alone": alone[0], "two": both[0], "computed twice": both[2]}


def _together(store: Path, programs: Sequence[Path]) -> tuple[float, list[int], int]:
    words = [sys.executable, "-m", "tests.support.engine_child", str(store)]
    pipe = subprocess.PIPE
    children = [
        subprocess.Popen([*words, str(p), "2"], cwd=_ROOT, stdin=pipe, stdout=pipe, text=True)
        for p in programs
    ]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    begin = time.perf_counter()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    answers = [child.communicate()[0] for child in children]
    seconds = time.perf_counter() - begin
    computed = [set[str](json.loads(answer)["computed"]) for answer in answers]
    twice = sum(map(len, computed)) - len(set[str]().union(*computed))
    return seconds, [len(nodes) for nodes in computed], twice


def _synchronous(folder: Path) -> dict[str, float]:
    """Commit 200 small transactions in each mode of SQLite."""
    figures: dict[str, float] = {}
    for mode in ("OFF", "NORMAL", "FULL"):
        connection = sqlite3.connect(folder / f"{mode}.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        connection.execute(f"PRAGMA synchronous = {mode}")
        connection.execute("CREATE TABLE t (a TEXT)")

        def commit(connection: sqlite3.Connection = connection) -> None:
            connection.execute("INSERT INTO t VALUES ('x')")

        figures[mode] = 1e6 * median(_seconds(commit) for _ in range(200))
        connection.close()
    print("  a transaction, µs: " + ", ".join(f"{m} {n:.0f}" for m, n in figures.items()))
    return figures


def _pipeline(folder: Path) -> float:
    """Run a program of half a hundred nodes on a brain; return the size of its store."""
    program = folder / "pipeline.imgql"
    program.write_text(_PIPELINE.format(brain=_BRAIN))
    words = ["-m", "voxlogica_core", "run", str(program), "--store", str(folder / "pipeline")]
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    size = sum(p.stat().st_size for p in (folder / "pipeline").rglob("*") if p.is_file()) / 1e6
    print(f"  pipeline on a brain: {size:.1f} MB on disk; {done.stderr.strip().splitlines()[-1]}")
    return size


def _opened(folder: Path) -> None:
    SqliteStore(folder).close()


def _asked(folder: Path, nodes: Sequence[NodeId]) -> None:
    reader = StoreReader(folder)
    assert reader.lookup(nodes)
    reader.close()


def _looked_up(folder: Path, nodes: Sequence[NodeId]) -> float:
    reader = StoreReader(folder)
    reader.lookup(nodes[:1])
    seconds = _seconds(lambda: reader.lookup(nodes))
    reader.close()
    return seconds


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
