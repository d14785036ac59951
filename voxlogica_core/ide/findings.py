"""Everything there is to show about a program: what is wrong with it, and what failed in runs.

What stands in an imported file is shown at the import. Pure, and it knows no editor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.plan.node import Fold, Loop, NodeId, inputs_of
from voxlogica_core.plan.plan import Place, Plan
from voxlogica_core.syntax.tree import Import
from voxlogica_core.text.diagnostic import Diagnostic, Related
from voxlogica_core.text.span import Span

_START = Span(0, 0)


def shown_diagnostics(analysis: Analysis, activity: Activity) -> list[Diagnostic]:
    """Return all diagnostics of a program, each at a place in the program itself."""
    own = [_at_home(found, analysis) for found in analysis.diagnostics]
    return [*own, *_failures(analysis, activity)]


def input_changes(analysis: Analysis, changed: Mapping[NodeId, str]) -> list[Diagnostic]:
    """Return what is to be said of files that changed while a program ran.

    Parameters
    ----------
    changed
        Where they are, by the node of what they held when the program was reduced.
    """
    places = analysis.plan.places
    return [
        Diagnostic(
            "input-changed",
            "warning",
            f"{path} changed while the program ran: what depends on it was reduced again",
            _in_program(places[node]) if node in places else _START,
        )
        for node, path in changed.items()
    ]


def _at_home(found: Diagnostic, analysis: Analysis) -> Diagnostic:
    """Return a finding of an imported file as one of the import, with a link; cured is it there."""
    if found.path in (None, analysis.source.path):
        return found
    message = f"in {PurePath(found.path or '').name}: {found.message}"
    link = Related(found.message, found.span, found.path)
    span = _import_of(found.path or "", analysis)
    related = (link, *found.related)
    return replace(found, message=message, span=span, path=None, related=related, fixes=())


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
    for goal in (goal.value for goal in plan.goals):
        if goal is not None and goal in activity.blocked and (own := plan.places.get(goal)):
            span = _in_program(own)
            cause = next((n for n in _below(plan, goal) if n in activity.failed), None)
            if cause is None:
                yield _in_loop(plan, goal, span, activity)
            elif place := plan.places.get(cause):
                line = analysis.source.line_of(_in_program(place).start) + 1
                yield Diagnostic("blocked", "information", f"blocked by line {line}", span)


def _in_loop(plan: Plan, goal: NodeId, span: Span, activity: Activity) -> Diagnostic:
    """Return what failed for single items: they are no part of the text, the loop is."""
    messages = [why for node, why in activity.failed.items() if node not in plan.nodes]
    first = messages[0] if messages else "what it needs has failed"
    count = f"{len(messages)} items failed, the first with: " if len(messages) > 1 else ""
    loops = (n for n in _below(plan, goal) if isinstance(plan.nodes[n], Loop | Fold))
    place = next((plan.places[n] for n in loops if n in plan.places), None)
    where = _in_program(place) if place else span
    return Diagnostic("run-failed", "error", f"{count}{first}", where)


def _below(plan: Plan, goal: NodeId) -> Iterator[NodeId]:
    """Yield a node and all that it is made of."""
    seen = {goal}
    stack = [goal]
    while stack:
        node = stack.pop()
        yield node
        fresh = [given for given in inputs_of(plan.nodes[node]) if given not in seen]
        seen.update(fresh)
        stack.extend(fresh)


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
