"""Dataflow: which declarations and goals a value goes into, and which it is made from.

What an editor calls a call hierarchy: a value is called by what uses it and calls what it needs.
Primitives and the standard library are no steps of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.ide.navigation.occurrences import name_at, occurrences
from voxlogica_core.ide.navigation.symbols import Symbol, statement_symbols
from voxlogica_core.plan.outside.shipped import is_shipped
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

_LASTING = ("declaration", "function")


@dataclass(frozen=True, slots=True)
class Flow:
    """A step of the dataflow: a statement, and where one of the two names the other."""

    step: Symbol
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A step that another file declares."""

    definition: Definition
    spans: tuple[Span, ...]


def step_at(analysis: Analysis, offset: int) -> Symbol | Definition | None:
    """Return the declaration that the name at `offset` means, or the statement round it.

    A `Definition` is that of another file.
    """
    name = name_at(analysis, offset)
    if name and isinstance(definition := name.target, Definition) and definition.role in _LASTING:
        if definition.path is None:
            return _declared(analysis, definition)
        return None if is_shipped(definition.path) else definition
    for statement in reversed(statements_at(analysis, offset)):
        return next(iter(statement_symbols(analysis, statement)), None)
    return None


def users(analysis: Analysis, definition: Definition) -> list[Flow]:
    """Return the statements of a program that use `definition`, in order of text."""
    found: dict[Span, tuple[Symbol, list[Span]]] = {}
    for use in occurrences(analysis, definition):
        statement = _statement(analysis, use.span)
        if use.access == "write" or statement is None or isinstance(statement, tree.Import):
            continue
        step = next(iter(statement_symbols(analysis, statement)), None)
        if step is not None:
            found.setdefault(step.span, (step, []))[1].append(use.span)
    return [Flow(step, tuple(spans)) for step, spans in found.values()]


def needs(analysis: Analysis, step: Span) -> list[Flow | Elsewhere]:
    """Return what the statement at `step` is made from, in the order it is named there."""
    found: dict[Definition, list[Span]] = {}
    references = analysis.references.around(step.start)
    for span in sorted(span for span in references if step.start <= span.start < step.end):
        target = references[span]
        if isinstance(target, Definition) and target.role in _LASTING:
            found.setdefault(target, []).append(span)
    return list(_flows(analysis, found))


def _flows(analysis: Analysis, found: dict[Definition, list[Span]]) -> Iterator[Flow | Elsewhere]:
    for definition, spans in found.items():
        if definition.path is not None:
            if not is_shipped(definition.path):
                yield Elsewhere(definition, tuple(spans))
        elif step := _declared(analysis, definition):
            yield Flow(step, tuple(spans))


def declared(analysis: Analysis, definition: Definition) -> Symbol | None:
    """Return the declaration of a name in its own file."""
    return _declared(analysis, definition)


def _declared(analysis: Analysis, definition: Definition) -> Symbol | None:
    statement = _statement(analysis, definition.span)
    named = statement_symbols(analysis, statement) if statement else []
    return next((symbol for symbol in named if symbol.name_span == definition.span), None)


def _statement(analysis: Analysis, span: Span) -> tree.Statement | None:
    around = statements_at(analysis, span.start)
    return next((s for s in around if s.span.start <= span.start < s.span.end), None)
