"""The declarations of a program, each with its node and status."""

from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.needed import items_below, needed
from voxlogica_core.ide.status.status import Activity, Demanded, Status, status
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction.meaning import Unknown
from voxlogica_core.store.record import Record
from voxlogica_core.syntax import tree
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
    for statement in declarations(analysis):
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
            row = Row(statement.name.text, statement.name.span, node, word, records.get(node))
            rows.append(row)
        elif _is_being_read(analysis, statement):
            row = Row(statement.name.text, statement.name.span, None, "reading input")
            rows.append(row)
    return rows


def _is_being_read(analysis: Analysis, statement: tree.Declaration | tree.Load) -> bool:
    """Return whether a declaration will have a value as soon as a file has been read."""
    if isinstance(statement, tree.Declaration) and statement.formals is not None:
        return False
    here = analysis.expressions.around(statement.name.span.start)
    found = (here.get(span) for span in (statement.name.span, _value(statement).span))
    return any(isinstance(meaning, Unknown) and meaning.is_reading for meaning in found)


def _value(statement: tree.Declaration | tree.Load) -> tree.Expression:
    return statement.path if isinstance(statement, tree.Load) else statement.value
