"""Very many scalars, whole processes: a chain, a loop, wide goals; cold and warm, and memory.

Rows are of nodes that a run computes (the first value comes from an image) and of nodes that are
known while reading the program. Plain Python doing the same sums is the peer: it says how busy the
machine was.
"""

import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.whole_processes import Summary, measured, voxlogica_run

_IMAGE = Path(__file__).parents[2] / "examples" / "data" / "regions.png"
_LOAD = f'load image = "{_IMAGE}"\nlet first = max(intensity(image))\n'
_ROUNDS = 3
_LINKS = 10_000
_ITEMS = 100_000
_PEER = "total = 0.0\nfor i in range(10_000_000):\n    total = total + 1\nprint(total)\n"


def _chain(first: str) -> str:
    links = "".join(f"let a{i} = a{i - 1} + 1\n" for i in range(1, _LINKS))
    return f'let a0 = {first}\n{links}print "x" a{_LINKS - 1}\n'


_PROGRAMS = {
    "chain of 10,000, known": _chain("0"),
    "chain of 10,000, computed": _LOAD + _chain("first"),
    "loop over 100,000, known": f'print "x" sum(for i in range(0, {_ITEMS}) do (i * i) + 1)\n',
    "loop over 100,000, computed": _LOAD
    + f'print "x" sum(for i in range(0, {_ITEMS}) do i * first)\n',
    "loop over 100,000, two each": _LOAD
    + f'print "x" sum(for i in range(0, {_ITEMS}) do (i * first) + 1)\n',
    "10,000 goals": _LOAD + "".join(f'print "{i}" first + {i}\n' for i in range(_LINKS)),
}


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    figures: dict[str, object] = {}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        script = [sys.executable, "-c", _PEER]
        peer = Summary.of([measured(script, folder) for _ in range(_ROUNDS)])
        print(f"  plain Python, 10,000,000 sums: {peer.seconds:.2f} s")
        for number, (name, text) in enumerate(_PROGRAMS.items()):
            program = folder / f"{number}.imgql"
            program.write_text(text)
            stores = [f"store {number} {trial}" for trial in range(_ROUNDS)]
            for how in ("cold", "warm"):
                row = Summary.of([voxlogica_run(program, folder, store) for store in stores])
                ratio = row.seconds / peer.seconds
                figures[f"{name}, {how}"] = asdict(row) | {"ratio": ratio}
                print(
                    f"  {name:<28} {how}  {row.seconds:6.2f} s  {ratio:5.1f} × peer"
                    f"  CPU {row.cpu:6.2f} s  {row.megabytes:5.0f} MB  {row.nodes}"
                )
    return figures
