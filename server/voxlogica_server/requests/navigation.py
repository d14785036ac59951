"""Definitions and the outline."""

from lsprotocol import types

from voxlogica_core.ide.navigate import Destination, NamedFile
from voxlogica_core.ide.navigate import definition as asked
from voxlogica_core.ide.symbols import Symbol, symbols
from voxlogica_server.convert import location_of, path_of, position_of, range_of, uri_of
from voxlogica_server.documents import Document
from voxlogica_server.session import Session

_KINDS = {
    "value": types.SymbolKind.Variable,
    "function": types.SymbolKind.Function,
    "goal": types.SymbolKind.Event,
    "import": types.SymbolKind.Module,
}


async def definition(
    session: Session, params: types.DefinitionParams | types.DeclarationParams
) -> types.Location | None:
    """Return where the name at a position was given its meaning."""
    found, analysis = await session.analysed(params.text_document.uri)
    document = found.document
    match asked(analysis, document.offset(position_of(params.position))):
        case Destination(span, path):
            return location_of(path, span, document, session.analyst.text_of)
        case NamedFile(text):
            path = session.analyst.find(text, path_of(document.uri))
            start = types.Position(0, 0)
            return types.Location(uri_of(path), types.Range(start, start)) if path else None
        case None:
            return None


async def document_symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol]:
    """Return the outline of a document."""
    found, analysis = await session.analysed(params.text_document.uri)
    return [_symbol(symbol, found.document) for symbol in symbols(analysis)]


def _symbol(symbol: Symbol, document: Document) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name,
        detail=symbol.detail,
        kind=_KINDS[symbol.sort],
        range=range_of(symbol.span, document.source, document.encoding),
        selection_range=range_of(symbol.name_span, document.source, document.encoding),
    )
