"""Hover."""

from lsprotocol import types

from voxlogica_core.ide.hover import hover as asked
from voxlogica_server.convert import position_of, range_of
from voxlogica_server.session import Session


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Return what is known of the expression at a position; nothing is computed."""
    found, analysis = await session.analysed(params.text_document.uri)
    document = found.document
    offset = document.offset(position_of(params.position))
    form = session.settings.form
    store = session.reading.store
    answer = await session.reading.ask(lambda: asked(analysis, offset, store, found.activity, form))
    if answer is None:
        return None
    kind = types.MarkupKind.Markdown if form.markdown else types.MarkupKind.PlainText
    span = range_of(answer.span, analysis.source, document.encoding)
    return types.Hover(types.MarkupContent(kind, answer.text), span)
