"""Status, cost and why: how long an answer takes at 10,000 lines, and how right predictions are."""

import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import cast

from tests.benchmarks import pipeline, reduction
from tests.support.pictures import write_ball
from tests.support.whole_processes import voxlogica_run
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.forecast.estimate import Estimate, estimate
from voxlogica_core.ide.forecast.why import why
from voxlogica_core.ide.status.status import NOTHING, statuses
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import Record
from voxlogica_core.text.source_text import SourceText

_EXAMPLES = Path(__file__).parents[2] / "examples"
_CATALOGUE = read_catalogue()
_IMAGE = "examples/data/mni152_t1_1mm.nii.gz"
_ROUNDS = 15
_REPEATED = 3
_LONG = 0.020  # seconds from which on a prediction counts
_SURFACE = """
load t1 = "data/mni152_t1_1mm.nii.gz"
let level = 120.5
let tissue = intensity(t1) > level
let inside = interior(tissue)
let smooth = smoothen(inside, 3)
let shell = distlt(4, smooth) & !smooth
let main = maxvol(shell)
print "ml" volume_mm3(main) / 1000
print "thick" max(mask(dt(smooth), main))
print "edge" volume(touch(shell, border))
"""
_CASES = """
load t1 = "data/mni152_t1_1mm.nii.gz"
let image = intensity(t1)
let radius = 2.5
let opened(t) = smoothen(image > t, radius)
let sizes = for t in range(0, 6) do volume(maxvol(opened(100 + 15 * t)))
print "sizes" sizes
print "reach" volume(through(image > 200, image > 150))
"""
_TEXTURE = """
load t1 = "data/mni152_t1_1mm.nii.gz"
let image = intensity(t1)
let brain = image > 20
let level = 110
let tissue = image > level & brain
let rank = percentiles(image, brain, 0.5)
let alike = crossCorrelation(2, image, image, tissue, 0, 255, 16)
let edges = gradient(image)
let depth = dt(!tissue)
let reach = for n in range(0, 4) do dt(image > level + 20 * n)
let outer = distlt(3, tissue) & !distlt(1, tissue)
let split = otsu(image, tissue, 64)
print "alike" avg(alike, tissue)
print "edges" avg(edges, outer)
print "depth" max(depth)
print "reach" for each in reach do avg(each, brain)
print "rank" avg(rank, maxvol(outer))
print "split" volume(split)
print "thick" max(mask(dt(outer), tissue))
"""


def main() -> dict[str, object]:
    """Measure, print tables, return the figures."""
    with TemporaryDirectory() as temporary:
        return {
            "latency": _latencies(Path(temporary)),
            "predictions": _predictions(Path(temporary)),
        }


def _latencies(folder: Path) -> dict[str, object]:
    """Ask after an edit of a program of 10,000 lines that has run."""
    write_ball(folder / "tiny.nii.gz", 8)
    text = reduction.program(10_000).replace(_IMAGE, str(folder / "tiny.nii.gz"))
    program = folder / "long.imgql"
    program.write_text(text)
    voxlogica_run(program, folder, "long")
    reader = StoreReader(folder / "long")
    past = Past(reader)
    before = _analysis(program, text)
    document = str(program)
    rows: dict[str, list[float]] = {}
    for number in range(_ROUNDS):
        edited = text.replace("let x9998 =", f"let x9998 = {number} +", 1)
        analysis = before = _analysis(program, edited, before)
        node = analysis.plan.nodes[analysis.plan.declarations["x9999"]]
        len(analysis.plan.nodes)  # the nodes are gathered for the status already
        for name, ask in {
            "status of all": lambda a=analysis: statuses(
                a.plan, reader.lookup(a.plan.nodes), NOTHING
            ),
            "cost": lambda a=analysis: estimate(
                a, reader, _CATALOGUE, past.runs(document), past.rates()
            ),
            "why": lambda a=analysis, n=node: why(
                a, n, reader, NOTHING, past.runs(document), _CATALOGUE
            ),
        }.items():
            rows.setdefault(name, []).append(_milliseconds(ask))
    return {name: _told(name, each) for name, each in rows.items()}


def _told(name: str, milliseconds: list[float]) -> Mapping[str, float]:
    ordered = sorted(milliseconds)
    p50, worst = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"  {name:<16} p50 {p50:7.1f} ms  p95 {worst:7.1f} ms  first {milliseconds[0]:7.1f} ms")
    return {"p50": p50, "p95": worst, "first": milliseconds[0]}


