"""What the language server keeps in memory over a long day: edits, hovers, runs, and its slope.

A tenth of a day takes a minute, the whole ten: ``python -m tests.benchmarks.server_memory full``.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.benchmarks.server_latency import memory, program
from tests.support.pictures import write_ball
from tests.support.wire import Fields, Wire

_LINES = 300
_SAMPLES = 20
_TOGETHER = 10  # edits between two looks at the diagnostics, colours, hints and outline

MOST = 150.0
"""MB that a server may take."""


def main(*, full: bool = False) -> dict[str, object]:
    """Replay a tenth of a long day, or all of it; print what is kept, return the figures."""
    parts = 1 if full else 10
    found = replay(edits=50_000 // parts, hovers=5_000 // parts, runs=500 // parts)
    return {"megabytes": found.megabytes, "most": found.most, "slope": found.slope}


@dataclass(frozen=True, slots=True)
class Day:
    """MB that were resident after each twentieth of a day, and by how much the second half grew."""

    megabytes: Sequence[float]
    slope: float

    @property
    def most(self) -> float:
        """The largest figure."""
        return max(self.megabytes)


def replay(*, edits: int, hovers: int, runs: int) -> Day:
    """Edit, hover and run, and look at the memory of the server twenty times on the way."""
    chance, begin = Random(5), time.monotonic()
    found: list[float] = []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_ball(folder / "ball.nii.gz")
        with Wire(folder) as wire:
            wire.initialize(hoverImages=True)
            writer = _Writer(wire, chance)
            for _ in range(_SAMPLES):
                for _ in range(edits // _SAMPLES // _TOGETHER):
                    writer.edit(_TOGETHER)
                for _ in range(hovers // _SAMPLES):
                    writer.hover()
                for _ in range(runs // _SAMPLES):
                    writer.run()
                found.append(memory(wire.process.pid))
                print(f"  {found[-1]} MB after {time.monotonic() - begin:.0f} s", flush=True)
    day = Day(found, _slope(found[_SAMPLES // 2 :]) * _SAMPLES)
    print(f"  {edits:,} edits, {hovers:,} hovers, {runs:,} runs: {' '.join(map(str, found))} MB")
    print(
        f"  at most {day.most} MB, of {MOST:.0f}; "
        f"slope of the second half {day.slope:+.1f} MB a day of this kind; "
        f"{time.monotonic() - begin:.0f} s"
    )
    return day


class _Writer:
    """Somebody who writes a long program, undoes it, and runs a short one beside it."""

    def __init__(self, wire: Wire, chance: Random) -> None:
        self._wire = wire
        self._chance = chance
        self._lines = program(_LINES).split("\n")
        self._long = wire.open("\n".join(self._lines), "long.imgql")
        self._short = wire.open(_short(0), "short.imgql")
        self._version = 1
        self._runs = 0

    def edit(self, count: int) -> None:
        """Send edits, and wait for what is said about the last."""
        for _ in range(count):
            self._version += 1
            self._wire.edit(self._long, self._version, self._change())
        self._wire.diagnostics(self._version)
        document = {"textDocument": {"uri": self._long}}
        visible = _replaced(self._chance.randrange(_LINES // 2), 0, _LINES, 0, "")["range"]
        self._wire.ask("textDocument/semanticTokens/full", document)
        self._wire.ask("textDocument/inlayHint", {**document, "range": visible})
        self._wire.ask("textDocument/documentSymbol", document)
        self._wire.seen.clear()

    def hover(self) -> None:
        """Look at some expression."""
        line = self._chance.randrange(len(self._lines))
        column = self._chance.randrange(len(self._lines[line]) + 1)
        self._wire.at("textDocument/hover", self._long, line, column)

    def run(self) -> None:
        """Run another short program, so that the run does compute something."""
        self._runs += 1
        self._wire.edit(self._short, self._runs + 1, {"text": _short(self._runs)})
        self._wire.command_result("run", self._short)

    def _change(self) -> Fields:
        number = self._chance.randrange(4, len(self._lines) - 2)
        line = self._lines[number]
        match self._chance.randrange(4):
            case 0 if len(self._lines) > _LINES // 2:
                del self._lines[number]
                return _replaced(number, 0, number + 1, 0, "")
            case 1 if len(self._lines) < 2 * _LINES:
                new = f"let m{self._version} = {self._chance.random():.3f} + n0"
                self._lines.insert(number, new)
                return _replaced(number, 0, number, 0, f"{new}\n")
            case _:
                new = f"{line.partition(' + ')[0]} + {self._chance.random():.3f}"
                self._lines[number] = new
                return _replaced(number, 0, number, len(line), new)


def _short(number: int) -> str:
    return f'load i = "ball.nii.gz"\nprint "v" volume(intensity(i) >. {number / 10})\n'


def _replaced(line: int, column: int, last: int, end: int, text: str) -> Fields:
    start = {"line": line, "character": column}
    return {"range": {"start": start, "end": {"line": last, "character": end}}, "text": text}


def _slope(figures: Sequence[float]) -> float:
    """Return by how much figures grow from one to the next, by least squares."""
    middle, mean = (len(figures) - 1) / 2, sum(figures) / len(figures)
    above = sum((n - middle) * (figure - mean) for n, figure in enumerate(figures))
    return above / sum((n - middle) ** 2 for n in range(len(figures)))


if __name__ == "__main__":
    main(full="full" in sys.argv[1:])
