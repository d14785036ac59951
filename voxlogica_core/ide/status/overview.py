"""The declarations of a program, each with its node and status."""

from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.needed import items_below, needed
from voxlogica_core.ide.status.status import Activity, Demanded, Status, status
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction.meaning import Unknown
from voxlogica_core.store.record import Record
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Row:
    """A declaration: its name and where that stands; no node while its file is being read."""

    name: str
    span: Span
    node: NodeId | None
    status: Status
    record: Record | None = None


def overview(
    analysis: Analysis, memory: Memory, activity: Activity, demanded: Demanded | None = None
) -> list[Row]:
    """Return the declarations that have values, or will have soon, in order of text.

    Parameters
    ----------
    demanded
        What a run would need, where that is known already.
    """
    plan, nodes = analysis.plan, analysis.nodes
    if demanded is None:
        demanded = needed(analysis, memory)
    declared = dict.fromkeys(plan.declarations.values())
    items = (below for node in declared for below in items_below(analysis, nodes[node]))
    records = memory.lookup(dict.fromkeys((*declared, *items)))
    rows: list[Row] = []
    for statement, moved in rooted(analysis.program.statements):
        if not isinstance(statement, tree.Declaration | tree.Load):
            continue
        span = statement.name.span.shifted(moved)
        node = plan.declarations.get(statement.name.text)
        if node is not None:
            word = status(
                nodes[node],
                nodes=nodes,
                records=records,
                activity=activity,
                demanded=demanded,
                deferred=plan.deferred,
            )
            rows.append(Row(statement.name.text, span, node, word, records.get(node)))
        elif _is_being_read(analysis, statement, moved):
            rows.append(Row(statement.name.text, span, None, "reading input"))
    return rows


def _is_being_read(analysis: Analysis, statement: tree.Declaration | tree.Load, moved: int) -> bool:
    """Return whether a declaration will have a value as soon as a file has been read."""
    if isinstance(statement, tree.Declaration) and statement.formals is not None:
        return False
    here = analysis.expressions.around(statement.name.span.start + moved)
    spans = (statement.name.span, _value(statement).span)
    found = (here.get(span.shifted(moved)) for span in spans)
    return any(isinstance(meaning, Unknown) and meaning.is_reading for meaning in found)


def _value(statement: tree.Declaration | tree.Load) -> tree.Expression:
    return statement.path if isinstance(statement, tree.Load) else statement.value
