"""Reasons as sentences and as JSON: the one text that every face of "why" shows."""

from collections.abc import Callable
from pathlib import PurePath

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.causes import Cause
from voxlogica_core.ide.forecast.why import MOST, Why
from voxlogica_core.ide.lookup import declared_at, value_at
from voxlogica_core.ide.status.status import Status
from voxlogica_core.ide.wording import shortened
from voxlogica_core.plan.node import Node, NodeId, is_closed
from voxlogica_core.plan.plan import Place

_LONGEST = 40


def node_asked(analysis: Analysis, offset: int) -> tuple[str, Node] | None:
    """Return what is asked about at `offset`, and how it is called.

    Inside a loop that is the loop; inside a function it is what an application of it made of the
    expression, the first in order of text. None where no value stands.
    """
    declared = declared_at(analysis, offset)
    if declared and declared.name.text in analysis.plan.declarations:
        name = declared.name.text
        return name, analysis.nodes[analysis.plan.declarations[name]]
    found = None if declared else value_at(analysis, offset)
    if found is None:
        return None
    text = analysis.source.text
    title = shortened(text[found.span.start : found.span.end], _LONGEST)
    node = analysis.nodes.get(NodeId(str(found.meaning)))
    if node is not None and is_closed(node):
        return title, node
    for name, place in analysis.plan.places.items():
        if place.path is None and place.calls and place.span == found.span:
            applied = analysis.nodes[name]
            if is_closed(applied):
                return title, applied
    return _around(analysis, offset)


def sentence(analysis: Analysis, title: str, reason: Why, status: Status) -> str:
    """Return why a value is to be made, in one sentence.

    Parameters
    ----------
    title
        How the value is called.
    """
    if reason.cause is None:
        return f"`{title}` is known: nothing is computed for it."
    verb = "would be computed if it were needed" if status == "not needed" else "is to be computed"
    parts = [f"`{title}` {verb}: {because(analysis, reason.cause)}"]
    if reason.others > 0:
        parts.append(f"and {_counted(reason.others, 'other change')} besides")
    if len(reason.missing) > 1:
        parts.append(f"{len(reason.missing)} nodes are made for it")
    return f"{'; '.join(parts)}."


def because(analysis: Analysis, cause: Cause) -> str:
    """Return a cause with where it stands: the one clause that every face shows."""
    place = cause.place
    if place is None:
        return cause.text
    span = place.span if place.path is None else place.call
    parts = [] if span is None else [f"line {analysis.source.line_of(span.start) + 1}"]
    parts += [] if place.path is None else [f"in {PurePath(place.path).name}"]
    return f"{cause.text} ({', '.join(parts)})"


def reason_object(
    analysis: Analysis,
    title: str,
    reason: Why,
    status: Status,
    located: Callable[[Place], object],
) -> dict[str, object]:
    """Return a reason as a JSON object; `located` writes a place in the form of whoever asks."""

    def place_of(place: Place | None) -> object:
        return located(place) if place else None

    places = analysis.plan.places

    cause = reason.cause
    return {
        "version": 1,
        "name": title,
        "node": reason.node,
        "status": status,
        "reason": reason.reason,
        "text": sentence(analysis, title, reason, status),
        "cause": cause
        and {
            "kind": cause.kind,
            "text": cause.text,
            "old": cause.old,
            "new": cause.new,
            "node": cause.node,
            "location": place_of(cause.place),
        },
        "others": max(0, reason.others),
        "count": len(reason.missing),
        "missing": [
            {"node": node, "location": place_of(places.get(node))} for node in reason.missing[:MOST]
        ],
    }


def _around(analysis: Analysis, offset: int) -> tuple[str, Node] | None:
    """Return the smallest expression round `offset` whose node is closed: the loop it stands in."""
    best: tuple[int, str, Node] | None = None
    for span, meaning in analysis.expressions.around(offset).items():
        node = analysis.nodes.get(NodeId(meaning)) if isinstance(meaning, str) else None
        if offset in span and node is not None and is_closed(node):
            text = analysis.source.text[span.start : span.end]
            found = (len(span), shortened(text, _LONGEST), node)
            best = min(best or found, found, key=lambda each: each[0])
    return best and best[1:]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
