"""Statements as lines: what goes with one when it is moved or removed. Knows no program."""

import re

from voxlogica_core.text.span import Span

_DOCUMENTATION = re.compile(r"(?:^[^\S\r\n]*///[^\r\n]*(?:\r\n|\r|\n))+\Z", re.M)
_REST = re.compile(r"[^\S\r\n]*(?:\r\n|\r|\n|\Z)")
_MOST_DOCUMENTATION = 10_000  # characters


def whole_lines(text: str, span: Span) -> Span:
    """Return a statement with its documentation and line end, if it is alone on its lines."""
    rest = _REST.match(text, span.end)
    start = beginning(text, span.start)
    if rest is None or start == span.start != _line_start(text, span.start):
        return span
    return Span(start, rest.end())


def beginning(text: str, start: int) -> int:
    """Return where a line can be put before a statement: above what documents it."""
    line = _line_start(text, start)
    if text[line:start].strip():
        return start
    above = max(0, line - _MOST_DOCUMENTATION)
    documentation = _DOCUMENTATION.search(text[above:line])
    return above + documentation.start() if documentation else line


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
