"""Parsing: the whole file, one keystroke in it, and the trees of what moved; time and memory.

The lines are formulas of twenty tokens over names above, with comments and functions between.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable
from statistics import median

from voxlogica_core.syntax.format import formatted
from voxlogica_core.syntax.parser import Parsed, parse
from voxlogica_core.syntax.tokens import settled_stretches
from voxlogica_core.text.source_text import SourceText

_LINES = (300, 1_000, 10_000)
_KEYSTROKES = 21


def main() -> dict[str, dict[str, float]]:
    """Print and return the figures, in milliseconds and MiB."""
    titles = ("lines", "KiB", "cold", "tokens", "key", "slowest key", "moved", "format", "MiB")
    print(" ".join(f"{title:>11}" for title in titles))
    return {str(lines): _figures(lines) for lines in _LINES}


def program(lines: int) -> str:
    """Return a program of so many lines."""
    return "\n".join(_line(number) for number in range(lines))


def _line(number: int) -> str:
    if number % 25 == 0:
        return f"// part {number // 25}"
    if number % 10 == 1:
        return f"let f{number}(a, b) = grow(a, smoothen(b, {number % 5})) & !touch(a, border)"
    before = max(number - 2, 0)
    mask = f"smoothen(x{before} > 0.{number % 9 + 1}, {number % 5})"
    return f"let x{number} = {mask} & !y | x{before // 2}"


def _figures(lines: int) -> dict[str, float]:
    text = program(lines)
    parse(SourceText(program(10)))  # the parser's own tables
    cold = _milliseconds(lambda: parse(SourceText(text)))
    tokens = _milliseconds(lambda: settled_stretches(text, frozenset()))
    keys, moved = _keystrokes(text)
    style = _milliseconds(lambda: formatted(text))
    figures = {
        "KiB": len(text.encode()) / 1024,
        "cold": cold,
        "tokens": tokens,
        "key": median(keys),
        "slowest key": max(keys),
        "moved": median(moved),
        "format": style,
        "MiB": _mebibytes(text),
    }
    print(f"{lines:>11,} " + " ".join(f"{value:>11.1f}" for value in figures.values()), flush=True)
    return figures


def _keystrokes(text: str) -> tuple[list[float], list[float]]:
    """Type letters all over a file; return the times of parses and of moving all the trees."""
    parsed: list[Parsed] = [parse(SourceText(text))]
    keys: list[float] = []
    moved: list[float] = []
    for stroke in range(_KEYSTROKES):
        at = text.index("smoothen", len(text) * stroke // (_KEYSTROKES + 1))
        text = f"{text[:at]}q{text[at:]}"
        source = SourceText(text)
        keys.append(_milliseconds(lambda s=source: parsed.append(parse(s, before=parsed[-1]))))
        moved.append(_milliseconds(lambda: list(parsed[-1].program.statements)))
        del parsed[0]
    return keys, moved


def _milliseconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    begin = time.perf_counter()
    result = work()
    took = time.perf_counter() - begin
    gc.enable()
    del result
    return 1000 * took


def _mebibytes(text: str) -> float:
    """Return what the trees and all that is kept for the next parse take."""
    tracemalloc.start()
    kept = parse(SourceText(text))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return size / 2**20


if __name__ == "__main__":
    main()
