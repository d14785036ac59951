"""Renaming: which words change, and a refusal where anything would then mean something else.

A name that stands nowhere in the program cannot get in the way. With any other one the program is
analysed as it would be, and every name must still mean what it meant, every value be the same node.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import Use
from voxlogica_core.ide.navigation.occurrences import name_at, occurrences
from voxlogica_core.plan.outside.shipped import is_shipped
from voxlogica_core.plan.reduction.keys import is_operator
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.plan.reduction.references import Target
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import KEYWORDS, is_capitals, is_operator_sign, is_word
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span

_LASTING = ("declaration", "function")
_Meant = tuple[Span, tuple[str, Span]]
"""A name, and what it refers to: a file or a primitive, and a place there."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a name cannot be changed, or not to that one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Edits after which names might mean something else: look at the analysis of `text`."""

    edits: Sequence[Edit]
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Renamable:
    """A name that may be changed: where the cursor is, and what it means."""

    span: Span
    target: Definition


def renamable(analysis: Analysis, offset: int) -> Renamable | Refused:
    """Return the name at `offset`, if it may be changed."""
    match name_at(analysis, offset):
        case Use(target=Definition(path=path) as definition, span=span):
            if path is not None and is_shipped(path):
                return Refused(f"`{definition.name}` belongs to the standard library")
            return Renamable(_written(analysis, span, definition.name), definition)
        case Use(target=primitive):
            return Refused(f"`{primitive.name}` is a primitive: its name is the language's own")
        case None:
            return Refused("no name stands here: put the cursor on one")


def rename(analysis: Analysis, target: Definition, name: str) -> Sequence[Edit] | Unsure | Refused:
    """Return the edits that give `target` another name in the program, in order of text.

    `Unsure` where `judged` must see the analysis of the text after them.
    """
    if problem := unfit(target, name):
        return Refused(problem)
    edits = edits_for(analysis, target, name)
    if name == target.name or _is_out_of_the_way(analysis, edits, name, target):
        return edits
    return Unsure(edits, name, applied(analysis.source.text, edits))


def judged(
    before: Analysis, unsure: Unsure, analysed: Callable[[], Analysis]
) -> Sequence[Edit] | Refused:
    """Return the edits if the program says the same after them: names, nodes and complaints.

    Parameters
    ----------
    analysed
        Gives the analysis of the text after them. As it may be that of a next version, of which
        `before` knows nothing, all that is asked of `before` is asked first.
    """
    moved = _Moved(unsure.edits)
    words = _words(before, unsure)
    meant = sorted((moved(s), moved.target(t)) for s, t in _names(before, words).items())
    loud, values = _loud(before), _values(before)
    after = analysed()
    if loud != (found := _loud(after)):
        codes = ", ".join(sorted(found - loud) or sorted(loud))
        return Refused(f"with `{unsure.name}` the program would not say the same ({codes})")
    mean = sorted((span, _place(target)) for span, target in _names(after, words).items())
    problem = _difference(meant, mean, after, unsure.name)
    if problem is None and values != _values(after):
        problem = _elsewhere(unsure.name)
    return Refused(problem) if problem else unsure.edits


def rename_abroad(analysis: Analysis, target: Definition, name: str) -> Sequence[Edit] | Refused:
    """Return the edits in a program that uses a name of another file."""
    edits = edits_for(analysis, target, name)
    if edits and not _is_out_of_the_way(analysis, edits, name, target):
        path = analysis.source.path or "a program without a file"
        return Refused(f"`{name}` is taken in {path}, which uses `{target.name}`: choose another")
    return edits


def unfit(target: Definition, name: str) -> str | None:
    """Return why nothing may be called `name` in the place of `target`, None if it may."""
    if is_operator(target.name):
        return None if is_operator_sign(name) else f"`{name}` is no operator, as `{target.name}` is"
    if name in KEYWORDS:
        return f"`{name}` is a keyword"
    if is_word(name) and ("." not in name or target.role in _LASTING):
        return None
    return f"`{name}` is no name: letters, digits and _ are, beginning with a letter"


