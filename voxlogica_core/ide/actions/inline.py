"""Inlining a `let`: its value in the place of its name. Every node stays what it is."""

from collections.abc import Iterator

from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.actions.lines import whole_lines
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.ide.navigation.occurrences import name_at, occurrences
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import nodes, way_to
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span

_MOST = 100
"""Uses that are replaced; more are no help."""

_LONE = (
    tree.Name
    | tree.Call
    | tree.Group
    | tree.Array
    | tree.NumberLiteral
    | tree.StringLiteral
    | tree.BoolLiteral
    | tree.Variable
)


def inline(analysis: Analysis, span: Span) -> Iterator[Action]:
    """Yield the inlining of the name at `span`, where that leaves the meaning as it is."""
    name = name_at(analysis, span.start)
    if name is None or not isinstance(name.target, Definition) or name.target.path is not None:
        return
    found = _holder(analysis, name.target)
    if found is None:
        return
    value, removed = found
    places = [use.span for use in occurrences(analysis, name.target) if use.access == "read"]
    if not places or len(places) > _MOST:
        return
    if not all(_means_the_same(analysis, value, place) for place in places):
        return
    text = analysis.source.text
    edits = [Edit(removed, ""), *(Edit(place, _written(text, value, place)) for place in places)]
    ordered = tuple(sorted(edits, key=lambda edit: edit.span))
    yield Action(f"Inline `{name.target.name}`", "refactor.inline", ordered)


def _holder(analysis: Analysis, target: Definition) -> tuple[tree.Expression, Span] | None:
    """Return the value of a name, and the text that goes with it."""
    for statement in statements_at(analysis, target.span.start):
        match statement:
            case tree.Declaration(name=name, formals=None, value=value) if name.span == target.span:
                return value, whole_lines(analysis.source.text, statement.span)
            case _:
                pass
        for node in way_to(statement, target.span.start):
            if not isinstance(node, tree.Let) or node.formals is not None:
                continue
            if node.name.span == target.span:
                return node.value, Span(node.span.start, node.body.span.start)
    return None


def _written(text: str, value: tree.Expression, place: Span) -> str:
    """Return a value as it is written at a place: in parentheses, unless it needs none."""
    written = text[value.span.start : value.span.end]
    is_glued = "." in (text[place.start - 1 : place.start], text[place.end : place.end + 1])
    return written if isinstance(value, _LONE) and not is_glued else f"({written})"


def _means_the_same(analysis: Analysis, value: tree.Expression, place: Span) -> bool:
    """Return whether all names in `value` would mean at `place` what they mean where they stand."""
    own = analysis.references.around(value.span.start)
    bound_there = _bound_round(analysis, place.start)
    for node in nodes(value):
        if not isinstance(node, tree.Name | tree.Operator):
            continue
        target = own.get(node.span)
        if target is None:
            return False
        if isinstance(target, Definition) and target.role in ("parameter", "let", "loop variable"):
            inside = value.span.start <= target.span.start < value.span.end
            if not inside and bound_there.get(node.text, target.span) != target.span:
                return False
            continue
        if node.text in bound_there:
            return False
        keys = ((node.text, arity) for arity in (None, 1, 2))
        meanings = [analysis.references.meaning(key, place.start) for key in keys]
        if target not in meanings:
            return False
    return True


def _bound_round(analysis: Analysis, offset: int) -> dict[str, Span]:
    """Return the names that binders round a place give a meaning, and where."""
    bound: dict[str, Span] = {}
    for statement in statements_at(analysis, offset):
        for node in way_to(statement, offset):
            match node:
                case tree.Declaration(formals=formals):
                    names = formals or ()
                case tree.Let(name=name, formals=formals):
                    names = (name, *(formals or ()))
                case tree.For(name=name) | tree.Filter(name=name):
                    names = (name,)
                case _:
                    continue
            bound |= {name.text: name.span for name in names}
    return bound
