"""Where statements begin: cuts a stretch of tokens so that an error spoils one statement only.

A statement ends where the next begins. What begins one, wherever brackets stand open, is told by
the tokenizer, which begins a stretch there: ``load``, ``save``, ``print``, ``import``; a definition
without ``let`` at the beginning of a line; a ``let`` at the beginning of a line behind an operand.
Left to see here are the other ``let``: those that no ``in`` belongs to begin a statement. And lines
that cannot go on with what stands above them are left to themselves: they lost their first word.
"""

from collections.abc import Sequence

from voxlogica_core.syntax.lexis import CLOSING, OPENING, OPERANDS, Token, is_capitals

_WAITING_FOR_IN = frozenset({"LET", "FOR", "FILTER"})
_OPEN = -1
_LABELLED = frozenset({"PRINT", "SAVE"})
_DEFINING = frozenset({"LET", "LOAD"})
_STRAYING = (OPERANDS - CLOSING) | {"LPAR", "LSQB", "EQUALS"}
"""Types of the tokens that may begin a line but no statement, and go on with no operand above."""


def statement_starts(tokens: Sequence[Token]) -> list[int]:
    """Return the indices of the tokens that begin a statement in a stretch, the first included."""
    lets = frozenset(i for i, token in enumerate(tokens) if i and token.type == "LET")
    lines = frozenset(
        i
        for i, token in enumerate(tokens)
        if i and token.place == "line" and token.type in _STRAYING
    )
    if not lets and not lines:
        return [0]
    inner = _lets_with_in(tokens)
    starts = [0]
    statement = _Statement(tokens, 0)
    for index in range(1, len(tokens)):
        begins = index in lets and statement.ends_before_let(index, is_inner=index in inner)
        if begins or (index in lines and statement.ends_before_stray(index)):
            starts.append(index)
            statement = _Statement(tokens, index)
        else:
            statement.take(index)
    return starts


class _Statement:
    """What is known of the statement that begins at `start`, token by token."""

    def __init__(self, tokens: Sequence[Token], start: int) -> None:
        self._tokens = tokens
        self._start = start
        self._depth = 0
        self._label_end = -1
        self._has_fold = False
        self._awaits_equals = False
        self.take(start)

    def take(self, index: int) -> None:
        """Go on by one token."""
        kind = self._tokens[index].type
        if kind in OPENING:
            self._depth += 1
        elif kind in CLOSING:
            self._depth = max(0, self._depth - 1)
        elif kind in _DEFINING or self._tokens[index].place == "bare":
            self._awaits_equals = True
        elif kind == "EQUALS":
            self._awaits_equals = False
        elif kind == "FOLD" and self._depth == 0:
            self._has_fold = True
        if self._label_end < 0 and index > self._start and self._depth == 0:
            self._label_end = index

    def ends_before_let(self, index: int, *, is_inner: bool) -> bool:
        """Return whether a ``let`` begins a statement; an inner one has its ``in``."""
        is_line = self._tokens[index].place == "line"
        if is_inner:
            return is_line and self._is_complete(index)
        return is_line or self._is_complete(index)

    def ends_before_stray(self, index: int) -> bool:
        """Return whether a line begins with what cannot follow the operand in front of it.

        Two operands stand side by side only if one is a word of capitals, behind `fold`, or in
        front of the ``=`` of a definition.
        """
        before, token = self._tokens[index - 1], self._tokens[index]
        if self._depth or self._awaits_equals or not self._is_complete(index):
            return False
        if token.type == "EQUALS":
            return True
        return not (self._has_fold or is_capitals(before.text) or is_capitals(token.text))

    def _is_complete(self, index: int) -> bool:
        """Return whether an operand ends in front of `index`."""
        is_goal = self._tokens[self._start].type in _LABELLED
        if is_goal and self._label_end == index - 1:
            return False
        return self._tokens[index - 1].type in OPERANDS


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
