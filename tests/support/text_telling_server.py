"""The language server with one request more: it tells the text of a document it has."""

from typing import Any

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_server import server
from voxlogica_server.__main__ import main
from voxlogica_server.session import Session

TELL = types.TEXT_DOCUMENT_MONIKER
"""A method the server has no use for."""


async def tell(session: Session, params: types.MonikerParams) -> Any:
    """Return text and version of a document, null where it is not open."""
    try:
        document = session.find(params.text_document.uri).document
    except UsageError:
        return None
    return {"text": document.source.text, "version": document.version}


if __name__ == "__main__":
    server.REQUESTS = {**server.REQUESTS, TELL: tell}
    main()
