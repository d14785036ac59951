"""What stands in what in a statement: brackets, what `let` gives a name, loops. Breaks no lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voxlogica_core.syntax.lexis import CLOSING, OPENING, Token

_LOOPS = frozenset({"FOR", "FILTER"})
_BEGINNING = OPENING | _LOOPS | {"LET"}
_ENDING = CLOSING | {"IN", "DO", "COMMA"}


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a statement turns from what a name is given to what is said with it.

    That is behind the `in` of a `let` and the `do` of a loop: the loosest places there are.

    Parameters
    ----------
    place
        Index of the first token that is said.
    begin
        Index of the `let`, or of the loop's first token.
    level
        How many others in the same brackets are still being given something.
    """

    place: int
    begin: int
    level: int


@dataclass(frozen=True, slots=True)
class Nesting:
    """What stands in what.

    Parameters
    ----------
    ends
        Of brackets, inner `let`s and loops, by the index of their first token: the index of the
        token that ends them. A loop goes on as long as it can.
    openers
        Of brackets that close, by their index: the index of the one that opens.
    turns
        In order.
    """

    ends: Mapping[int, int]
    openers: Mapping[int, int]
    turns: Sequence[Turn]


def nesting(tokens: Sequence[Token]) -> Nesting:
    """Return what stands in what in a statement without a syntax error."""
    ends: dict[int, int] = {}
    openers: dict[int, int] = {}
    turns: list[Turn] = []
    open_: list[tuple[str, int]] = []
    for index, (kind, *_) in enumerate(tokens):
        if kind in _BEGINNING:
            open_.append((kind, index))
        elif kind in _ENDING and not (kind == "IN" and open_[-1][0] in _LOOPS):
            while open_ and open_[-1][0] == "body":
                ends[open_.pop()[1]] = index
            if kind == "COMMA":
                continue
            begin = open_.pop()[1]
            if kind in ("IN", "DO"):
                turns.append(Turn(index + 1, begin, _level(open_)))
            if kind in CLOSING:
                openers[index] = begin
            if kind == "DO":
                open_.append(("body", begin))
            else:
                ends[begin] = index
    ends.update((begin, len(tokens)) for kind, begin in open_ if kind == "body")
    return Nesting(ends, openers, turns)


def _level(open_: Sequence[tuple[str, int]]) -> int:
    """Return how many of the innermost things that are open are no brackets."""
    level = 0
    while level < len(open_) and open_[-1 - level][0] not in OPENING:
        level += 1
    return level
