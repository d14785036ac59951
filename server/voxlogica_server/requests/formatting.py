"""Formatting of a document or of a part of it."""

from lsprotocol import types

from voxlogica_core.ide.writing.formatting import Formatter, range_formatting
from voxlogica_server.desk import VISIBLE
from voxlogica_server.requests.places import place
from voxlogica_server.session import Session


class Formatting:
    """The layouts of the documents of one session; what did not change is not laid out again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._formatters: dict[str, Formatter] = {}
        session.forgetting.append(self._forget)

    async def document(self, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        """Return the edits that lay a document out; the style of the house has no options."""
        where = await place(self._session, params)
        uri = where.document.uri
        formatter = self._formatters.setdefault(uri, Formatter())
        edits = await self._session.desk.answer(
            lambda: where.edits(formatter.formatting(where.analysis)), VISIBLE, where.check
        )
        where.check()
        return edits

    def _forget(self, uri: str) -> None:
        self._formatters.pop(uri, None)

    async def part(self, params: types.DocumentRangeFormattingParams) -> list[types.TextEdit]:
        """Return the edits that lay out the statements which a range touches."""
        where = await place(self._session, params)
        span = where.span(params.range)
        edits = await self._session.desk.answer(
            lambda: where.edits(range_formatting(where.analysis, span)), VISIBLE, where.check
        )
        where.check()
        return edits
