"""Formatting of a document or of a part of it."""

import asyncio

from lsprotocol import types

from voxlogica_core.ide.formatting import formatting, range_formatting
from voxlogica_server.requests.places import place
from voxlogica_server.session import Session


async def document(
    session: Session, params: types.DocumentFormattingParams
) -> list[types.TextEdit]:
    """Return the edits that lay a document out; the style of the house has no options."""
    where = await place(session, params)
    edits = await asyncio.to_thread(lambda: where.edits(formatting(where.analysis)))
    where.check()
    return edits


async def part(
    session: Session, params: types.DocumentRangeFormattingParams
) -> list[types.TextEdit]:
    """Return the edits that lay out the statements which a range touches."""
    where = await place(session, params)
    span = where.span(params.range)
    edits = await asyncio.to_thread(lambda: where.edits(range_formatting(where.analysis, span)))
    where.check()
    return edits
