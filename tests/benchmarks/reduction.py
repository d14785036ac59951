"""Parsing and reducing: cold, and after one edit; chains, deep and wide programs."""

import gc
import os
import resource
import time
from pathlib import Path

from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText

_LOAD = 'load t = "examples/data/mni152_t1_1mm.nii.gz"\nlet x0 = volume(t > 1)\n'
_EDITS = 9
_CATALOGUE = read_catalogue()
_WORLD = FileSystem(".")


def main() -> dict[str, object]:
    """Measure in processor time, print tables, return the figures."""
    figures: dict[str, object] = {}
    _seconds("let a = 1")  # the parser's tables
    print(f"  {'lines':>7} {'cold':>9} {'edited late':>12} {'early':>9}  (ms of processor time)")
    for lines in (300, 1_000, 10_000):
        text = program(lines)
        cold, analysis = _seconds(text)
        late = _edited(text, f"let x{lines - 2} =", f"let x{lines - 2} = 1 +", analysis)
        early = _edited(text, "let x1 =", "let x1 = 0 *", analysis)
        figures[f"{lines} lines"] = {"cold": cold, "late": late, "early": early}
        print(f"  {lines:>7} {cold * 1e3:9.1f} {late * 1e3:12.1f} {early * 1e3:9.1f}")
    for name, text in _shapes().items():
        before = _resident()
        seconds, analysis = _seconds(text)
        nodes, grown = len(analysis.plan.nodes), _resident() - before
        figures[name] = {"seconds": seconds, "nodes": nodes, "bytes": grown}
        each = f"{seconds / nodes * 1e6:8.1f} µs {grown / nodes / 1024:7.2f} KiB a node"
        print(f"  {name:<28} {seconds:7.2f} s  {nodes:>7} nodes  {each if nodes > 1000 else ''}")
        del analysis
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["megabytes"] = megabytes
    print(f"  memory of this process at most {megabytes:.0f} MB")
    return figures


def _resident() -> int:
    """Return the bytes this process holds now; what is free within them is not seen."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _seconds(text: str, before: Analysis | None = None) -> tuple[float, Analysis]:
    begin = time.process_time()
    analysis = analyse(SourceText(text), catalogue=_CATALOGUE, world=_WORLD, before=before)
    return time.process_time() - begin, analysis


def _edited(text: str, old: str, new: str, before: Analysis) -> float:
    """Return the median over edits that each change the value of one declaration."""
    trials = [
        _seconds(text.replace(old, f"{new} {number} +", 1), before)[0] for number in range(_EDITS)
    ]
    return sorted(trials)[_EDITS // 2]


def program(lines: int) -> str:
    """Return declarations each hanging on one ten lines up, every third on an image."""
    body = [
        f"let x{i} = x{max(0, i - 10)} + {i}"
        if i % 3
        else f"let x{i} = max(x{max(0, i - 10)}, volume(near(t > {i})))"
        for i in range(1, lines)
    ]
    return _LOAD + "\n".join(body) + f'\nprint "x" x{lines - 1}\n'


def _shapes() -> dict[str, str]:
    chain = "\n".join(f"let x{i} = x{i - 1} + {i}" for i in range(1, 10_000))
    levels = "\n".join(f"let f{i}(x) = f{i - 1}(x) + f{i - 1}(x)" for i in range(1, 60))
    leaves = "\n".join(f"let y{i} = volume(t > {i})" for i in range(4096, 8192))
    inner = "\n".join(f"let y{i} = y{2 * i} + y{2 * i + 1}" for i in range(4095, 0, -1))
    return {
        "tree of 4,096 leaves": f'{_LOAD}{leaves}\n{inner}\nprint "x" y1',
        "chain of 10,000": f'{_LOAD}{chain}\nprint "x" x9999',
        "60 levels of functions": f'{_LOAD}let f0(x) = x + x\n{levels}\nprint "x" f59(x0)',
        "100,000 declarations": "\n".join(f"let x{i} = {i}" for i in range(100_000)),
        "100,000 terms on a line": f'{_LOAD}print "x" x0' + " + x0" * 100_000,
        "5,000 nested calls": f'{_LOAD}print "x" volume({"near(" * 5000}t > 1{")" * 5000})',
        "range of 100,000": 'print "x" for i in range(0, 100000) do i + 1',
    }
