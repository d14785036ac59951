"""The lines of one statement: those of its writer, long ones broken. Changes no token.

A line that is too long is broken at the loosest place: in front of its outermost operators, else
at the arguments of its longest outermost call, else wherever it must be. Its writer's own line
ends stay, so what is laid out once stays as it is. No recursion: lines wait in a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from voxlogica_core.syntax.comments import Between, between
from voxlogica_core.syntax.lexis import CLOSING, OPENING, Token
from voxlogica_core.syntax.spacing import gaps, infixes

WIDTH = 100
"""Characters that a line may have."""

_STEP = 2
_DEEPEST = 40
"""Blanks in front of a line at most, so that deep nesting leaves room for text."""

_DEEPEST_CALLS_LAID_OUT = 30
"""A line that nests deeper is filled up instead of giving each argument a line."""

_WIDEST_COMMENT_COLUMN = 80


def laid_out(text: str, tokens: Sequence[Token], column: int = 0) -> list[str]:
    """Return the lines of the statement that `tokens` of `text` make; it begins at `column`."""
    return _Layout(text, tokens, column).lines()


@dataclass(frozen=True, slots=True)
class _Row:
    """Tokens of one line."""

    start: int
    stop: int


class _Layout:
    def __init__(self, text: str, tokens: Sequence[Token], column: int) -> None:
        self._tokens = tokens
        self._column = column
        self._gaps = gaps(tokens)
        self._ends = list(
            accumulate(len(g) + len(t.text) for g, t in zip(self._gaps, tokens, strict=True))
        )
        self._depths = _depths(tokens)
        self._infixes = infixes(tokens)
        self._between = [between(text, a.end, b.start) for a, b in pairwise(tokens)]
        self._openers: list[int] = []
        self._out: list[str] = []

    def lines(self) -> list[str]:
        waiting = list(reversed(self._rows()))
        while waiting:
            row = waiting.pop()
            indent = self._indent(row)
            parts = self._split(row, indent) if self._width(row) + indent > WIDTH else []
            if len(parts) > 1:
                waiting.extend(reversed(parts))
                continue
            self._comments_above(row, indent)
            self._out.append(" " * indent + self._written(row))
            self._note_brackets(row, indent)
            self._comment_behind(row)
        return self._out

    # ---- rows ----------------------------------------------------------------------------------

    def _rows(self) -> list[_Row]:
        breaks = [i + 1 for i, gap in enumerate(self._between) if gap.is_break]
        return _cut(_Row(0, len(self._tokens)), breaks)

    def _width(self, row: _Row) -> int:
        before = self._ends[row.start] - len(self._tokens[row.start].text)
        return self._ends[row.stop - 1] - before

    def _written(self, row: _Row) -> str:
        tokens = self._tokens
        rest = (self._gaps[i] + tokens[i].text for i in range(row.start + 1, row.stop))
        return tokens[row.start].text + "".join(rest)

    def _comments_above(self, row: _Row, indent: int) -> None:
        gap = self._gap_above(row)
        if gap is None:
            return
        for comment in gap.comments:
            self._out += [""] if comment.is_apart else []
            self._out.append(" " * indent + comment.text)
        self._out += [""] if gap.is_apart else []

    def _comment_behind(self, row: _Row) -> None:
        if row.stop < len(self._tokens) and (trailing := self._between[row.stop - 1].trailing):
            column = self._column if len(self._out) == 1 else 0
            self._out[-1] = with_comment(self._out[-1], trailing, column)

    def _gap_above(self, row: _Row) -> Between | None:
        return self._between[row.start - 1] if row.start else None

    # ---- indentation ---------------------------------------------------------------------------

    def _indent(self, row: _Row) -> int:
        if row.start == 0:
            return 0
        closing = 0
        while row.start + closing < row.stop and self._tokens[row.start + closing].type in CLOSING:
            closing += 1
        if closing:
            return self._openers[-closing] if closing <= len(self._openers) else 0
        return min(_DEEPEST, self._openers[-1] + _STEP) if self._openers else _STEP

    def _note_brackets(self, row: _Row, indent: int) -> None:
        """Remember for each open bracket how far its line is indented."""
        for index in range(row.start, row.stop):
            if self._tokens[index].type in OPENING:
                self._openers.append(indent)
            elif self._tokens[index].type in CLOSING and self._openers:
                self._openers.pop()

    # ---- breaking ------------------------------------------------------------------------------

    def _split(self, row: _Row, indent: int) -> list[_Row]:
        depths = self._depths[row.start : row.stop]
        lowest, highest = min(depths), max(depths)
        if highest - lowest > _DEEPEST_CALLS_LAID_OUT:
            return self._filled(row, indent, self._every_point(row))
        for depth in range(lowest, highest + 1):
            operators = [
                i
                for i in range(row.start + 1, row.stop)
                if self._depths[i] == depth and i in self._infixes
            ]
            if operators:
                return self._filled(row, indent, operators)
            if call := self._longest_list(row, depth):
                return _cut(row, call)
        return self._filled(row, indent, self._open_points(row))

    def _longest_list(self, row: _Row, depth: int) -> list[int]:
        """Return where to break the longest bracket at `depth` that holds several items."""
        best: list[int] = []
        longest = 0
        points: list[int] = []
        for index in range(row.start, row.stop):
            kind, level = self._tokens[index].type, self._depths[index]
            if kind in OPENING and level == depth:
                points = [index + 1]
            elif kind == "COMMA" and level == depth + 1 and points:
                points.append(index + 1)
            elif kind in CLOSING and level == depth and len(points) > 1:
                length = self._ends[index] - self._ends[points[0] - 1]
                if length > longest:
                    best, longest = [*points, index], length
        return best

    def _every_point(self, row: _Row) -> list[int]:
        """Return every place where the row may be broken at all."""
        closing = {i for i in range(row.start + 1, row.stop) if self._tokens[i].type in CLOSING}
        return sorted(closing.union(self._open_points(row)))

    def _open_points(self, row: _Row) -> list[int]:
        """Return the places where whoever reads the broken line knows that more is to come."""
        tokens = self._tokens
        return [
            i
            for i in range(row.start + 1, row.stop)
            if i in self._infixes or self._is_open_end(tokens[i - 1].type, tokens[i].type)
        ]

    @staticmethod
    def _is_open_end(before: str, token: str) -> bool:
        if before in ("EQUALS", "IN", "DO", "COMMA"):
            return True
        return before in OPENING and token not in CLOSING and token != "COLON"

    def _filled(self, row: _Row, indent: int, points: Sequence[int]) -> list[_Row]:
        """Cut the row at those of `points` that fill the lines up."""
        chosen: list[int] = []
        begin, last, room = row.start, row.start, WIDTH - indent
        for point in [*points, row.stop]:
            if last > begin and self._width(_Row(begin, point)) > room:
                chosen.append(last)
                begin, room = last, WIDTH - min(_DEEPEST, indent + _STEP)
            last = point
        return _cut(row, chosen)


def with_comment(line: str, trailing: tuple[str, int], begin: int = 0) -> str:
    """Return a line with a comment behind it, in the column where it was if there is room.

    Parameters
    ----------
    begin
        The column where the line begins.
    """
    comment, column = trailing
    if column > _WIDEST_COMMENT_COLUMN:
        column = 0
    return line.ljust(max(len(line) + 2, column - begin)) + comment


def _cut(row: _Row, points: Sequence[int]) -> list[_Row]:
    """Return the parts of a row, cut in front of the tokens at `points`."""
    places = [row.start, *(p for p in points if row.start < p < row.stop), row.stop]
    return [_Row(one, other) for one, other in pairwise(places)]


def _depths(tokens: Sequence[Token]) -> list[int]:
    """Return how many brackets each token stands in; brackets stand outside themselves."""
    depths: list[int] = []
    depth = 0
    for token in tokens:
        if token.type in CLOSING:
            depth -= 1
        depths.append(depth)
        if token.type in OPENING:
            depth += 1
    return depths
