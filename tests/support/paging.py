"""What an editor shows beside a program, as text: pages, the words of a status, what would run.

For pages of the manual of the editor, see `helping`.
"""

from collections.abc import Callable, Mapping

from tests.support.cursors import catalogue
from tests.support.told import activity, memory
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import value_at
from voxlogica_core.ide.navigation.navigate import Page, definition
from voxlogica_core.ide.navigation.symbols import declared_symbols
from voxlogica_core.ide.pages.node_pages import node_page, plan_page
from voxlogica_core.ide.pages.reference_pages import kind_page, namespace_page, primitive_page
from voxlogica_core.ide.status.choice import chosen, selected, to_cursor
from voxlogica_core.ide.status.overview import overview
from voxlogica_core.ide.status.status import SIGNS
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import Kind

_MOST_LINES = 24
_QUERY = "// find: "


def _node(analysis: Analysis, span: Span) -> Node:
    found = value_at(analysis, span.start)
    assert found, "the cursor is at nothing"
    assert isinstance(found.meaning, str), "the cursor is at no value"
    node = node_called(analysis, NodeId(found.meaning))
    assert node is not None
    return node


def _node_page(analysis: Analysis, span: Span) -> str:
    return _page(node_page(analysis, _node(analysis, span), memory(analysis), activity(analysis)))


def _plan_page(analysis: Analysis, span: Span) -> str:
    return _page(plan_page(analysis, _node(analysis, span), memory(analysis), activity(analysis)))


def _definition_page(analysis: Analysis, span: Span) -> str:
    """Return the page that a definition leads to."""
    lead = definition(analysis, span.start, catalogue())
    assert lead, "the cursor is at nothing that has a page"
    match lead.to:
        case Page(Primitive() as primitive):
            return _page(primitive_page(primitive))
        case Page(str(namespace)):
            return _page(namespace_page(namespace, catalogue()))
        case other:
            raise AssertionError(f"{other} is no page")


def _kind_page(analysis: Analysis, span: Span) -> str:
    return _page(kind_page(Kind(_node(analysis, span).kind.name), catalogue()))


def _page(text: str) -> str:
    """Return the beginning of a page, as it can stand in a block of Markdown."""
    lines = text.replace("```", "~~~").rstrip().split("\n")
    return "\n".join([*lines[:_MOST_LINES], *(["…"] if len(lines) > _MOST_LINES else [])])


def _status(analysis: Analysis, span: Span) -> str:
    """Return the declarations, each with its word; these stand in the view of results."""
    del span
    rows = overview(analysis, memory(analysis), activity(analysis))
    return "\n".join(f"{SIGNS[row.status]} {row.name}: {row.status}" for row in rows) or "nothing"


def _run(analysis: Analysis, span: Span) -> str:
    """Return what is run at a cursor, or where something is selected."""
    part = selected(span) if len(span) else to_cursor(span.start)
    choice, plan = chosen(analysis, part), analysis.plan
    labels = {goal: plan.nodes[goal.label] for goal in choice.goals if goal.label is not None}
    goals = [f"{goal.kind} {getattr(labels[goal], 'value', '')}" for goal in choice.goals]
    names = {node: name for name, node in plan.declarations.items()}
    return "\n".join([*goals, *(names[node] for node in choice.targets)]) or "nothing"


def _symbols(analysis: Analysis, span: Span) -> str:
    """Return the symbols that the comment ``// find: letters`` finds."""
    del span
    query = analysis.source.text.partition(_QUERY)[2].strip()
    found = declared_symbols(analysis, query, 10)
    return "\n".join(f"{symbol.sort}: {symbol.name} {symbol.detail}".rstrip() for symbol in found)


PAGES: Mapping[str, Callable[[Analysis, Span], str]] = {
    "node page": _node_page,
    "plan page": _plan_page,
    "page": _definition_page,
    "kind page": _kind_page,
    "status": _status,
    "run": _run,
    "symbols": _symbols,
}
