"""What may be folded: statements and brackets of several lines, comments, imports, regions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.syntax.walk import nodes

Sort = Literal["region", "comment", "imports"]

_COMMENT_LINE = re.compile(r"^[^\S\r\n]*//(?P<text>[^\r\n]*)", re.M)
_MARK = re.compile(r"#?(?P<end>end)?region\b", re.I)
_FOLDED = (tree.Array, tree.Call, tree.Group, tree.Let, tree.For, tree.Filter)


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines (from 0), the first of which stays in sight."""

    first: int
    last: int
    sort: Sort | None = None


def folds(analysis: Analysis) -> list[Fold]:
    """Return what may be folded, each once, in order of lines."""
    found = {*_statements(analysis), *_imports(analysis), *_comments(analysis)}
    return sorted(found, key=lambda fold: (fold.first, -fold.last))


def _statements(analysis: Analysis) -> Iterator[Fold]:
    line_of = analysis.source.line_of
    for index, (statement, by) in enumerate(rooted(analysis.program.statements)):
        span = statement.span.shifted(by)
        first, last = line_of(span.start), line_of(span.end)
        if first == last:
            continue
        yield Fold(first, last)
        for node in nodes(analysis.program.statements[index]):
            if isinstance(node, _FOLDED):
                begin, end = line_of(node.span.start), line_of(node.span.end)
                if end > begin != first:
                    yield Fold(begin, end)


def _imports(analysis: Analysis) -> Iterator[Fold]:
    line_of = analysis.source.line_of
    run: list[int] = []
    for statement, by in (*rooted(analysis.program.statements), (None, 0)):
        if isinstance(statement, tree.Import):
            run.append(line_of(statement.span.start + by))
            continue
        if len(run) > 1 and run[-1] > run[0]:
            yield Fold(run[0], run[-1], "imports")
        run = []


def _comments(analysis: Analysis) -> Iterator[Fold]:
    """Yield comments of several lines, and what stands between ``region`` and ``endregion``."""
    source = analysis.source
    matches = _COMMENT_LINE.finditer(source.text)
    found = [(source.line_of(match.start()), match["text"].strip()) for match in matches]
    opened: list[int] = []
    lines: list[int] = []
    for line, text in found:
        if mark := _MARK.match(text):
            if not mark["end"]:
                opened.append(line)
            elif opened:
                yield Fold(opened.pop(), line, "region")
        else:
            lines.append(line)
    breaks = [0, *(n for n, (a, b) in enumerate(pairwise(lines), 1) if b != a + 1), len(lines)]
    for start, stop in pairwise(breaks):
        if stop - start > 1:
            yield Fold(lines[start], lines[stop - 1], "comment")
