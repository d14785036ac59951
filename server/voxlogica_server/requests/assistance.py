"""Which request of hover, completion, hints, lenses and actions is answered by which function."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from lsprotocol import types

from voxlogica_server.requests import hover, writing
from voxlogica_server.session import Session

OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_COMPLETION: writing.COMPLETION,
    types.TEXT_DOCUMENT_SIGNATURE_HELP: writing.SIGNATURES,
}

_REQUESTS: Mapping[str, Callable[[Session, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_HOVER: hover.hover,
    types.TEXT_DOCUMENT_COMPLETION: writing.completion,
    types.COMPLETION_ITEM_RESOLVE: writing.resolve,
    types.TEXT_DOCUMENT_SIGNATURE_HELP: writing.signature_help,
}


def requests(session: Session) -> dict[str, Callable[[Any], Awaitable[Any]]]:
    """Return the handlers of one session."""
    return {method: partial(handler, session) for method, handler in _REQUESTS.items()}
