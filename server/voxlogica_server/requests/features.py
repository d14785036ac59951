"""Which request of navigation, structure, colours and writing is answered by which function."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from lsprotocol import types

from voxlogica_server.requests import dataflow, navigation, renaming, structure
from voxlogica_server.requests.colours import Colours
from voxlogica_server.requests.formatting import Formatting
from voxlogica_server.requests.outlining import Outlining
from voxlogica_server.requests.token_numbers import LEGEND
from voxlogica_server.session import Session

OPTIONS: Mapping[str, Any] = {types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: LEGEND}

_REQUESTS: Mapping[str, Callable[[Session, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_DEFINITION: navigation.definition,
    types.TEXT_DOCUMENT_DECLARATION: navigation.definition,
    types.TEXT_DOCUMENT_TYPE_DEFINITION: navigation.kind,
    types.TEXT_DOCUMENT_REFERENCES: navigation.references,
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: navigation.highlights,
    types.TEXT_DOCUMENT_PREPARE_RENAME: renaming.prepare,
    types.TEXT_DOCUMENT_RENAME: renaming.renamed,
    types.TEXT_DOCUMENT_FOLDING_RANGE: structure.folding,
    types.TEXT_DOCUMENT_SELECTION_RANGE: structure.selection,
    types.TEXT_DOCUMENT_DOCUMENT_LINK: structure.document_links,
    types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY: dataflow.prepare,
    types.CALL_HIERARCHY_INCOMING_CALLS: dataflow.incoming,
    types.CALL_HIERARCHY_OUTGOING_CALLS: dataflow.outgoing,
}


def requests(session: Session) -> dict[str, Callable[[Any], Awaitable[Any]]]:
    """Return the handlers of one session; some of them remember what they sent."""
    colours, outlines = Colours(session), structure.Outlines(session)
    outlining, layouts = Outlining(session), Formatting(session)
    return {
        **{method: partial(handler, session) for method, handler in _REQUESTS.items()},
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: colours.full,
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA: colours.delta,
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: colours.part,
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: outlining.symbols,
        types.TEXT_DOCUMENT_FORMATTING: layouts.document,
        types.TEXT_DOCUMENT_RANGE_FORMATTING: layouts.part,
        types.WORKSPACE_SYMBOL: outlines.search,
    }
