"""Every request of an editor at its pipe, in long programs: at rest, and right behind an edit.

Right behind an edit the answer waits for the analysis of the new text, so both times are in it.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.benchmarks.server_latency import program
from tests.support.wire import Fields, Wire

_LINES = (1_000, 10_000)
_TIMES = 8
_SEED = 7

Ask = Callable[[Wire, str, Fields], object]


def main(*lines: int) -> dict[str, object]:
    """Measure, print a table, return the figures."""
    figures: dict[str, object] = {}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "ball.nii.gz").write_bytes(b"no image, but bytes to digest")
        for count in lines or _LINES:
            print(f"  {f'{count:,} lines':<34} {'p50':>7} {'p95':>7}   {'p50':>7} {'p95':>7}  ms")
            print(f"  {'':<34} {'at rest':>15}   {'behind an edit':>15}")
            with Wire(folder) as wire:
                figures[str(count)] = _measured(wire, program(count))
    return figures


def _measured(wire: Wire, text: str) -> dict[str, object]:
    wire.initialize(hoverImages=True)
    uri = wire.open(text)
    wire.diagnostics(1)
    lines, random, version = text.split("\n"), Random(_SEED), 1
    named = [number for number, line in enumerate(lines) if line.startswith("let r")]
    figures: dict[str, object] = {}
    for name, ask in _REQUESTS.items():
        rest: list[float] = []
        behind: list[float] = []
        for _ in range(_TIMES):
            line = random.choice(named)
            place = {"line": line, "character": 5}
            rest.append(_milliseconds(lambda a=ask, p=place: a(wire, uri, p)))
            version += 1
            end = {"line": line, "character": len(lines[line])}
            text = "7" if version % 2 else " "
            wire.edit(uri, version, {"range": {"start": end, "end": end}, "text": text})
            behind.append(_milliseconds(lambda a=ask, p=place: a(wire, uri, p)))
            wire.edit(uri, version, {"range": {"start": end, "end": _next(end)}, "text": ""})
            wire.at("textDocument/hover", uri, 0, 0)
        figures[name] = {"rest": _ranked(rest), "behind an edit": _ranked(behind)}
        print(f"  {name:<34} {_shown(rest)}   {_shown(behind)}", flush=True)
    return figures


def _next(place: Fields) -> Fields:
    return {**place, "character": place["character"] + 1}


def _position(method: str, **more: object) -> Ask:
    def ask(wire: Wire, uri: str, place: Fields) -> object:
        return _answer(wire, method, {"textDocument": {"uri": uri}, "position": place, **more})

    return ask


def _whole(method: str, **more: object) -> Ask:
    def ask(wire: Wire, uri: str, place: Fields) -> object:
        del place
        return _answer(wire, method, {"textDocument": {"uri": uri}, **more})

    return ask


def _visible(method: str, **more: object) -> Ask:
    """Ask about the 60 lines from a place on."""

    def ask(wire: Wire, uri: str, place: Fields) -> object:
        part = {"start": place, "end": {"line": place["line"] + 60, "character": 0}}
        return _answer(wire, method, {"textDocument": {"uri": uri}, "range": part, **more})

    return ask


def _selection(wire: Wire, uri: str, place: Fields) -> object:
    params = {"textDocument": {"uri": uri}, "positions": [place]}
    return _answer(wire, "textDocument/selectionRange", params)


def _flow(direction: str) -> Ask:
    def ask(wire: Wire, uri: str, place: Fields) -> object:
        params: Fields = {"textDocument": {"uri": uri}, "position": place}
        found = _answer(wire, "textDocument/prepareCallHierarchy", params)
        if not isinstance(found, list) or not found:
            return None
        return _answer(wire, f"callHierarchy/{direction}Calls", {"item": found[0]})

    return ask


def _symbols(wire: Wire, uri: str, place: Fields) -> object:
    del uri, place
    return _answer(wire, "workspace/symbol", {"query": "r1"})


def _answer(wire: Wire, method: str, params: Fields) -> object:
    answer = wire.ask(method, params)
    assert "error" not in answer, (method, answer)
    return answer["result"]


_OPTIONS = {"tabSize": 4, "insertSpaces": True}
_REQUESTS: Mapping[str, Ask] = {
    "hover": _position("textDocument/hover"),
    "definition": _position("textDocument/definition"),
    "type definition": _position("textDocument/typeDefinition"),
    "references": _position("textDocument/references", context={"includeDeclaration": True}),
    "highlight": _position("textDocument/documentHighlight"),
    "prepare rename": _position("textDocument/prepareRename"),
    "rename to a fresh name": _position("textDocument/rename", newName="another_name"),
    "rename, looked at twice": _position("textDocument/rename", newName="X"),
    "completion": _position("textDocument/completion"),
    "outline": _whole("textDocument/documentSymbol"),
    "workspace symbols": _symbols,
    "folds": _whole("textDocument/foldingRange"),
    "selection": _selection,
    "links": _whole("textDocument/documentLink"),
    "colours of 60 lines": _visible("textDocument/semanticTokens/range"),
    "colours, difference": _whole(
        "textDocument/semanticTokens/full/delta", previousResultId="none"
    ),
    "what uses this": _flow("incoming"),
    "what this needs": _flow("outgoing"),
    "format 60 lines": _visible("textDocument/rangeFormatting", options=_OPTIONS),
    "format": _whole("textDocument/formatting", options=_OPTIONS),
}


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def _ranked(found: list[float]) -> dict[str, float]:
    return {"p50": statistics.median(found), "p95": sorted(found)[round(0.95 * (len(found) - 1))]}


def _shown(found: list[float]) -> str:
    figures = _ranked(found)
    return f"{figures['p50']:>7.1f} {figures['p95']:>7.1f}"


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
