"""The lines of one statement: those of its writer, long ones broken. Changes no token.

Its writer's own line ends stay, so what is laid out once stays as it is. What stands in brackets,
in what a `let` gives a name and in a loop is indented. No recursion: lines wait in a list.
"""

from collections.abc import Sequence
from itertools import pairwise

from voxlogica_core.syntax.breaking import DEEPEST, STEP, WIDTH, Breaking, Row, cut
from voxlogica_core.syntax.comments import Between, between
from voxlogica_core.syntax.lexis import CLOSING, LINE_END, Token
from voxlogica_core.syntax.nesting import nesting
from voxlogica_core.syntax.spacing import gaps

_WIDEST_COMMENT_COLUMN = 80


def laid_out(text: str, tokens: Sequence[Token], column: int = 0) -> list[str]:
    """Return the lines of the statement that `tokens` of `text` make; it begins at `column`."""
    if not LINE_END.search(text, tokens[0].end, tokens[-1].start):  # so no comment is in it
        parts = zip(gaps(tokens), tokens, strict=True)
        line = "".join([gap + token.text for gap, token in parts])
        if len(line) <= WIDTH:
            return [line]
    return _Layout(text, tokens, column).lines()


class _Layout:
    def __init__(self, text: str, tokens: Sequence[Token], column: int) -> None:
        self._tokens = tokens
        self._column = column
        self._gaps = gaps(tokens)
        self._nesting = nesting(tokens)
        self._breaking = Breaking(tokens, self._gaps, self._nesting)
        self._between = [between(text, a.end, b.start) for a, b in pairwise(tokens)]
        self._open: list[tuple[int, int]] = []
        self._indents: dict[int, int] = {}
        self._out: list[str] = []

    def lines(self) -> list[str]:
        waiting = list(reversed(self._rows()))
        while waiting:
            row = waiting.pop()
            indent = self._indent(row)
            is_long = self._breaking.width(row) + indent > WIDTH
            parts = self._breaking.parts(row, indent) if is_long else [row]
            if len(parts) > 1:
                waiting.extend(reversed(parts))
                continue
            self._comments_above(row, indent)
            self._out.append(" " * indent + self._written(row))
            self._note_openings(row, indent)
            self._comment_behind(row)
        return self._out

    # ---- rows ----------------------------------------------------------------------------------

    def _rows(self) -> list[Row]:
        breaks = [i + 1 for i, gap in enumerate(self._between) if gap.is_break]
        return cut(Row(0, len(self._tokens)), breaks)

    def _written(self, row: Row) -> str:
        tokens = self._tokens
        rest = (self._gaps[i] + tokens[i].text for i in range(row.start + 1, row.stop))
        return tokens[row.start].text + "".join(rest)

    def _comments_above(self, row: Row, indent: int) -> None:
        gap = self._gap_above(row)
        if gap is None:
            return
        for comment in gap.comments:
            self._out += [""] if comment.is_apart else []
            self._out.append(" " * indent + comment.text)
        self._out += [""] if gap.is_apart else []

    def _comment_behind(self, row: Row) -> None:
        if row.stop < len(self._tokens) and (trailing := self._between[row.stop - 1].trailing):
            column = self._column if len(self._out) == 1 else 0
            self._out[-1] = with_comment(self._out[-1], trailing, column)

    def _gap_above(self, row: Row) -> Between | None:
        return self._between[row.start - 1] if row.start else None

    # ---- indentation ---------------------------------------------------------------------------

    def _indent(self, row: Row) -> int:
        if row.start == 0:
            return 0
        last = row.start
        while last < row.stop and self._tokens[last].type in CLOSING:
            last += 1
        if last > row.start:
            return self._indents[self._nesting.openers[last - 1]]
        self._leave(row.start)
        return min(DEEPEST, self._open[-1][1] + STEP) if self._open else STEP

    def _note_openings(self, row: Row, indent: int) -> None:
        """Remember how far the line is indented in which brackets, `let`s and loops begin."""
        for index in range(row.start, row.stop):
            if (end := self._nesting.ends.get(index)) is not None:
                self._leave(index)
                self._open.append((end, indent))
                self._indents[index] = indent

    def _leave(self, index: int) -> None:
        while self._open and self._open[-1][0] <= index:
            self._open.pop()


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
