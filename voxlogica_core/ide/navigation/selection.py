"""Selections that grow: from what stands at the cursor to the whole file, step by step."""

import re
from collections.abc import Iterator

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import CLOSING, OPENING, Token
from voxlogica_core.syntax.tokens import stretches
from voxlogica_core.syntax.walk import way_to
from voxlogica_core.text.span import Span

_COMMENT = re.compile(r"//[^\r\n]*")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r'"((?:[^"\\\r\n]|\\[^\r\n]?)*)')


def selections(analysis: Analysis, offset: int) -> list[Span]:
    """Return the spans round `offset` that make sense, from the smallest to the whole text."""
    whole = Span(0, len(analysis.source.text))
    found = sorted({*_around(analysis, offset), whole}, key=lambda span: (len(span), span.start))
    chain: list[Span] = []
    for span in found:
        is_round = not chain or (span.start <= chain[-1].start and chain[-1].end <= span.end)
        if is_round and offset in span and len(span):
            chain.append(span)
    return chain or [whole]


def _around(analysis: Analysis, offset: int) -> Iterator[Span]:
    yield from _comment(analysis, offset)
    statements = statements_at(analysis, offset)
    if not statements:
        return
    statement = statements[-1]
    yield statement.span
    yield from (s for s in analysis.expressions.around(offset) if _lies_in(s, statement.span))
    for node in way_to(statement, offset):
        yield node.span
        match node:
            case tree.StringLiteral(span=span):
                yield from _quoted(analysis, span)
            case tree.Call(arguments=(first, *_) as arguments):
                yield first.span.to(arguments[-1].span)
            case tree.Array(items=(first, *_) as items):
                yield first.span.to(items[-1].span)
            case tree.Group(inner=inner):
                yield inner.span
            case _:
                pass
    if isinstance(statement, tree.Broken):
        yield from _brackets(analysis, statement, offset)


def _quoted(analysis: Analysis, span: Span) -> Iterator[Span]:
    """Yield what stands between the quotes of a text, or behind the only one while it is typed."""
    if found := _QUOTED.match(analysis.source.text, span.start, span.end):
        yield Span(*found.span(1))


def _comment(analysis: Analysis, offset: int) -> Iterator[Span]:
    """Yield word and text of a comment at `offset`."""
    source = analysis.source
    start = source.offset(source.line_of(offset), 0)
    line = source.line(source.line_of(offset))
    found = next((m for m in _COMMENT.finditer(line) if m.start() <= offset - start), None)
    inside = (statement.span for statement in statements_at(analysis, offset))
    if found is None or any(span.start <= offset < span.end for span in inside):
        return
    yield Span(start + found.start(), start + found.end())
    for word in _WORD.finditer(line, found.start()):
        yield Span(start + word.start(), start + word.end())


def _brackets(analysis: Analysis, statement: tree.Broken, offset: int) -> Iterator[Span]:
    """Yield the tokens and brackets round `offset` in a statement that has no tree."""
    opened: list[Token] = []
    tokens = list(_tokens(analysis, statement.span))
    here = [t for t in tokens if t.start <= offset < t.end] or tokens
    yield from (Span(t.start, t.end) for t in here if t.start <= offset <= t.end)
    for token in tokens:
        if token.type in OPENING:
            opened.append(token)
        elif token.type in CLOSING and opened:
            first = opened.pop()
            yield Span(first.start, token.end)
            yield Span(first.end, token.start)


def _tokens(analysis: Analysis, span: Span) -> Iterator[Token]:
    """Yield the tokens of a statement."""
    pieces, text = analysis.parsed.pieces, analysis.source.text[span.start : span.end]
    for stretch in stretches(text, pieces.known, pieces.dialect):
        for token in stretch.tokens:
            yield token._replace(start=token.start + span.start, end=token.end + span.start)


def _lies_in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
