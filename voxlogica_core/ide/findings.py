"""Everything there is to show about a program: what is wrong with it, and what failed in runs.

What stands in an imported file is shown at the import. Pure, and it knows no editor.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status import Activity
from voxlogica_core.plan.node import NodeId, inputs_of
from voxlogica_core.plan.plan import Place, Plan
from voxlogica_core.syntax.tree import Import
from voxlogica_core.text.diagnostic import Diagnostic, Related
from voxlogica_core.text.span import Span

_START = Span(0, 0)


def shown_diagnostics(analysis: Analysis, activity: Activity) -> list[Diagnostic]:
    """Return all diagnostics of a program, each at a place in the program itself."""
    own = [_at_home(found, analysis) for found in analysis.diagnostics]
    return [*own, *_failures(analysis, activity)]


def _at_home(found: Diagnostic, analysis: Analysis) -> Diagnostic:
    """Return a finding of an imported file as one of the import, with a link."""
    if found.path in (None, analysis.source.path):
        return found
    message = f"in {PurePath(found.path or '').name}: {found.message}"
    link = Related(found.message, found.span, found.path)
    span = _import_of(found.path or "", analysis)
    return replace(found, message=message, span=span, path=None, related=(link, *found.related))


def _import_of(path: str, analysis: Analysis) -> Span:
    """Return the import that brings a file in, or the first one: it may come by way of others."""
    targets = [s.target for s in analysis.program.statements if isinstance(s, Import)]
    named = (t.span for t in targets if PurePath(t.value).name == PurePath(path).name)
    return next(named, targets[0].span if targets else _START)


def _failures(analysis: Analysis, activity: Activity) -> Iterator[Diagnostic]:
    """Yield what failed in the last run and is still part of the program, then who waits for it.

    Nothing is ever marked as out of date: an edit changes ids, and a failure belongs to an id.
    """
    plan = analysis.plan
    for node, message in activity.failed.items():
        if place := plan.places.get(node):
            yield Diagnostic("run-failed", "error", message, _in_program(place), _inside(place))
    for goal in plan.goals:
        if goal.value is None or goal.value in activity.failed:
            continue
        cause = _cause(plan, goal.value, activity)
        if cause and (own := plan.places.get(goal.value)):
            place = plan.places.get(cause)
            where = analysis.source.line_of(_in_program(place).start) + 1 if place else 0
            message = f"blocked by line {where}" if where else "blocked by what failed"
            yield Diagnostic("blocked", "information", message, _in_program(own))


def _cause(plan: Plan, goal: NodeId, activity: Activity) -> NodeId | None:
    """Return the failed node that a goal waits for."""
    if not activity.failed or goal not in activity.blocked:
        return None
    seen: set[NodeId] = set()
    stack = [goal]
    while stack:
        node = stack.pop()
        if node in activity.failed:
            return node
        fresh = [given for given in inputs_of(plan.nodes[node]) if given not in seen]
        seen.update(fresh)
        stack.extend(fresh)
    return None


def _in_program(place: Place) -> Span:
    """Return where in the program itself a node belongs: at the call, if a function made it."""
    if place.call is not None:
        return place.call
    return place.span if place.path is None else _START


def _inside(place: Place) -> tuple[Related, ...]:
    """Return a link to where a function failed, when a call led there."""
    if place.call is None:
        return ()
    return (Related("it happens here, in the function called", place.span, place.path),)