def _milliseconds(ask: Callable[[], object]) -> float:
    begin = time.process_time()
    ask()
    return (time.process_time() - begin) * 1e3


def _predictions(folder: Path) -> dict[str, object]:
    shutil.copytree(_EXAMPLES / "data", folder / "data")
    brain = (_EXAMPLES / "brain.imgql").read_text()
    figures: dict[str, object] = {}
    for name, text, edit in (
        ("brain", brain, ("0.08", "0.09")),
        ("brain, all", brain, ("t1_1mm", "gm_1mm")),
        ("pipeline", pipeline.PROGRAM, ("0.6 *", "0.62 *")),
        ("surface", _SURFACE, ("120.5", "125.5")),
        ("cases", _CASES, ("2.5", "3")),
        ("texture", _TEXTURE, ("110", "115")),
    ):
        figures[name] = _predicted(folder, name, text, edit)
    found = cast("list[Mapping[str, int]]", list(figures.values()))
    near, clock, of = (sum(each[word] for each in found) for word in ("near", "clock", "of"))
    print(f"  all          {near} of {of} nodes within a factor of two; {clock} by the clock")
    return figures


def _predicted(folder: Path, name: str, text: str, edit: tuple[str, str]) -> object:
    """Run a program once, predict an edit of it, run that some times, and compare.

    What a node took is what the store notes of it: its kernel's own work. By the clock, on a
    busy machine, it takes longer, and never twice the same.
    """
    program, store = folder / "program.imgql", folder / f"store {name}"
    program.write_text(text)
    voxlogica_run(program, folder, "warming")  # compiled kernels onto the disk
    voxlogica_run(program, folder, store.name)
    edited = text.replace(*edit, 1)
    program.write_text(edited)
    reader = StoreReader(store)
    found = _priced(reader, program, edited)
    spent: dict[NodeId, list[Record]] = {}
    clock: dict[NodeId, list[float]] = {}
    exact = (0, 0)
    for number in range(_REPEATED):  # on copies: each is the first after the edit
        copy = shutil.copytree(store, folder / f"{name} {number}")
        events = folder / "events"
        trial = voxlogica_run(program, folder, copy.name, "--events", str(events))
        for node, seconds in _by_the_clock(events):
            clock.setdefault(node, []).append(seconds)
        counts = cast("Mapping[str, int]", json.loads(trial.output)["nodes"])
        exact = (counts["computed"] + counts["rematerialised"], counts["reused"])
        after = StoreReader(copy)
        for node, record in after.lookup([step.node for step in found.steps]).items():
            spent.setdefault(node, []).append(record)
        after.close()
    pairs = [
        (step.seconds, seconds, step.nbytes, spent[step.node][0].nbytes)
        for step in found.steps
        if step.node in spent
        and (seconds := median(record.seconds for record in spent[step.node])) >= _LONG
    ]
    near = sum(0.5 <= told / real <= 2 for told, real, _, _ in pairs)
    large = sum(0.5 <= told / max(1, real) <= 2 for _, _, told, real in pairs)
    passed = sum(
        0.5 <= step.seconds / median(clock[step.node]) <= 2
        for step in found.steps
        if step.node in spent and median(r.seconds for r in spent[step.node]) >= _LONG
    )
    print(
        f"  {name:<12} {near} of {len(pairs)} nodes within a factor of two, bytes {large}, "
        f"by the clock {passed}; "
        f"sum {sum(p[0] for p in pairs):.2f} s told, {sum(p[1] for p in pairs):.2f} s taken; "
        f"{found.compute} + {found.reused} nodes told, {exact[0]} + {exact[1]} done"
    )
    reader.close()
    is_exact = (found.compute, found.reused) == exact
    return {"near": near, "clock": passed, "of": len(pairs), "exact": is_exact}


def _by_the_clock(events: Path) -> list[tuple[NodeId, float]]:
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    ended = [line for line in lines if line["event"] == "finished"]
    return [(NodeId(line["node"]), float(line["seconds"])) for line in ended]


def _priced(reader: StoreReader, program: Path, text: str) -> Estimate:
    past = Past(reader)
    return estimate(
        _analysis(program, text), reader, _CATALOGUE, past.runs(str(program)), past.rates()
    )


def _analysis(program: Path, text: str, before: Analysis | None = None) -> Analysis:
    source = SourceText(text, str(program))
    world = FileSystem(".")
    return analyse(source, catalogue=_CATALOGUE, world=world, before=before)
