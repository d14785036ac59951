"""A language server of pygls that knows nothing: each edit is answered with no diagnostics.

What a client waits for here, it waits for with every server that is made of pygls.
"""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def opened(server: LanguageServer, params: types.DidOpenTextDocumentParams) -> None:
    """Tell that nothing is wrong."""
    document = params.text_document
    _tell(server, document.uri, document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def changed(server: LanguageServer, params: types.DidChangeTextDocumentParams) -> None:
    """Tell that nothing is wrong; the library has made the edit."""
    document = params.text_document
    _tell(server, document.uri, document.version)


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(params: types.HoverParams) -> types.Hover:
    """Say where the question was about."""
    where = params.position
    return types.Hover(f"{where.line}:{where.character}")


def _tell(server: LanguageServer, uri: str, version: int) -> None:
    found = types.PublishDiagnosticsParams(uri, [], version)
    server.text_document_publish_diagnostics(found)


if __name__ == "__main__":
    server.start_io()