def edits_for(analysis: Analysis, target: Target, name: str) -> list[Edit]:
    """Return what changes where `target` stands."""
    spans = (found.span for found in occurrences(analysis, target))
    return [Edit(_written(analysis, span, target.name), name) for span in spans]


def applied(text: str, edits: Sequence[Edit]) -> str:
    """Return a text after edits, which are in order and do not overlap."""
    parts: list[str] = []
    end = 0
    for edit in edits:
        parts += [text[end : edit.span.start], edit.text]
        end = edit.span.end
    return "".join([*parts, text[end:]])


def _written(analysis: Analysis, span: Span, name: str) -> Span:
    """Return the part of `span` that is the name itself: `.+` may be written for `+`."""
    at = analysis.source.text.find(name, span.start, span.end)
    return span if at < 0 else Span(at, at + len(name))


def _is_out_of_the_way(
    analysis: Analysis, edits: Sequence[Edit], name: str, target: Definition
) -> bool:
    """Return whether nothing in the program or in what it imports is called `name`."""
    if is_operator(name) or is_capitals(name) or is_capitals(target.name):
        return False  # how they bind goes by how they are spelled
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", analysis.source.text):
        return False
    meanings = (analysis.references.meaning((name, None), edit.span.start) for edit in edits)
    foreign = {m.path for m in meanings if isinstance(m, Definition) and m.path is not None}
    return all(is_shipped(path) for path in foreign)


def _words(before: Analysis, unsure: Unsure) -> tuple[str, str] | None:
    """Return the spellings that may come to mean something else; None: all may."""
    if is_operator(unsure.name):
        return None
    first = unsure.edits[0].span
    return unsure.name, before.source.text[first.start : first.end]


def _names(analysis: Analysis, words: tuple[str, str] | None) -> Mapping[Span, Target]:
    references = analysis.references
    return references if words is None else references.spelled(words)


def _difference(
    meant: Sequence[_Meant], mean: Sequence[_Meant], after: Analysis, name: str
) -> str | None:
    """Say which name would mean something else, None if none would."""
    for was, now in zip(meant, mean, strict=False):
        if was != now:
            line = after.source.line_of(min(was[0], now[0]).start) + 1
            return f"`{name}` would mean something else in line {line}: choose another name"
    return None if len(meant) == len(mean) else _elsewhere(name)


def _elsewhere(name: str) -> str:
    return f"with `{name}` the program would mean something else: choose another name"


class _Moved:
    """Where things are after edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._starts = [edit.span.start for edit in edits]
        self._by = len(edits[0].text) - len(edits[0].span) if edits else 0

    def __call__(self, span: Span) -> Span:
        first, last = self._before(span.start), self._before(span.end)
        return Span(span.start + first * self._by, span.end + last * self._by)

    def target(self, target: Target) -> tuple[str, Span]:
        path, span = _place(target)
        return (path, span) if path else (path, self(span))

    def _before(self, offset: int) -> int:
        return bisect_left(self._starts, offset)


def _place(target: Target) -> tuple[str, Span]:
    if isinstance(target, Definition):
        return target.path or "", target.span
    return target.qualified, Span(0, 0)


def _loud(analysis: Analysis) -> "Counter[str]":
    return Counter(d.code for d in analysis.diagnostics if d.severity in ("error", "warning"))


def _values(analysis: Analysis) -> list[object]:
    """Return the nodes of goals and declarations, in order of text."""
    nodes: list[object] = [(goal.kind, goal.label, goal.value) for goal in analysis.plan.goals]
    for unit, _ in analysis.references.units():
        if isinstance(unit.statement, tree.Declaration | tree.Load):
            found = unit.expressions.get(unit.statement.name.span)
            nodes.append(found if isinstance(found, str) else None)
    return nodes
