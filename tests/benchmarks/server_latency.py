"""The language server at its pipe: start, edits, hovers; idle and while every core computes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.wire import Fields, Wire

_STARTS = 8
_EDITS = 60
_HOVERS = 60
_BUSY = "import os\nos.nice(5)\nwhile True: pass"
"""As greedy as a runner, and as modest: it gives way to the editor."""


def program(lines: int) -> str:
    """Return a program of some length: a chain of thresholds, unions and numbers."""
    body = [
        'load img = "ball.nii.gz"',
        "let grey = intensity(img)",
        "let r0 = grey >. 10",
        "let n0 = 1",
    ]
    step = 0
    while len(body) < lines - 1:
        step += 1
        body += [
            f"let t{step} = grey >. (0.{step} + n{step - 1})",
            f"let r{step} = (r{step - 1} | near(t{step})) & !t{step}",
            f"let n{step} = n{step - 1} * 2 - {step}",
            f"// step {step} of the chain",
        ]
    return "\n".join([*body[: lines - 1], f'print "volume" volume(r{step - 1})', ""])


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    figures: dict[str, object] = {}
    print(f"  {'':<34} {'p50':>8} {'p95':>8} {'max':>8}  ms")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "ball.nii.gz").write_bytes(b"no image, but bytes to digest")
        for load, around in (("idle", _idle), ("cores busy", _busy)):
            with around():
                _row(figures, f"start to diagnostics, {load}", _starts(folder))
                for lines in (300, 1000):
                    with Wire(folder) as wire:
                        name = f"{lines} lines, {load}"
                        uri = _opened(wire, program(lines))
                        _row(figures, f"edit to diagnostics, {name}", _edits(wire, uri, lines))
                        _row(figures, f"hover, {name}", _hovers(wire, uri, lines))
                        figures[f"MB, {name}"] = _memory(wire.process.pid)
        print(f"  memory {[v for k, v in figures.items() if k.startswith('MB')]} MB")
    return figures


def _starts(folder: Path) -> list[float]:
    def start() -> None:
        with Wire(folder) as wire:
            _opened(wire, program(30))

    return [_milliseconds(start) for _ in range(_STARTS)]


def _edits(wire: Wire, uri: str, lines: int) -> list[float]:
    """Type digits into a number in the middle, and delete them again."""
    target = next(n for n in range(lines // 2, lines) if "// step" in program(lines).split("\n")[n])
    found: list[float] = []
    for version in range(2, 2 + _EDITS):
        line = target - 1
        place = {"line": line, "character": len(program(lines).split("\n")[line])}
        is_typing = version % 2 == 0
        end = place if is_typing else {**place, "character": place["character"] + 1}
        change: Fields = {"range": {"start": place, "end": end}, "text": "7" if is_typing else ""}

        def edit(version: int = version, change: Fields = change) -> None:
            wire.edit(uri, version, change)
            wire.diagnostics(version)

        found.append(_milliseconds(edit))
        time.sleep(0.05)
    return found


def _hovers(wire: Wire, uri: str, lines: int) -> list[float]:
    places = [(4 + 4 * (n % (lines // 5)), 5) for n in range(_HOVERS)]
    return [
        _milliseconds(
            lambda line=line, column=column: wire.at("textDocument/hover", uri, line, column)
        )
        for line, column in places
    ]


def _opened(wire: Wire, text: str) -> str:
    wire.initialize(hoverImages=True)
    uri = wire.open(text)
    wire.diagnostics(1)
    return uri


def _row(figures: dict[str, object], name: str, found: list[float]) -> None:
    ranked = sorted(found)
    p50, p95 = (ranked[round(share * (len(ranked) - 1))] for share in (0.5, 0.95))
    figures[name] = {"p50": p50, "p95": p95, "max": ranked[-1]}
    print(f"  {name:<34} {p50:8.1f} {p95:8.1f} {ranked[-1]:8.1f}")


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def _memory(process: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


@contextmanager
def _idle() -> Generator[None]:
    yield


@contextmanager
def _busy() -> Generator[None]:
    burners = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(os.cpu_count() or 1)]
    try:
        time.sleep(0.5)
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


if __name__ == "__main__":
    main()
