"""The language server at its pipe: start, edits, requests; idle and while a run has every core.

Beside it, in turns, a server of pygls that knows no language: what it takes, the library, the pipe
and this client take.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.pictures import write_ball
from tests.support.wire import Fields, Wire

_PEER = Path(__file__).parent / "peers" / "bare_pygls.py"
_STARTS = 20
_EDITS = 40
_BURST = 100
_ASKED = 30
_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # ms
_BARS = " ▁▂▃▄▅▆▇█"
_LONG = """\
load img = "large.nii.gz"
let seed = intensity(img) >. 50
print "long" sum(for i in range(0, 20000) do volume(distlt(i / 7, seed)))
"""

BUDGETS: Mapping[str, float] = {
    "start to diagnostics": 700,
    "edit to diagnostics, 300 lines": 30,
    "edit to diagnostics, 1000 lines": 50,
    "edit to diagnostics, 10000 lines": 100,
    "hover,": 20,
    "completion,": 50,
}
"""Milliseconds that 95 of 100 take at most, by how the name of a row begins; idle and busy."""

Questions = Mapping[str, Callable[[int], Fields]]
"""By method: parameters for the n-th time it is asked."""


def program(lines: int) -> str:
    """Return a program of some length: a chain of thresholds, unions, numbers and comments."""
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
            f"let r{step} = r{step - 1} | near(t{step})",
            f"let n{step} = (n{step - 1} / 2) + {step}",
            f"// step {step} of the chain",
        ]
    return "\n".join([*body[: lines - 1], f'print "volume" volume(r{step - 1})', ""])


def main() -> dict[str, object]:
    """Measure, print a table, return the figures."""
    figures: dict[str, object] = {}
    scale = f"ms, {_BUCKETS[0]} to {_BUCKETS[-1]} ms"
    print(f"  {'':<52} {'p50':>7} {'p95':>7} {'max':>7}  {scale}; p95 to reach")
    for load, around in (("idle", _idle), ("cores busy", _busy)):
        with TemporaryDirectory() as temporary:
            folder = Path(temporary)
            write_ball(folder / "ball.nii.gz")
            write_ball(folder / "large.nii.gz", length=128)
            with around(folder):
                starts, bare = _starts(folder)
                _row(figures, f"start to diagnostics, {load}", starts, bare)
                for lines in (300, 1000, 10_000):
                    _measure(figures, folder, lines, load)
    return figures


def _measure(figures: dict[str, object], folder: Path, lines: int, load: str) -> None:
    with Wire(folder) as wire, Wire(folder, (str(_PEER),)) as peer:
        text = program(lines)
        uri, versions = _opened(wire, text), count(2)
        _opened(peer, text)
        name = f"{lines} lines, {load}"
        script = _script(text, lines)
        used = _processor_seconds(wire.process.pid)
        edits, plain = list[float](), list[float]()
        for version in islice(versions, _EDITS):
            change = next(script)
            edits.append(_edit(wire, uri, change, version))
            plain.append(_edit(peer, uri, change, version))
        used = 1000 * (_processor_seconds(wire.process.pid) - used) / _EDITS
        _row(figures, f"edit to diagnostics, {name}", edits, plain)
        figures[f"CPU ms an edit, {name}"] = used
        begin, last = time.perf_counter(), 0
        for last in (next(versions) for _ in range(_BURST)):
            wire.edit(uri, last, next(script))
        wire.diagnostics(last)
        figures[f"edits/s, {name}"] = rate = round(_BURST / (time.perf_counter() - begin))
        for method, parameters in _questions(uri, lines).items():
            if (found := _asked(wire, method, parameters)) is not None:
                bare = _asked(peer, method, parameters) if method.endswith("/hover") else None
                _row(figures, f"{method.removeprefix('textDocument/')}, {name}", found, bare)
        figures[f"MB, {name}"] = megabytes = memory(wire.process.pid)
        print(f"  {name}: {used:.1f} ms of processor time an edit", end="; ")
        print(f"{rate} edits a second in a burst; {megabytes} MB")


def _questions(uri: str, lines: int) -> Questions:
    document = {"uri": uri}

    def at(number: int) -> Fields:
        return {"line": 4 + 4 * (number * 7 % (lines // 5)), "character": 5}

    def where(number: int) -> Fields:
        return {"textDocument": document, "position": at(number)}

    def visible(number: int) -> Fields:
        first = at(number)["line"]
        end = {"line": first + 60, "character": 0}
        return {
            "textDocument": document,
            "range": {"start": {"line": first, "character": 0}, "end": end},
            "context": {"diagnostics": []},
        }

    def whole(_: int) -> Fields:
        return {"textDocument": document, "options": {"tabSize": 2, "insertSpaces": True}}

    def references(number: int) -> Fields:
        return {**where(number), "context": {"includeDeclaration": True}}

    def command(name: str) -> Callable[[int], Fields]:
        return lambda n: {"command": f"imgql.server.{name}", "arguments": [uri, at(n)]}

    placed = ("hover", "completion", "signatureHelp", "definition", "documentHighlight")
    ranged = ("semanticTokens/range", "inlayHint", "codeAction")
    wholes = ("semanticTokens/full", "documentSymbol", "codeLens", "foldingRange", "documentLink")
    return {
        **{f"textDocument/{name}": where for name in placed},
        **{f"textDocument/{name}": visible for name in ranged},
        **{f"textDocument/{name}": whole for name in wholes},
        "textDocument/references": references,
        "textDocument/formatting": whole,
        "workspace/executeCommand": command("status"),
    }


def _asked(wire: Wire, method: str, parameters: Callable[[int], Fields]) -> list[float] | None:
    """Return how long answers took; None where the server does not know the question."""
    found: list[float] = []
    for number in range(_ASKED):
        wire.seen.clear()  # or this process collects garbage among all answers, in later ones' time
        begin = time.perf_counter()
        answer = wire.ask(method, parameters(number))
        found.append(1000 * (time.perf_counter() - begin))
        if "error" in answer:
            return None
    return found


def _starts(folder: Path) -> tuple[list[float], list[float]]:
    """Return how long it took from start to first diagnostics, and how long the peer took."""

    def start(wire: Wire) -> float:
        begin = time.perf_counter()
        with wire:
            _opened(wire, program(30))
            return 1000 * (time.perf_counter() - begin)

    pairs = [(start(Wire(folder)), start(Wire(folder, (str(_PEER),)))) for _ in range(_STARTS)]
    return [ours for ours, _ in pairs], [bare for _, bare in pairs]


def _edit(wire: Wire, uri: str, change: Fields, version: int) -> float:
    begin = time.perf_counter()
    wire.edit(uri, version, change)
    wire.diagnostics(version)
    milliseconds = 1000 * (time.perf_counter() - begin)
    time.sleep(0.05)  # somebody types
    return milliseconds


def _script(text: str, lines: int) -> Iterator[Fields]:
    """Yield what a writer does, undone each time: a digit, a declaration, a token gone, a number.

    The thresholds and numbers are in the middle; the last kind changes the meaning of half of the
    program.
    """
    written = text.split("\n")
    for step in count(lines // 8):
        number = 4 + 4 * (step % (lines // 5))
        literal = written[number].index("(0.") + 3
        token = written[number + 1].index("near")
        end = len(written[number + 2])
        yield _replaced(number, literal, literal, "7")
        yield _replaced(number, literal, literal + 1, "")
        yield _replaced(4, 0, 0, "let top = 1\n")
        top = _replaced(4, 0, 0, "")
        top["range"]["end"]["line"] = 5
        yield top
        yield _replaced(number + 1, token, token + 4, "")
        yield _replaced(number + 1, token, token, "near")
        yield _replaced(number + 2, end, end, "7")
        yield _replaced(number + 2, end, end + 1, "")


def _replaced(line: int, start: int, end: int, text: str) -> Fields:
    places = [{"line": line, "character": column} for column in (start, end)]
    return {"range": {"start": places[0], "end": places[1]}, "text": text}


def _opened(wire: Wire, text: str) -> str:
    wire.initialize(hoverImages=True)
    uri = wire.open(text)
    wire.diagnostics(1)
    return uri


def _row(
    figures: dict[str, object],
    name: str,
    found: Sequence[float],
    bare: Sequence[float] | None = None,
) -> None:
    """Print a row and keep it; `bare` is what the peer took for the same, in the same run."""
    ranked = sorted(found)
    p50, p95 = _shares(ranked)
    budget = next((most for start, most in BUDGETS.items() if name.startswith(start)), None)
    kept = {"p50": p50, "p95": p95, "max": ranked[-1], "budget": budget}
    verdict = "" if budget is None else f" ≤ {budget:.0f}{'' if p95 <= budget else '  OVER'}"
    if bare is not None:
        median, most = kept["bare p50"], kept["bare p95"] = _shares(sorted(bare))
        kept |= {"p50 ratio": p50 / median, "p95 ratio": p95 / most}
        verdict += f"; bare pygls {median:.1f} and {most:.1f}: {p50 / median:.1f} times as long"
    figures[name] = kept
    bars = f"|{_histogram(ranked)}|{verdict}"
    print(f"  {name:<52} {p50:7.1f} {p95:7.1f} {ranked[-1]:7.1f}  {bars}", flush=True)


def _shares(ranked: Sequence[float]) -> tuple[float, float]:
    """Return what half of some figures reach at most, and what 95 of 100 do."""
    last = len(ranked) - 1
    return ranked[round(0.5 * last)], ranked[round(0.95 * last)]


def _histogram(found: Sequence[float]) -> str:
    """Return a bar for each bucket: how many of the figures are in it."""
    bounds = (0, *_BUCKETS, float("inf"))
    pairs = pairwise(bounds)
    shares = [sum(low <= figure < high for figure in found) / len(found) for low, high in pairs]
    return "".join(_BARS[-(-round(share * 800) // 100)] for share in shares)


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


@contextmanager
def _idle(folder: Path) -> Generator[None]:
    del folder
    yield


@contextmanager
def _busy(folder: Path) -> Generator[None]:
    """Let a server's runner compute on every core."""
    with Wire(folder) as wire:
        wire.initialize()
        params = {"command": "imgql.server.run", "arguments": [wire.open(_LONG, "long.imgql")]}
        wire.begin("workspace/executeCommand", {**params, "workDoneToken": "long"})
        wire.until(lambda m: "nodes" in str(m.get("params", {}).get("value")))
        yield


if __name__ == "__main__":
    main()
