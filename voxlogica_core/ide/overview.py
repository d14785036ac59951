"""The declarations of a program, each with its node and status."""

from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.foresight import inside
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.ide.memory import Memory
from voxlogica_core.ide.status import Activity, Status, demand, status
from voxlogica_core.plan.node import NodeId
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Row:
    """A declaration: its name and where that stands."""

    name: str
    span: Span
    node: NodeId
    status: Status


def overview(analysis: Analysis, memory: Memory, activity: Activity) -> list[Row]:
    """Return the declarations that have values, in order of text."""
    plan = analysis.plan
    records = memory.lookup(plan.nodes)
    demanded = demand(plan, records, inside(analysis, memory))
    rows: list[Row] = []
    for statement in declarations(analysis):
        node = plan.declarations.get(statement.name.text)
        if node is not None:
            word = status(
                plan.nodes[node],
                nodes=plan.nodes,
                records=records,
                activity=activity,
                demanded=demanded,
                deferred=plan.deferred,
            )
            rows.append(Row(statement.name.text, statement.name.span, node, word))
    return rows
