"""Formatting as edits of the lines that change, so that cursors and marks stay in place."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.syntax.format import formatted
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span


def formatting(analysis: Analysis) -> list[Edit]:
    """Return the edits that lay a program out in the style of the house."""
    return _laid_out(analysis, Span(0, len(analysis.source.text)))


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
