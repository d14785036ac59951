"""Swapping two arguments that stand in each other's place. Moves text only."""

from collections.abc import Iterator

from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import way_to
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import Kind


def swap(analysis: Analysis, span: Span) -> Iterator[Action]:
    """Yield the swap of the two arguments of the innermost call round `span`.

    It is offered where the arguments fit the other way round, whether or not they fit as they are:
    both orders of ``smoothen`` are right.
    """
    ways = [way_to(statement, span.start) for statement in statements_at(analysis, span.start)]
    calls = [node for way in ways for node in way if isinstance(node, tree.Call)]
    if not calls:
        return
    call = calls[-1]
    target = analysis.references.around(call.function.span.start).get(call.function.span)
    if not isinstance(target, Primitive) or len(call.arguments) != 2:
        return
    first, second = call.arguments
    kinds = [_kind(analysis, argument) for argument in (first, second)]
    if first.name or second.name or kinds[0] == kinds[1] or None in kinds:
        return
    known = [kind for kind in kinds if kind is not None]
    if target.fitting(known[::-1]):
        text = analysis.source.text
        one, other = (text[a.span.start : a.span.end] for a in (first, second))
        edits = (Edit(first.span, other), Edit(second.span, one))
        is_wrong = not target.fitting(known)
        title = f"Swap the arguments of `{target.name}`"
        kind = "quickfix" if is_wrong else "refactor.rewrite"
        yield Action(title, kind, edits, is_preferred=is_wrong)


def _kind(analysis: Analysis, argument: tree.Argument) -> Kind | None:
    span = argument.value.span
    meaning = analysis.expressions.around(span.start).get(span)
    node = node_called(analysis, NodeId(meaning)) if isinstance(meaning, str) else None
    return node.kind if node else None
