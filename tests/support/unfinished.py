"""Which features still answer rightly when a token is missing: each is asked before and after.

The right answer in the damaged program is that of the whole one, moved, without what was deleted.
Nothing is expected of a name whose definition is the token that was deleted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from random import Random

from tests.support.syntax import tokens
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.navigation.dataflow import users
from voxlogica_core.ide.navigation.occurrences import name_at, occurrences
from voxlogica_core.ide.navigation.rename import Refused, Unsure, rename
from voxlogica_core.ide.navigation.selection import selections
from voxlogica_core.ide.navigation.symbols import symbols
from voxlogica_core.ide.tokens import Painter
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.plan.reduction.references import Target
from voxlogica_core.syntax.lexis import Token
from voxlogica_core.text.span import Span

_NAMES = frozenset({"NAME", "QUALIFIED", "OPERATOR"})
Analyse = Callable[[str], Analysis]
Moved = Callable[[Span], Span | None]
"""Where a span of the whole program is in the damaged one; None where it was deleted."""


@dataclass(frozen=True)
class Named:
    """A name in the whole program, and what it means."""

    span: Span
    target: Target


class Whole:
    """A program from which tokens are deleted, one at a time."""

    def __init__(self, text: str, analyse: Analyse) -> None:
        self._text = text
        self._analyse = analyse
        self.analysis = analyse(text)
        self.tokens = tokens(text, frozenset({"B+"}))

    @cached_property
    def names(self) -> list[Named]:
        """Every name that means something."""
        places = [Span(t.start, t.end) for t in self.tokens if t.type in _NAMES]
        found = [(span, name_at(self.analysis, span.start)) for span in places]
        return [Named(span, use.target) for span, use in found if use and use.span == span]

    def without(self, token: Token, random: Random, places: int = 6) -> Mapping[str, bool]:
        """Delete a token; return for each feature whether it answers rightly at some places."""
        start, end = self._text[: token.start], self._text[token.end :]
        gap = "" if not start[-1:].strip() or not end[:1].strip() else " "  # nothing is glued
        damaged = self._analyse(start + gap + end)

        def moved(span: Span) -> Span | None:
            by = token.end - token.start - len(gap)
            if span.end <= token.start:
                return span
            return span.shifted(-by) if span.start >= token.end else None

        asked = [name for name in self.names if moved(name.span) and _stays(name.target, moved)]
        chosen = random.sample(asked, min(places, len(asked)))
        return {
            "definition": all(_definition(damaged, name, moved) for name in chosen),
            "references": all(_references(self.analysis, damaged, n, moved) for n in chosen),
            "rename": all(_rename(self.analysis, damaged, name, moved) for name in chosen),
            "what uses this": all(_users(self.analysis, damaged, n, moved) for n in chosen),
            "selection": all(_selection(damaged, name, moved) for name in chosen),
            "colours": _colours(self.analysis, damaged, chosen, moved),
            "outline": _outline(self.analysis, damaged, moved),
        }


def _stays(target: Target, moved: Moved) -> bool:
    return _moved_target(target, moved) is not None


def _moved_target(target: Target, moved: Moved) -> tuple[str, str | None, Span] | None:
    """Return what tells one target from another, in the damaged program."""
    if not isinstance(target, Definition):
        return target.qualified, "", Span(0, 0)
    if target.path is not None:
        return target.name, target.path, target.span
    span = moved(target.span)
    return None if span is None else (target.name, None, span)


def _same(target: Target) -> tuple[str, str | None, Span] | None:
    return _moved_target(target, lambda span: span)


def _definition(damaged: Analysis, name: Named, moved: Moved) -> bool:
    target = _target(damaged, name, moved)
    return target is not None and _same(target) == _moved_target(name.target, moved)


def _target(damaged: Analysis, name: Named, moved: Moved) -> Target | None:
    place = moved(name.span)
    found = name_at(damaged, place.start) if place else None
    return found.target if found else None


def _references(whole: Analysis, damaged: Analysis, name: Named, moved: Moved) -> bool:
    target = _target(damaged, name, moved)
    if target is None:
        return False
    return _spans(occurrences(damaged, target)) == _expected(whole, name, moved)


def _rename(whole: Analysis, damaged: Analysis, name: Named, moved: Moved) -> bool:
    target = _target(damaged, name, moved)
    if not isinstance(target, Definition) or target.path is not None:
        return isinstance(target, type(name.target))
    edits = rename(damaged, target, "++++" if not target.name[0].isalpha() else "fresh_name")
    if isinstance(edits, Refused):
        return False
    edits = edits.edits if isinstance(edits, Unsure) else edits
    lengths = {len(edit.span) for edit in edits}
    starts = {edit.span.start for edit in edits}
    expected = {s.start for s in _expected(whole, name, moved)}
    return lengths == {len(target.name)} and len(starts) == len(expected)


def _expected(whole: Analysis, name: Named, moved: Moved) -> set[Span]:
    spans = (moved(found.span) for found in occurrences(whole, name.target))
    return {span for span in spans if span is not None}


def _spans(found: Iterable[object]) -> set[Span]:
    return {span for each in found if isinstance(span := getattr(each, "span", None), Span)}


def _users(whole: Analysis, damaged: Analysis, name: Named, moved: Moved) -> bool:
    target = _target(damaged, name, moved)
    if not isinstance(name.target, Definition) or not isinstance(target, Definition):
        return type(name.target) is type(target)
    before = {s for flow in users(whole, name.target) for span in flow.spans if (s := moved(span))}
    return before <= {span for flow in users(damaged, target) for span in flow.spans}


def _selection(damaged: Analysis, name: Named, moved: Moved) -> bool:
    place = moved(name.span)
    chain = selections(damaged, place.start) if place else []
    return place in chain and all(_lies_in(a, b) for a, b in pairwise(chain))


def _lies_in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _colours(whole: Analysis, damaged: Analysis, names: Iterable[Named], moved: Moved) -> bool:
    before, now = dict(_kinds(whole)), dict(_kinds(damaged))
    places = [(name.span.start, moved(name.span)) for name in names]
    return all(place and before.get(start) == now.get(place.start) for start, place in places)


def _kinds(analysis: Analysis) -> Iterator[tuple[int, str]]:
    for word in Painter(every=False).painted(analysis, lambda nodes: {}):
        yield word.start, word.kind


def _outline(whole: Analysis, damaged: Analysis, moved: Moved) -> bool:
    def named(analysis: Analysis) -> set[tuple[str, Span]]:
        return {(s.name, s.name_span) for s in symbols(analysis) if s.sort in _DECLARED}

    before = {(name, span) for name, own in named(whole) if (span := moved(own)) is not None}
    return before <= named(damaged)


_DECLARED = ("value", "function", "broken")
