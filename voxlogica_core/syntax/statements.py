"""Where statements begin: cuts a stretch of tokens so that an error spoils one statement only.

A statement ends where the next begins. What begins one, wherever brackets stand open, is told by
the tokenizer, which begins a stretch there: ``load``, ``save``, ``print``, ``import``; a definition
without ``let`` at the beginning of a line; a ``let`` at the beginning of a line behind an operand.
Left to see here are the other ``let``: those that no ``in`` belongs to begin a statement.
"""

from collections.abc import Sequence

from voxlogica_core.syntax.lexis import CLOSING, OPENING, OPERANDS, Token

_WAITING_FOR_IN = frozenset({"LET", "FOR", "FILTER"})
_OPEN = -1


def statement_starts(tokens: Sequence[Token]) -> list[int]:
    """Return the indices of the tokens that begin a statement in a stretch, the first included."""
    starts = [0]
    lets = [i for i, token in enumerate(tokens) if i and token.type == "LET"]
    inner = _lets_with_in(tokens) if lets else frozenset[int]()
    for index in lets:
        if _begins_statement(tokens, index, starts[-1], inner):
            starts.append(index)
    return starts


def _begins_statement(
    tokens: Sequence[Token], index: int, start: int, inner: frozenset[int]
) -> bool:
    """Return whether the ``let`` at `index` begins a statement, the last one began at `start`."""
    is_line = tokens[index].place == "line"
    wants_expression = tokens[index - 1].type not in OPERANDS or _ends_label(tokens, start, index)
    if index in inner:
        return is_line and not wants_expression
    return is_line or not wants_expression


def _ends_label(tokens: Sequence[Token], start: int, index: int) -> bool:
    """Return whether the label of the goal at `start` ends in front of `index`."""
    if tokens[start].type not in ("PRINT", "SAVE"):
        return False
    if tokens[start + 1].type != "LPAR":
        return index == start + 2
    depth = 0
    for position in range(start + 1, index):
        kind = tokens[position].type
        depth += (kind in OPENING) - (kind in CLOSING)
        if depth == 0:
            return position == index - 1
    return False


def _lets_with_in(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the indices of each ``let`` that an ``in`` belongs to."""
    found: set[int] = set()
    waiting: list[int] = []
    for index, token in enumerate(tokens):
        kind = token.type
        if kind in _WAITING_FOR_IN:
            waiting.append(index)
        elif kind in OPENING:
            waiting.append(_OPEN)
        elif kind in CLOSING:
            _close(waiting)
        elif kind == "IN" and waiting and waiting[-1] != _OPEN:
            found.add(waiting.pop())
    return frozenset(found)


def _close(waiting: list[int]) -> None:
    """Forget what waits since the bracket that closes now; a stray one closes nothing."""
    depth = len(waiting) - 1
    while depth >= 0 and waiting[depth] != _OPEN:
        depth -= 1
    if depth >= 0:
        del waiting[depth:]
