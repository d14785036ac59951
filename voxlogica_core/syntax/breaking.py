"""Where the rows of a statement that are too long are broken. Writes nothing.

That is at the loosest place: behind the outermost `in` and `do`, else in front of its outermost
operators, else at the arguments of its longest outermost call, else wherever it must be.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise, takewhile
from operator import attrgetter

from voxlogica_core.syntax.lexis import CLOSING, OPENING, Token
from voxlogica_core.syntax.nesting import Nesting, Turn
from voxlogica_core.syntax.spacing import infixes, label_end

WIDTH = 100
"""Characters that a line may have."""

STEP = 2
DEEPEST = 40
"""Blanks in front of a line at most, so that deep nesting leaves room for text."""

_DEEPEST_CALLS_LAID_OUT = 30
"""A line that nests deeper is filled up instead of giving each argument a line."""

_MOST_LINES_OF_WORDS = 8
"""A sequence of more words, or numbers, than this is filled up, too."""

_WORD_AND_COMMA = 3
"""Tokens that a word takes with the sign in front of it and the comma behind it, at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of one line."""

    start: int
    stop: int


class Breaking:
    """Breaks the rows of a statement.

    Parameters
    ----------
    gaps
        What stands in front of each token.
    """

    def __init__(self, tokens: Sequence[Token], gaps: Sequence[str], nesting: Nesting) -> None:
        self._tokens = tokens
        self._nesting = nesting
        self._ends = list(
            accumulate(len(g) + len(t.text) for g, t in zip(gaps, tokens, strict=True))
        )
        self._opening = [0, *accumulate(token.type in OPENING for token in tokens)]
        self._closing = [0, *accumulate(token.type in CLOSING for token in tokens)]
        self._depths = _depths(tokens)
        self._infixes = infixes(tokens)
        self._label_end = label_end(tokens)

    def width(self, row: Row) -> int:
        """Return how many characters a row has."""
        before = self._ends[row.start] - len(self._tokens[row.start].text)
        return self._ends[row.stop - 1] - before

    def parts(self, row: Row, indent: int) -> list[Row]:
        """Return the rows that a row which is too long is broken into; itself where it cannot."""
        depths = self._depths[row.start : row.stop]
        lowest, highest = min(depths), max(depths)
        if row.start <= self._label_end < row.stop - 1 and self._has_wide_label(row):
            return cut(row, [self._label_end + 1])
        if highest - lowest > _DEEPEST_CALLS_LAID_OUT:
            return self._filled(row, indent, self._every_point(row))
        for depth in range(lowest, highest + 1):
            if said := self._outermost_turns(row, depth):
                return cut(row, said)
            operators = [
                i
                for i in range(row.start + 1, row.stop)
                if self._depths[i] == depth and i in self._infixes
            ]
            parts = self._filled(row, indent, operators, self._ends_brackets)
            if len(parts) > 1:
                return parts
            if items := self._longest_list(row, depth):
                is_filled = self._is_long_list_of_words(items)
                return cut(row, [items[0], items[-1]] if is_filled else items)
        return self._filled(row, indent, self._open_points(row))

    def _outermost_turns(self, row: Row, depth: int) -> list[int]:
        """Return where to break `let … in` and `for … do` that no other one holds."""
        turns = self._nesting.turns
        first = bisect_right(turns, row.start, key=attrgetter("place"))
        inside = takewhile(lambda turn: turn.place < row.stop, islice(turns, first, None))
        here = [turn for turn in inside if self._depths[turn.place] == depth]
        level = min((turn.level for turn in here), default=0)
        broken = [turn for turn in here if turn.level == level]
        return sorted({place for turn in broken for place in (turn.place, *self._edges(turn))})

    def _ends_brackets(self, part: Row, room: int) -> bool:
        """Return whether a part ends on a line of closing brackets: what follows stands there."""
        is_broken = self.width(part) > room and self._count(self._opening, part) > 0
        return is_broken or self._count(self._closing, part) == part.stop - part.start

    @staticmethod
    def _count(up_to: Sequence[int], part: Row) -> int:
        return up_to[part.stop] - up_to[part.start]

    def _edges(self, turn: Turn) -> tuple[int, ...]:
        """Return where to break as well: in front of a `let`, and of the bracket that closes."""
        before = self._tokens[turn.begin - 1].type if turn.begin else ""
        is_let = self._tokens[turn.begin].type == "LET"
        is_behind = before in OPENING or before == "EQUALS" or turn.begin - 1 == self._label_end
        first = (turn.begin,) if is_let and is_behind else ()
        return (*first, self._nesting.ends[turn.begin - 1]) if before in OPENING else first

    def _has_wide_label(self, row: Row) -> bool:
        return self.width(Row(row.start, self._label_end + 1)) > WIDTH // 2

    def _longest_list(self, row: Row, depth: int) -> list[int]:
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

    def _is_long_list_of_words(self, points: Sequence[int]) -> bool:
        """Return whether the items between some places are better not given a line each."""
        is_sequence = self._tokens[points[0] - 1].type == "LSQB"
        widest = max(other - one for one, other in pairwise(points))
        return is_sequence and len(points) - 1 > _MOST_LINES_OF_WORDS and widest <= _WORD_AND_COMMA

    def _every_point(self, row: Row) -> list[int]:
        """Return every place where the row may be broken at all."""
        closing = {i for i in range(row.start + 1, row.stop) if self._tokens[i].type in CLOSING}
        return sorted(closing.union(self._open_points(row)))

    def _open_points(self, row: Row) -> list[int]:
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

    def _filled(
        self,
        row: Row,
        indent: int,
        points: Sequence[int],
        goes_on: Callable[[Row, int], bool] = lambda part, room: False,
    ) -> list[Row]:
        """Cut the row at those of `points` that fill the lines up.

        Parameters
        ----------
        goes_on
            Tells of a part, and the room there is for it, that no line may end behind it.
        """
        chosen: list[int] = []
        begin, last, room = row.start, row.start, WIDTH - indent
        for point in [*points, row.stop]:
            is_full = last > begin and self.width(Row(begin, point)) > room
            if is_full and not goes_on(Row(begin, last), room):
                chosen.append(last)
                begin, room = last, WIDTH - min(DEEPEST, indent + STEP)
            last = point
        return cut(row, chosen)


def cut(row: Row, points: Sequence[int]) -> list[Row]:
    """Return the parts of a row, cut in front of the tokens at `points`."""
    places = [row.start, *(p for p in points if row.start < p < row.stop), row.stop]
    return [Row(one, other) for one, other in pairwise(places)]


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
