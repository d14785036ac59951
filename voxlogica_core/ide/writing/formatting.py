"""Formatting as edits of the lines that change, so that cursors and marks stay in place.

A long program is laid out in blocks, about one a statement, each of which gives by itself what it
gives in its place; so what was laid out once need not be again as long as it is the same text.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.syntax.format import formatted
from voxlogica_core.syntax.lexis import LINE_END, Dialect
from voxlogica_core.syntax.pieces import Piece
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.syntax.tree import Broken
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span

_BLANK = " \t\f\v\r\n"


@dataclass(frozen=True, slots=True)
class _Around:
    """What the layout of a block hangs on besides its text."""

    operators: frozenset[str]
    dialect: Dialect | None
    line_end: str
    is_first: bool


class Formatter:
    """Lays out one document, version after version."""

    def __init__(self) -> None:
        self._known: dict[tuple[_Around, str], str] = {}

    def formatting(self, analysis: Analysis) -> list[Edit]:
        """Return the edits that lay a program out in the style of the house."""
        pieces, text = analysis.parsed.pieces, analysis.source.text
        found = LINE_END.search(text)
        line_end = found[0] if found else "\n"
        now: dict[tuple[_Around, str], str] = {}
        edits: list[Edit] = []
        broken = [s for s, p in zip(pieces.starts, pieces.pieces, strict=True) if not _is_sound(p)]
        for start, stop in pairwise(_cuts(analysis)):
            written = text[start:stop]
            around = _Around(pieces.known, pieces.dialect, line_end, start == 0)
            result = self._known.get((around, written))
            if result is None:
                is_sound = bisect_left(broken, start) == bisect_left(broken, stop)
                result = _block(written, around, is_sound=is_sound)
            now[around, written] = result
            if result != written:
                edits += _edits(written, result, start)
        self._known = now
        return _joined(edits)


def formatting(analysis: Analysis) -> list[Edit]:
    """Return the edits that lay a program out in the style of the house."""
    return Formatter().formatting(analysis)


def _block(text: str, around: _Around, *, is_sound: bool) -> str:
    """Return the layout of a block; a blank line in front of it is one, but for the first."""
    blank = 0 if around.is_first else _blank_lines(text)
    style = around.operators, around.dialect, around.line_end
    laid_out = formatted(text[blank:], *style, is_sound=is_sound).text
    return around.line_end + laid_out if blank else laid_out


def _joined(edits: Sequence[Edit]) -> list[Edit]:
    """Return edits with those put together that meet."""
    found: list[Edit] = []
    for edit in edits:
        if found and found[-1].span.end == edit.span.start:
            last = found.pop()
            edit = Edit(Span(last.span.start, edit.span.end), last.text + edit.text)
        found.append(edit)
    return found


def _blank_lines(text: str) -> int:
    """Return where the first line begins that is not blank."""
    first = len(text) - len(text.lstrip(_BLANK))
    return max(text.rfind("\n", 0, first), text.rfind("\r", 0, first)) + 1


def _cuts(analysis: Analysis) -> list[int]:
    """Return where blocks begin, and the end: behind the line that ends a statement.

    There is no cut beside a statement with a syntax error, as what stands around it stays as it is,
    and none behind a comment that is documentation of what follows.
    """
    pieces, text = analysis.parsed.pieces, analysis.source.text
    cuts = [0]
    for index in range(len(pieces.pieces) - 1):
        end, start = pieces.end(index), pieces.starts[index + 1]
        line = LINE_END.search(text, end, start)
        if line is None or not (
            _is_sound(pieces.pieces[index]) and _is_sound(pieces.pieces[index + 1])
        ):
            continue
        if "///" not in text[end : line.start()]:
            cuts.append(line.end())
    return [*cuts, len(text)]


def _is_sound(piece: Piece) -> bool:
    return not any(isinstance(statement, Broken) for statement in piece.statements)


def range_formatting(analysis: Analysis, span: Span) -> list[Edit]:
    """Return the edits that lay out the statements which a part of the text touches."""
    return _laid_out(analysis, _whole_lines(analysis, span))


def _laid_out(analysis: Analysis, part: Span) -> list[Edit]:
    pieces, text = analysis.parsed.pieces, analysis.source.text
    written = text[part.start : part.end]
    result = formatted(written, pieces.known, pieces.dialect).text
    if part.end < len(text) and not written.endswith(("\n", "\r")):
        result = result.rstrip("\r\n")
    return list(_edits(written, result, part.start))


def _whole_lines(analysis: Analysis, span: Span) -> Span:
    """Return the lines of the statements that `span` touches; no statement is cut."""
    source = analysis.source
    is_line_end = len(span) and source.position(span.end)[1] == 0
    found = _lines_of(source, Span(span.start, span.end - 1) if is_line_end else span)
    while True:
        grown = found
        for statement, by in rooted(analysis.program.statements):
            own = statement.span.shifted(by)
            if own.start < grown.end and grown.start < own.end:
                grown = Span(min(grown.start, own.start), max(grown.end, own.end))
        grown = _lines_of(source, grown)
        if grown == found:
            return _without_blank_ends(source.text, found)
        found = grown


def _lines_of(source: SourceText, span: Span) -> Span:
    end = source.offset(source.line_of(span.end), 0)
    if end < span.end or end <= span.start:
        end = source.offset(source.line_of(span.end) + 1, 0)
    return Span(source.offset(source.line_of(span.start), 0), end)


def _without_blank_ends(text: str, lines: Span) -> Span:
    """Return lines without the blank ones at both ends: those belong to what stands around."""
    written = text[lines.start : lines.end]
    first = len(written) - len(written.lstrip())
    start = max(written.rfind("\n", 0, first), written.rfind("\r", 0, first)) + 1
    return Span(lines.start + start, lines.start + max(start, len(written.rstrip())))


def _edits(before: str, after: str, start: int) -> Iterator[Edit]:
    """Yield the replacements of lines that lead from one text to another."""
    old, new = _lines(before), _lines(after)
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    begins = [start]
    for line in old:
        begins.append(begins[-1] + len(line))
    matcher = SequenceMatcher(None, old[same:], new[same:])
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            span = Span(begins[same + i], begins[same + j])
            yield Edit(span, "".join(new[same + k : same + m]))


def _lines(text: str) -> Sequence[str]:
    """Return the lines of a text with their ends."""
    source = SourceText(text)
    starts = [source.offset(line, 0) for line in range(source.line_count)]
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True) if a < b]
