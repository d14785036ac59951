"""The outline of a program, and search in the outlines of many."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest
from operator import itemgetter
from typing import Literal

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.wording import shortened
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_core.plan.reduction.meaning import Meaning
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.parser import Parsed
from voxlogica_core.syntax.walk import nodes
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span

Sort = Literal["value", "function", "goal", "import", "broken"]

_LONGEST_LABEL = 60
_UNFIT = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """A line of the outline.

    Parameters
    ----------
    detail
        The kind of a value, the parameters of a function.
    span, name_span
        The whole statement, and the part to go to.
    inner
        What is declared inside.
    """

    name: str
    detail: str
    sort: Sort
    span: Span
    name_span: Span
    inner: "tuple[Symbol, ...]" = ()

    def shifted(self, by: int) -> "Symbol":
        """Return the line of a statement that has moved."""
        if by == 0:
            return self
        inner = tuple(each.shifted(by) for each in self.inner)
        span, name_span = self.span.shifted(by), self.name_span.shifted(by)
        return replace(self, span=span, name_span=name_span, inner=inner)


def symbols(analysis: Analysis) -> list[Symbol]:
    """Return the outline, in order of text."""
    found: list[Symbol] = []
    for unit, by in analysis.references.units():
        found += (symbol.shifted(by) for symbol in unit_symbols(analysis, unit, by))
    return found


def unit_symbols(analysis: Analysis, unit: Unit, by: int) -> list[Symbol]:
    """Return the lines of one statement that has moved `by`, where they were when it was parsed."""
    outline = _Outline(analysis.source.text, by, unit.expressions, analysis.nodes)
    return list(outline.of(unit.statement))


def statement_symbols(analysis: Analysis, statement: tree.Statement) -> list[Symbol]:
    """Return the lines of one statement."""
    meanings = analysis.expressions.around(statement.span.start)
    return list(_Outline(analysis.source.text, 0, meanings, analysis.nodes).of(statement))


def parsed_symbols(source: SourceText, parsed: Parsed) -> list[Symbol]:
    """Return the outline of a file that was parsed and no more: no kind is known."""
    outline = _Outline(source.text, 0, {}, {})
    return [symbol for statement in parsed.program.statements for symbol in outline.of(statement)]


def matching(found: Iterable[Symbol], query: str) -> list[Symbol]:
    """Return the declarations whose names have the letters of `query` in order, best first."""
    wanted = query.casefold()
    named = [symbol for symbol in found if symbol.sort in ("value", "function")]
    ranked = [(_rank(symbol.name.casefold(), wanted), symbol) for symbol in named]
    return [symbol for rank, symbol in sorted(ranked, key=lambda pair: pair[0]) if rank[0] < _UNFIT]


def declared_symbols(analysis: Analysis, query: str, most: int) -> list[Symbol]:
    """Return the declarations of a program whose names fit, best first, and no more than `most`.

    Only those are looked at that are returned: that takes a tenth of the time of an outline.
    """
    wanted = query.casefold()
    ranked = [
        (rank, index, unit, by)
        for index, (unit, by) in enumerate(analysis.references.units())
        if unit.declared is not None
        and (rank := _rank(unit.declared.definition.name.casefold(), wanted))[0] < _UNFIT
    ]
    found: list[Symbol] = []
    for _, _, unit, by in nsmallest(most, ranked, key=itemgetter(0, 1)):
        found += (symbol.shifted(by) for symbol in unit_symbols(analysis, unit, by))
    return found


def _rank(name: str, wanted: str) -> tuple[int, int]:
    """Return how well a name fits: whole, its beginning, a part, letters in order, not at all."""
    if name == wanted:
        return 0, 0
    if name.startswith(wanted):
        return 1, len(name)
    if wanted in name:
        return 2, name.index(wanted)
    letters = iter(name)
    return (3 if all(letter in letters for letter in wanted) else _UNFIT), len(name)


@dataclass(frozen=True, slots=True)
class _Outline:
    """Makes lines of statements, their spans as they were parsed."""

    text: str
    by: int
    meanings: Mapping[Span, Meaning]
    nodes: Mapping[NodeId, Node]

    def of(self, statement: tree.Statement) -> Iterator[Symbol]:
        """Yield the lines of a statement: one, but for broken ones."""
        span = statement.span
        match statement:
            case tree.Declaration(name=name, formals=formals) if formals is not None:
                inner = tuple(self._locals(statement.value))
                yield Symbol(name.text, _called(formals), "function", span, name.span, inner)
            case tree.Declaration(name=name, value=value):
                inner = tuple(self._locals(value))
                yield Symbol(name.text, self._kind(name), "value", span, name.span, inner)
            case tree.Load(name=name):
                yield Symbol(name.text, self._kind(name), "value", span, name.span)
            case tree.Print(label=label) | tree.Save(label=label):
                written = self.text[label.span.start + self.by : label.span.end + self.by]
                verb = "print" if isinstance(statement, tree.Print) else "save"
                name = shortened(f"{verb} {written}", _LONGEST_LABEL)
                yield Symbol(name, "", "goal", span, label.span)
            case tree.Import(target=target):
                yield Symbol(f"import {target.value}", "", "import", span, target.span)
            case tree.Broken(names=names):
                for name in names:
                    yield Symbol(name.text, "unfinished", "broken", span, name.span)
                if not names:
                    written = self.text[span.start + self.by : span.end + self.by]
                    name = shortened(written, _LONGEST_LABEL)
                    yield Symbol(name, "unfinished", "broken", span, span)

    def _locals(self, value: tree.Expression) -> Iterator[Symbol]:
        """Yield what ``let … in`` declares, in order of text."""
        start, end = value.span.start + self.by, value.span.end + self.by
        if self.text.find("let", start, end) < 0:
            return
        lets = [node for node in nodes(value) if isinstance(node, tree.Let)]
        for let in sorted(lets, key=lambda let: let.span.start):
            span = Span(let.span.start, let.value.span.end)
            if let.formals is not None:
                yield Symbol(let.name.text, _called(let.formals), "function", span, let.name.span)
            else:
                kind = self._kind(let.name)
                yield Symbol(let.name.text, kind, "value", span, let.name.span)

    def _kind(self, name: tree.Identifier) -> str:
        found = self.meanings.get(name.span)
        node = self.nodes.get(NodeId(found)) if isinstance(found, str) else None
        return str(node.kind) if node else ""


def _called(formals: tuple[tree.Identifier, ...]) -> str:
    return f"({', '.join(formal.text for formal in formals)})"
