"""Refreshes of open pages: after an edit or a run they may say something else. Writes none."""

import asyncio

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from voxlogica_core.ide.analysis import Analysis
from voxlogica_server.progress import Seldom
from voxlogica_server.session import Client, Session


class PageRefreshes:
    """Asks the client to ask again for the pages it was given, four times a second at most.

    Which of them are still open, it does not say: it asks for these only.
    """

    def __init__(self, session: Session, client: Client) -> None:
        workspace = session.settings.client.workspace
        self._is_able = bool(workspace and workspace.text_document_content)
        self._session = session
        self._client = client
        self._asking: asyncio.Task[None] | None = None
        self._seldom = Seldom(self._ask)
        session.listeners.append(self.note)

    def note(self, analysis: Analysis | None = None) -> None:
        """Note that a document was analysed, or that a run of one has ended."""
        del analysis
        if self._is_able and self._session.given_pages:
            self._seldom.wish()

    def end(self) -> None:
        """Ask for nothing more."""
        self._seldom.end()

    def _ask(self) -> None:
        if self._asking is not None and not self._asking.done():
            self._seldom.wish()  # the client is slower than we are
            return
        self._asking = asyncio.create_task(self._asked())

    async def _asked(self) -> None:
        for uri in list(self._session.given_pages):
            params = types.TextDocumentContentRefreshParams(uri)
            try:
                await self._client.send_request_async(
                    types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH, params
                )
            except JsonRpcException:
                return
