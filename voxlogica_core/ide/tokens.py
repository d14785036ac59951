"""Colours by meaning: what each word of a program is, and what is known of its value.

What a statement's words are is kept from one version to the next; the status of values is looked
up each time.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.status import Status
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.outside.shipped import is_shipped
from voxlogica_core.plan.reduction.meaning import Closure, Definition
from voxlogica_core.plan.reduction.unit import Lookup, Unit
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import KEYWORDS
from voxlogica_core.syntax.tokens import stretches
from voxlogica_core.syntax.walk import nodes
from voxlogica_core.text.span import Span

Kind = Literal[
    "variable", "parameter", "function", "keyword", "number", "string", "comment", "operator"
]
Modifier = Literal["declaration", "defaultLibrary", "known", "todo", "running", "failed"]

_STATUS: Mapping[Status, Modifier] = {
    "kept": "known",
    "known": "known",
    "to do": "todo",
    "reading input": "todo",
    "queued": "running",
    "running": "running",
    "failed": "failed",
    "blocked": "failed",
}
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(KEYWORDS.values(), "keyword"),
    "NUMBER": "number",
    "STRING": "string",
    "PATH": "string",
    "OPERATOR": "operator",
    "VARIABLE": "variable",
}
_COMMENT = re.compile(r"//[^\r\n]*")

StatusOf = Callable[[Iterable[NodeId]], Mapping[NodeId, Status]]
"""Tells the status of nodes."""


class Word(NamedTuple):
    """A word of a statement; `node` is its value, if it has one."""

    start: int
    end: int
    kind: Kind
    modifiers: tuple[Modifier, ...] = ()
    node: NodeId | None = None


@dataclass(eq=False, slots=True, weakref_slot=True)
class Passage:
    """Words that keep together, as they were parsed: those of a statement, or a comment.

    That of a statement is the same object in all versions that leave the statement alone.
    """

    words: tuple[Word, ...]


class Painter:
    """Paints one document, version after version.

    Parameters
    ----------
    every
        Keywords, literals, operators and comments too: for editors that have no colours yet.
    """

    def __init__(self, *, every: bool) -> None:
        self._every = every
        self._known = WeakKeyDictionary[Unit, Passage]()

    def painted(
        self, analysis: Analysis, status_of: StatusOf, within: Span | None = None
    ) -> list[Word]:
        """Return the words of a program, or of the statements in a part of it, in order of text."""
        found = [(w, by) for passage, by in self.passages(analysis, within) for w in passage.words]
        status = status_of({word.node for word, _ in found if word.node is not None})
        return [_placed(word, by, status) for word, by in found]

    def passages(
        self, analysis: Analysis, within: Span | None = None
    ) -> Iterator[tuple[Passage, int]]:
        """Yield the words as they were parsed, and by how much they have moved, in order of text.

        What is known of their values is not said.
        """
        first, last, end = 0, len(analysis.source.text), 0
        if within is not None:
            first, last = within.start, within.end
        for unit, by in analysis.references.units():
            start, before = unit.statement.span.start + by, end
            end = unit.statement.span.end + by
            if self._every and start >= first and before <= last:
                yield from _comments(analysis, before, start)
            if start > last:
                return
            if end >= first:
                yield self._passage(analysis, unit, by), by
        if self._every and end <= last:
            yield from _comments(analysis, end, len(analysis.source.text))

    def _passage(self, analysis: Analysis, unit: Unit, by: int) -> Passage:
        found = self._known.get(unit)
        if found is None:
            found = Passage(self._of_unit(analysis, unit, by))
            if not isinstance(unit.statement, tree.Broken):
                self._known[unit] = found
        return found

    def _of_unit(self, analysis: Analysis, unit: Unit, by: int) -> tuple[Word, ...]:
        targets: Mapping[Span, Definition | Primitive | Lookup] = unit.references
        if isinstance(unit.statement, tree.Broken):  # it was not reduced: what names mean is new
            around = analysis.references.around(unit.statement.span.start + by)
            targets = {span.shifted(-by): target for span, target in around.items()}
        found = {span.start: _name(unit, span, target) for span, target in targets.items()}
        written = _lexical(analysis, unit.statement.span, by)
        begin = unit.statement.span.start
        has_inner = any(w.kind == "keyword" and w.start > begin for w in written.values())
        for span, kind in _binders(unit.statement, has_inner=has_inner):
            found[span.start] = Word(
                span.start, span.end, kind, ("declaration",), _node(unit, span)
            )
        if not self._every:
            return tuple(found[start] for start in sorted(found) if start not in written)
        for start, word in written.items():
            kept = found.get(start)
            found[start] = word if kept is None else _marked(word, kept.modifiers)
        return tuple(found[start] for start in sorted(found))


def _marked(word: Word, modifiers: tuple[Modifier, ...]) -> Word:
    return Word(word.start, word.end, word.kind, modifiers) if modifiers else word


def modifier_of(status: Status) -> Modifier | None:
    """Return how a word is marked whose value has a status."""
    return _STATUS.get(status)


def _name(unit: Unit, span: Span, target: Definition | Primitive | Lookup) -> Word:
    """Return what a name in use is."""
    match target:
        case Primitive():
            return Word(span.start, span.end, "function", ("defaultLibrary",))
        case Definition(role="parameter"):
            return Word(span.start, span.end, "parameter")
        case Definition(role="function", path=path):
            return Word(span.start, span.end, "function", _library(path))
        case Definition(span=own) if isinstance(unit.expressions.get(own), Closure):
            return Word(span.start, span.end, "function")
        case Definition():
            return Word(span.start, span.end, "variable", (), _node(unit, span))
        case lookup:
            return _declared(span, unit.lookups.get(lookup))


def _declared(span: Span, meaning: object) -> Word:
    """Return what a name is that a file declares, by what it meant when it was looked up."""
    match meaning:
        case Closure(definition=definition):
            return Word(span.start, span.end, "function", _library(definition.path))
        case str():
            return Word(span.start, span.end, "variable", (), NodeId(meaning))
        case _:
            return Word(span.start, span.end, "variable")


def _library(path: str | None) -> tuple[Modifier, ...]:
    return ("defaultLibrary",) if path is not None and is_shipped(path) else ()


def _node(unit: Unit, span: Span) -> NodeId | None:
    meaning = unit.expressions.get(span)
    return NodeId(meaning) if isinstance(meaning, str) else None


def _binders(statement: tree.Statement, *, has_inner: bool) -> Iterator[tuple[Span, Kind]]:
    """Yield the names that get a meaning in a statement."""
    if isinstance(statement, tree.Broken):
        for name in statement.names:
            yield name.span, "variable"
        for mention in statement.mentions:
            if mention.binder is not None and mention.binder.span == mention.span:
                yield mention.span, "parameter" if mention.role == "parameter" else "variable"
        return
    for node in nodes(statement) if has_inner else (statement,):
        match node:
            case (
                tree.Declaration(name=name, formals=formals) | tree.Let(name=name, formals=formals)
            ):
                yield name.span, "function" if formals else "variable"
                for formal in formals or ():
                    yield formal.span, "parameter"
            case tree.Load(name=name) | tree.For(name=name) | tree.Filter(name=name):
                yield name.span, "variable"
            case _:
                pass


def _lexical(analysis: Analysis, span: Span, by: int) -> dict[int, Word]:
    """Return keywords, literals and operators of a statement, by where they begin."""
    pieces = analysis.parsed.pieces
    text = analysis.source.text[span.start + by : span.end + by]
    found: dict[int, Word] = {}
    last = 0
    for stretch in stretches(text, pieces.known, pieces.dialect):
        for token in stretch.tokens:
            for comment in _COMMENT.finditer(text, last, token.start):
                at = comment.start() + span.start
                found[at] = Word(at, comment.end() + span.start, "comment")
            kind, last = _KINDS.get(token.type), token.end
            if kind is not None:
                start, end = token.start + span.start, token.end + span.start
                found[start] = Word(start, end, kind)
    return found


def _comments(analysis: Analysis, start: int, end: int) -> Iterator[tuple[Passage, int]]:
    """Yield the comments between two statements: what begins with ``//``."""
    for found in _COMMENT.finditer(analysis.source.text, start, end):
        yield Passage((Word(found.start(), found.end(), "comment"),)), 0


def _placed(word: Word, by: int, status: Mapping[NodeId, Status]) -> Word:
    """Return a word where it is now, with what is known of its value."""
    found = status.get(word.node) if word.node is not None else None
    added = modifier_of(found) if found is not None else None
    if added is None and by == 0:
        return word
    modifiers = word.modifiers if added is None else (*word.modifiers, added)
    return Word(word.start + by, word.end + by, word.kind, modifiers, word.node)
