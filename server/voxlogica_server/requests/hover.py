"""Hover."""

from functools import partial

from lsprotocol import types

from voxlogica_core.ide.forecast.outlook import outlook
from voxlogica_core.ide.hover.hover import hover as asked
from voxlogica_core.plan.node import Node
from voxlogica_server.requests.places import place_at
from voxlogica_server.session import Session


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Return what is known of the expression at a position; nothing is computed."""
    where, offset = await place_at(session, params)
    analysis, activity, form = where.analysis, where.activity, session.settings.form
    reading, catalogue = session.reading, analysis.catalogue
    store = reading.store

    def todo(node: Node) -> str:
        runs, rates = reading.past.runs(analysis.source.path or ""), reading.past.rates()
        whole = partial(reading.price_if_known, analysis)
        return outlook(analysis, node, store, activity, catalogue, runs, rates, whole)

    answer = await reading.ask(
        lambda: asked(
            analysis, offset, store, activity, form, todo, lambda: reading.needed(analysis)
        )
    )
    if answer is None:
        return None
    kind = types.MarkupKind.Markdown if form.markdown else types.MarkupKind.PlainText
    return types.Hover(types.MarkupContent(kind, answer.text), where.range(answer.span))
