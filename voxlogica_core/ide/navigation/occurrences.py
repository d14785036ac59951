"""Where a name stands: what gives it its meaning, and all its uses. Changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import Use, statements_at, use_at
from voxlogica_core.plan.reduction.meaning import Definition, Role
from voxlogica_core.plan.reduction.references import Target
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import Node, way_to
from voxlogica_core.text.span import Span

Access = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name in the program: ``write`` where it is given its meaning."""

    span: Span
    access: Access


def name_at(analysis: Analysis, offset: int) -> Use | None:
    """Return the name at `offset`, in use or where it is given its meaning."""
    use = use_at(analysis, offset)
    bound = bound_at(analysis, offset)
    if use is None or bound is None:
        return use or bound
    return max(use, bound, key=lambda name: name.span.start)


def bound_at(analysis: Analysis, offset: int) -> Use | None:
    """Return the name at `offset` if it is given its meaning there."""
    for statement in reversed(statements_at(analysis, offset)):
        if isinstance(statement, tree.Broken):
            names = (name for name in statement.names if offset in name.span)
            return next((_named(name, "declaration") for name in names), None)
        way = way_to(statement, offset)
        if len(way) > 1 and isinstance(name := way[-1], tree.Identifier):
            return _binding(name, way[-2])
    return None


def occurrences(analysis: Analysis, target: Target) -> list[Occurrence]:
    """Return every place of the program where a name means `target`, in order of text."""
    return sorted(_occurrences(analysis, target), key=lambda found: found.span)


def _occurrences(analysis: Analysis, target: Target) -> Iterator[Occurrence]:
    own = target.span if isinstance(target, Definition) and target.path is None else None
    if own is not None:
        yield Occurrence(own, "write")
    for span in analysis.references.uses(target):
        if span != own:
            yield Occurrence(span, "read")


def _binding(name: tree.Identifier, holder: Node) -> Use | None:
    match holder:
        case tree.Declaration(formals=formals) | tree.Let(formals=formals) if holder.name != name:
            return _named(name, "parameter") if name in (formals or ()) else None
        case tree.Declaration(formals=formals, documentation=documentation):
            return _named(name, "function" if formals else "declaration", documentation)
        case tree.Load(documentation=documentation):
            return _named(name, "declaration", documentation)
        case tree.Let():
            return _named(name, "let")
        case tree.For() | tree.Filter():
            return _named(name, "loop variable")
        case _:
            return None


def _named(name: tree.Identifier, role: Role, documentation: str = "") -> Use:
    return Use(name.span, Definition(name.text, role, name.span, None, documentation))
