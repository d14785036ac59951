"""Which request of hover, completion, hints, lenses and actions is answered by which function."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from lsprotocol import types

from voxlogica_server.requests import actions, hints, hover, pages, writing
from voxlogica_server.session import Session

OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_COMPLETION: writing.COMPLETION,
    types.TEXT_DOCUMENT_SIGNATURE_HELP: writing.SIGNATURES,
    types.TEXT_DOCUMENT_INLAY_HINT: hints.HINTS,
    types.TEXT_DOCUMENT_CODE_LENS: hints.LENSES,
    types.TEXT_DOCUMENT_CODE_ACTION: actions.KINDS,
}

_REQUESTS: Mapping[str, Callable[[Session, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_HOVER: hover.hover,
    types.TEXT_DOCUMENT_COMPLETION: writing.completion,
    types.COMPLETION_ITEM_RESOLVE: writing.resolve,
    types.TEXT_DOCUMENT_SIGNATURE_HELP: writing.signature_help,
    types.TEXT_DOCUMENT_INLAY_HINT: hints.inlay_hints,
    types.TEXT_DOCUMENT_CODE_LENS: hints.code_lenses,
    types.CODE_LENS_RESOLVE: hints.resolve_lens,
    types.TEXT_DOCUMENT_CODE_ACTION: actions.code_actions,
    types.WORKSPACE_TEXT_DOCUMENT_CONTENT: pages.content,
}


def requests(session: Session) -> dict[str, Callable[[Any], Awaitable[Any]]]:
    """Return the handlers of one session."""
    return {method: partial(handler, session) for method, handler in _REQUESTS.items()}


def with_pages(capabilities: types.ServerCapabilities) -> types.ServerCapabilities:
    """Say which virtual documents there are; the library that builds capabilities does not."""
    workspace = capabilities.workspace or types.WorkspaceOptions()
    workspace.text_document_content = types.TextDocumentContentOptions(list(pages.SCHEMES))
    capabilities.workspace = workspace
    return capabilities
