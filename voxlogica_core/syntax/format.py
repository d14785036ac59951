"""Programs in the style of the house: the same tokens and comments, laid out anew.

Statements with a syntax error, and what stands around them, are left as they are. What comes out
is read again, and given back only if it says the same.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from voxlogica_core.syntax.comments import Between, between
from voxlogica_core.syntax.layout import laid_out, with_comment
from voxlogica_core.syntax.lexis import LINE_END, STANDARD_JOINED_OPERATORS, Dialect, Token
from voxlogica_core.syntax.pieces import parse_statement
from voxlogica_core.syntax.statements import statement_starts
from voxlogica_core.syntax.tokens import settled_stretches
from voxlogica_core.syntax.tree import Broken

_COMMENT = re.compile(r"//[^\r\n]*")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A program in the style of the house, and how many statements had to be left as they are."""

    text: str
    broken: int


def formatted(
    text: str,
    operators: frozenset[str] = STANDARD_JOINED_OPERATORS,
    dialect: Dialect | None = None,
    line_end: str | None = None,
    *,
    is_sound: bool = False,
) -> Formatted:
    """Return a program in the style of the house; it means the same, token for token.

    Parameters
    ----------
    operators
        Operators that begin with capital letters and come from elsewhere.
    dialect
        What the program is written in.
    line_end
        What new lines end with: by default what the first one does.
    is_sound
        Whether every statement is known to have no syntax error.
    """
    parts = _parts(text, operators, dialect)
    broken = frozenset[int]() if is_sound else _broken(parts)
    if line_end is None:
        ends = LINE_END.search(text)
        line_end = ends[0] if ends else "\n"
    result = _Writer(text, line_end, broken).written(parts)
    if result == text:
        return Formatted(text, len(broken))
    is_same = _content(result, _parts(result, operators, dialect)) == _content(text, parts)
    return Formatted(result if is_same else text, len(broken))


@dataclass(frozen=True, slots=True)
class _Part:
    """The tokens of a statement, and what ``///`` lines say of it."""

    tokens: Sequence[Token]
    documentation: str | None


def _parts(text: str, operators: frozenset[str], dialect: Dialect | None) -> list[_Part]:
    return [
        _Part(stretch.tokens[start:stop], stretch.documentation.get(start))
        for stretch in settled_stretches(text, operators, dialect)[0]
        for start, stop in pairwise([*statement_starts(stretch.tokens), len(stretch.tokens)])
    ]


def _broken(parts: Sequence[_Part]) -> frozenset[int]:
    """Return where the statements begin that have a syntax error."""
    parsed = ((part.tokens, parse_statement(part.tokens)[0]) for part in parts)
    return frozenset(tokens[0].start for tokens, found in parsed if isinstance(found, Broken))


def _content(text: str, parts: Sequence[_Part]) -> list[object]:
    """Return all that a layout must keep: statements, documentation, comments."""
    content: list[object] = []
    end = 0
    for part in parts:
        content.append(part.documentation)
        for token in part.tokens:
            content += _comments(text, end, token.start)
            content.append((token.type, token.text))
            end = token.end
    return [*content, *_comments(text, end, len(text))]


def _comments(text: str, start: int, end: int) -> list[str]:
    return [found.rstrip() for found in _COMMENT.findall(text, start, end)]


class _Writer:
    def __init__(self, text: str, line_end: str, broken: AbstractSet[int]) -> None:
        self._text = text
        self._line_end = line_end
        self._broken = broken
        self._out: list[str] = []

    def written(self, parts: Sequence[_Part]) -> str:
        """Return the text of all statements and of what stands between them."""
        end, is_verbatim = 0, False
        for index, part in enumerate(parts):
            start = part.tokens[0].start
            is_broken = start in self._broken
            if is_broken or is_verbatim:
                self._out.append(self._text[end:start])
            else:
                self._gap(between(self._text, end, start), is_first=index == 0)
            end, is_verbatim = part.tokens[-1].end, is_broken
            if is_broken:
                self._out.append(self._text[start:end])
            else:
                lines = laid_out(self._text, part.tokens, self._column())
                self._out.append(self._line_end.join(lines))
        if is_verbatim:
            self._out.append(self._text[end:])
        else:
            self._end(between(self._text, end, len(self._text)), is_first=not parts)
        return "".join(self._out)

    def _gap(self, gap: Between, *, is_first: bool) -> None:
        """Write what stands in front of a statement, which begins a line."""
        self._comment_behind(gap)
        if not is_first:
            self._out.append(self._line_end)
        self._own_lines(gap, is_first=is_first)
        if gap.is_apart and (gap.comments or not is_first):
            self._out.append(self._line_end)

    def _end(self, gap: Between, *, is_first: bool) -> None:
        """Write what stands behind the last statement, and one line end."""
        self._comment_behind(gap)
        if not is_first:
            self._out.append(self._line_end)
        self._own_lines(gap, is_first=is_first)

    def _own_lines(self, gap: Between, *, is_first: bool) -> None:
        for index, comment in enumerate(gap.comments):
            if comment.is_apart and not (is_first and index == 0):
                self._out.append(self._line_end)
            self._out.append(comment.text + self._line_end)

    def _comment_behind(self, gap: Between) -> None:
        """Write a comment behind the last statement, on its last line."""
        if gap.trailing is not None and self._out:
            head, line_end, last = self._out.pop().rpartition(self._line_end)
            begin = 0 if line_end else self._column()
            self._out.append(head + line_end + with_comment(last, gap.trailing, begin))

    def _column(self) -> int:
        """Return the column where the next text will stand."""
        column = 0
        for written in reversed(self._out):
            last = max(written.rfind("\n"), written.rfind("\r"))
            column += len(written) - 1 - last
            if last >= 0:
                break
        return column
