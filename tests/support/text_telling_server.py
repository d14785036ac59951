"""The language server with one request more: it tells the text of a document it has."""

from functools import partial
from typing import Any

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_server.__main__ import main
from voxlogica_server.protocol import Routes
from voxlogica_server.runs import Runs
from voxlogica_server.server import Server
from voxlogica_server.session import Session
from voxlogica_server.workspace import Workspace

TELL = types.TEXT_DOCUMENT_MONIKER
"""A method the server has no use for."""


class TellingServer(Server):
    """Tells what it has."""

    def routes(self, session: Session, runs: Runs, workspace: Workspace) -> Routes:
        """Return what the server does, and what it tells."""
        usual = super().routes(session, runs, workspace)
        return Routes({**usual.requests, TELL: partial(tell, session)}, usual.notifications)


async def tell(session: Session, params: types.MonikerParams) -> Any:
    """Return text and version of a document, null where it is not open."""
    try:
        document = session.find(params.text_document.uri).document
    except UsageError:
        return None
    return {"text": document.source.text, "version": document.version}


if __name__ == "__main__":
    main(TellingServer)
