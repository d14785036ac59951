r"""Source text with its line table: offsets to lines and columns and back.

Line ends are those of the Language Server Protocol only: ``\n``, ``\r\n`` and ``\r``. Form
feeds, U+2028 and their kin are ordinary characters here.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")


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
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        object.__setattr__(self, "_starts", starts)

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
        offset = min(max(offset, 0), len(self.text))
        line = self.line_of(offset)
        before = self.text[self._starts[line] : offset]
        return line, _units(before, encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-32") -> int:
        """Return the offset of a position; columns past the end mean the end of the line."""
        if line >= self.line_count:
            return len(self.text)
        text = self.line(max(line, 0))
        return self._starts[max(line, 0)] + _code_points(text, max(column, 0), encoding)


def _units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text) + sum(character > "\uffff" for character in text)
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
