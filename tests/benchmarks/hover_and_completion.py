"""Hover, completion, signatures, hints, lenses and actions at the pipe: known and to do."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.benchmarks.server_latency import program
from tests.support.assisted import Assisted, Tally
from tests.support.making import made_up
from tests.support.pictures import write_ball
from tests.support.wire import Fields, Wire
from voxlogica_core.primitives.catalogue import read_catalogue

_ASKED = 60
_SCREEN = 60  # lines
_RUN = 4 + 4 * 240 + 1  # line of the union up to which values are computed
_PROGRAMS, _LOST = 20, 10
_BUDGETS = {"textDocument/hover": 20, "textDocument/completion": 50}  # ms

Ask = Callable[[int], object]


def main() -> dict[str, object]:
    """Measure, print tables, return the figures."""
    figures: dict[str, object] = {}
    print(f"  {'':<50} {'p50':>7} {'p95':>7} {'max':>7}  ms (budget)")
    for lines in (1_000, 10_000):
        with TemporaryDirectory() as temporary:
            folder = Path(temporary)
            write_ball(folder / "ball.nii.gz")
            with Wire(folder) as wire:
                wire.initialize(hoverImages=True, hoverLinks=True)
                uri = wire.open(program(lines))
                wire.diagnostics(1)
                for state in ("to do", "known"):
                    if state == "known":
                        wire.command_result("runToCursor", uri, {"line": _RUN, "character": 5})
                    asked = lines if state == "to do" else _RUN
                    for method, ask in _questions(wire, uri, lines, asked).items():
                        _row(figures, f"{method}, {lines} lines, {state}", method, ask)
    figures["right answers"] = _right_answers()
    return figures


def _questions(wire: Wire, uri: str, lines: int, most: int) -> dict[str, Ask]:
    """Return what is asked about unions, in the first `most` lines."""
    text = program(lines).split("\n")
    random = Random(1)
    places = [4 + 4 * random.randrange((most - 8) // 4) + 1 for _ in range(_ASKED)]

    def at(method: str, column: Callable[[str], int]) -> Ask:
        return lambda n: wire.at(method, uri, places[n], column(text[places[n]]))

    def about(method: str, length: int, **more: object) -> Ask:
        def ask(n: int) -> object:
            start = {"line": places[n], "character": 4}
            end = {"line": min(lines - 1, places[n] + length), "character": 6}
            params: Fields = {"textDocument": {"uri": uri}, **more}
            return wire.ask(method, {**params, "range": {"start": start, "end": end}})

        return ask

    return {
        "textDocument/hover": at("textDocument/hover", lambda line: 5),
        "textDocument/completion": at("textDocument/completion", lambda line: line.index("|") + 2),
        "textDocument/signatureHelp": at(
            "textDocument/signatureHelp", lambda line: line.index("(") + 1
        ),
        "textDocument/inlayHint": about("textDocument/inlayHint", _SCREEN),
        "textDocument/codeLens": about("textDocument/codeLens", 0),
        "textDocument/codeAction": about("textDocument/codeAction", 0, context={"diagnostics": []}),
    }


def _row(figures: dict[str, object], name: str, method: str, ask: Ask) -> None:
    found: list[float] = []
    for number in range(_ASKED):
        begin = time.perf_counter()
        ask(number)
        found.append(1000 * (time.perf_counter() - begin))
    found.sort()
    p50, p95 = (found[round(share * (_ASKED - 1))] for share in (0.5, 0.95))
    figures[name] = {"p50": p50, "p95": p95, "max": found[-1]}
    budget = f"({_BUDGETS[method]})" if method in _BUDGETS else ""
    short = name.removeprefix("textDocument/")
    print(f"  {short:<50} {p50:7.1f} {p95:7.1f} {found[-1]:7.1f}  {budget}")


def _right_answers() -> dict[str, float]:
    """Return the share of answers that stay right when a token at random is deleted."""
    random, tally = Random(1), Tally()
    for _ in range(_PROGRAMS):
        text = "\n".join(made_up(random.randrange(10**9), statements=20))
        damaged = Assisted(text, read_catalogue(), random)
        for token in random.sample(damaged.tokens, _LOST):
            damaged.without(token, tally)
    for feature in sorted(tally.asked):
        right, asked = tally.right[feature], tally.asked[feature]
        print(f"  right with a token lost: {feature:<36} {right:>5} of {asked:>5}")
    return {feature: tally.share(feature) for feature in tally.asked}


if __name__ == "__main__":
    main()
