r"""Source text with its line table: offsets to lines and columns and back.

Line ends are those of the Language Server Protocol only: ``\n``, ``\r\n`` and ``\r``. Form
feeds, U+2028 and their kin are ordinary characters here.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_WIDE: Mapping[Encoding, Sequence[str]] = {
    "utf-8": [f"[{first}-\U0010ffff]" for first in "\x80\u0800\U00010000"],
    "utf-16": ["[\U00010000-\U0010ffff]"],
    "utf-32": [],
}
"""Characters of more than one unit, of more than two, of more than three: 6 ms to compile."""

_LONG = 1000  # characters; the columns of longer lines are looked up in a table


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one file and where its lines begin.

    Parameters
    ----------
    text
        The whole text, without a byte-order mark.
    path
        Where it came from, for messages; None for unsaved text.
    """

    text: str
    path: str | None = None
    _starts: Sequence[int] = field(init=False, repr=False, compare=False)
    _tables: dict[tuple[int, Encoding], Sequence[int]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_tables", {})

    def replaced(self, start: int, end: int, text: str) -> "SourceText":
        """Return the source with `text` in place of what stands between two offsets.

        Only the lines there are looked at for line ends: those behind keep theirs, moved.
        """
        made = object.__new__(SourceText)
        whole = self.text[:start] + text + self.text[end:]
        starts = self._starts_with(start, end, whole)
        for name, value in (("text", whole), ("path", self.path), ("_starts", starts)):
            object.__setattr__(made, name, value)
        object.__setattr__(made, "_tables", {})
        return made

    @property
    def line_count(self) -> int:
        """Number of lines; an empty text has one."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """Return the text of line `number` (from 0) without its line end."""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < self.line_count else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_of(self, offset: int) -> int:
        """Return the number (from 0) of the line that holds `offset`."""
        return bisect_right(self._starts, offset) - 1

    def position(self, offset: int, encoding: Encoding = "utf-32") -> tuple[int, int]:
        """Return line and column, both from 0, the column in units of `encoding`."""
        if not 0 <= offset <= len(self.text):
            offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        column = offset - self._starts[line]
        if encoding == "utf-32" or self.text.isascii():
            return line, column
        if column > _LONG:
            return line, column + bisect_left(self._table(line, encoding), column)
        return line, _units(self.text[offset - column : offset], encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-32") -> int:
        """Return the offset of a position; columns past the end mean the end of the line."""
        if line >= self.line_count:
            return len(self.text)
        line, column = max(line, 0), max(column, 0)
        text = self.line(line)
        if column > _LONG and len(text) > _LONG and not text.isascii():
            table = self._table(line, encoding)
            before = bisect_left(range(len(text)), column, key=lambda i: i + bisect_left(table, i))
        else:
            before = _code_points(text, column, encoding)
        return self._starts[line] + before

    def _starts_with(self, start: int, end: int, whole: str) -> Sequence[int]:
        """Return where the lines of a text begin that differs from this one in `start` to `end`.

        The line above is looked at, too: its end may have become the half of another one.
        """
        by = len(whole) - len(self.text)
        first, behind = max(self.line_of(start) - 1, 0), bisect_right(self._starts, end)
        stop = self._starts[behind] + by if behind < self.line_count else len(whole)
        fresh = _LINE_END.finditer(whole, self._starts[first], stop)
        tail = self._starts[behind + 1 :]
        moved = [begin + by for begin in tail] if by else tail
        return [*self._starts[: first + 1], *(match.end() for match in fresh), *moved]

    def _table(self, line: int, encoding: Encoding) -> Sequence[int]:
        """Return the columns of a line's wide characters, once for each unit above one."""
        if (line, encoding) not in self._tables:
            found = (re.finditer(wide, self.line(line)) for wide in _WIDE[encoding])
            columns = sorted(match.start() for matches in found for match in matches)
            self._tables[line, encoding] = columns
        return self._tables[line, encoding]


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))


def _code_points(text: str, units: int, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return min(units, len(text))
    used = 0
    for index, character in enumerate(text):
        if used >= units:
            return index
        used += _units(character, encoding)
    return len(text)
