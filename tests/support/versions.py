"""What two analyses of one text must have in common, however they came to be."""

from collections.abc import Hashable

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.plan.node import is_closed
from voxlogica_core.plan.reduction.meaning import Closure, Meaning


def everything(analysis: Analysis) -> dict[str, object]:
    """Return what an analysis found, without what only tells versions apart."""
    plan = analysis.plan
    return {
        "diagnostics": analysis.diagnostics,
        "nodes": dict(plan.nodes),
        "goals": plan.goals,
        "declarations": dict(plan.declarations),
        "sources": dict(plan.sources),
        "expressions": {s: _comparable(m, analysis) for s, m in analysis.expressions.items()},
        "references": dict(analysis.references),
    }


def _comparable(meaning: Meaning, analysis: Analysis) -> Hashable:
    """Return a meaning without what only tells versions apart: addresses, numbers of variables."""
    match meaning:
        case Closure(name=name):
            return name
        case str() if not is_closed(node := analysis.nodes[meaning]):
            return type(node), node.kind
        case _:
            return meaning
