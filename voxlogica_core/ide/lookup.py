"""Finds what stands at a place of a program: names in use, expressions, declarations."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.plan.outside.shipped import library
from voxlogica_core.plan.reduction.meaning import Definition, Meaning
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.text.span import Span

Target = Definition | Primitive


@dataclass(frozen=True, slots=True)
class Use:
    """A name or operator in use, and what it refers to."""

    span: Span
    target: Target


@dataclass(frozen=True, slots=True)
class Found:
    """An expression, and what it means."""

    span: Span
    meaning: Meaning


def use_at(analysis: Analysis, offset: int) -> Use | None:
    """Return the name in use at `offset`."""
    near = analysis.references.around(offset)
    span = smallest(near, offset)
    return None if span is None else Use(span, near[span])


def expression_at(analysis: Analysis, offset: int) -> Found | None:
    """Return the smallest expression round `offset`, a function's name included."""
    near = analysis.expressions.around(offset)
    span = smallest(near, offset)
    return None if span is None else Found(span, near[span])


def value_at(analysis: Analysis, offset: int) -> Found | None:
    """Return the smallest expression round `offset` that has a node."""
    near = analysis.expressions.around(offset)
    span = smallest((s for s, meaning in near.items() if isinstance(meaning, str)), offset)
    return None if span is None else Found(span, near[span])


def declared_at(analysis: Analysis, offset: int) -> tree.Declaration | tree.Load | None:
    """Return the top-level declaration whose name stands at `offset`."""
    for statement in statements_at(analysis, offset):
        if isinstance(statement, tree.Declaration | tree.Load) and offset in statement.name.span:
            return statement
    return None


def statements_at(analysis: Analysis, offset: int) -> list[tree.Statement]:
    """Return the statements that `offset` touches: one, or two that meet there, or none.

    The others are left alone: to move all of a long program to their places takes time.
    """
    statements = analysis.program.statements
    placed = rooted(statements)
    index = bisect_right(placed, offset, key=lambda pair: pair[0].span.start + pair[1])
    near = (statements[n] for n in (index - 2, index - 1) if n >= 0)
    return [statement for statement in near if offset in statement.span]


def declarations(analysis: Analysis) -> list[tree.Declaration | tree.Load]:
    """Return the top-level declarations, in order of text."""
    statements = analysis.program.statements
    return [s for s in statements if isinstance(s, tree.Declaration | tree.Load)]


def formals_of(analysis: Analysis, definition: Definition) -> tuple[tree.Identifier, ...] | None:
    """Return the parameters of a function of the program or of the standard library."""
    programs = {source.path: parsed.program for source, parsed in library()}
    program = analysis.program if definition.path is None else programs.get(definition.path)
    for statement in program.statements if program else ():
        if isinstance(statement, tree.Declaration) and statement.name.span == definition.span:
            return statement.formals
    return None


def smallest(spans: Iterable[Span], offset: int) -> Span | None:
    """Return the shortest span at `offset`; of two that meet there, the one that begins there."""
    around = (span for span in spans if offset in span)
    return min(
        around, key=lambda span: (len(span) + (span.end == offset), -span.start), default=None
    )
