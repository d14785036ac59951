"""The shape of a document: outline, folds, growing selections, links; and search in all files."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from lsprotocol import types

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.navigation.folding import folds
from voxlogica_core.ide.navigation.links import Link, links
from voxlogica_core.ide.navigation.navigate import Destination, NamedFile, Page
from voxlogica_core.ide.navigation.selection import selections
from voxlogica_core.ide.navigation.symbols import Symbol, declared_symbols, matching, parsed_symbols
from voxlogica_core.plan.outside.shipped import OPERATORS
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.source_text import Encoding, SourceText
from voxlogica_server.convert import range_of, uri_of
from voxlogica_server.desk import VISIBLE, WHOLE
from voxlogica_server.pages import page_uri
from voxlogica_server.programs import Kept, program_files
from voxlogica_server.requests.places import Place, place
from voxlogica_server.session import Open, Session

KINDS = {
    "value": types.SymbolKind.Variable,
    "function": types.SymbolKind.Function,
    "goal": types.SymbolKind.Event,
    "import": types.SymbolKind.Module,
    "broken": types.SymbolKind.Null,
}
_FOLDS = {
    "region": types.FoldingRangeKind.Region,
    "comment": types.FoldingRangeKind.Comment,
    "imports": types.FoldingRangeKind.Imports,
}
_MOST_SYMBOLS = 500


async def folding(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """Return what may be folded in a document, by whole lines."""
    where = await place(session, params)
    found = await session.desk.answer(lambda: folds(where.analysis), WHOLE, where.check)
    return [
        types.FoldingRange(fold.first, fold.last, kind=_FOLDS[fold.sort] if fold.sort else None)
        for fold in found
    ]


async def selection(
    session: Session, params: types.SelectionRangeParams
) -> list[types.SelectionRange]:
    """Return for each position the selections that grow from it."""
    where = await place(session, params)
    found: list[types.SelectionRange] = []
    for position in params.positions:
        outer: types.SelectionRange | None = None
        for span in reversed(selections(where.analysis, where.offset(position))):
            outer = types.SelectionRange(where.range(span), outer)
        assert outer is not None  # the whole text is always one
        found.append(outer)
    return found


async def document_links(
    session: Session, params: types.DocumentLinkParams
) -> list[types.DocumentLink]:
    """Return the files that a document names and that are there."""
    where = await place(session, params)
    analysis = where.analysis
    return await session.desk.answer(
        lambda: list(_links(where, links(analysis, analysis.catalogue))), WHOLE, where.check
    )


class Outlines:
    """The outlines of all files in the folders of a session; each is parsed when it has changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept = Kept(self._of_file)

    async def search(self, params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
        """Return the declarations of all files whose names fit what is looked for."""
        opened = [await self._opened(found) for found in list(self._session.opened())]
        folders = [home.folder for home in self._session.homes.folders]
        return await self._session.desk.answer(
            lambda: self._search(params.query, opened, folders), VISIBLE
        )

    async def _opened(self, found: Open) -> tuple[str, Analysis]:
        """Return a document with the newest analysis there is; it need not be of this key."""
        uri = found.document.uri
        return uri, found.latest or (await self._session.analysed(uri))[1]

    def _search(
        self, query: str, opened: Sequence[tuple[str, Analysis]], folders: Sequence[Path]
    ) -> list[types.SymbolInformation]:
        own = {analysis.source.path for _, analysis in opened}
        outlines = [
            (uri, analysis.source, declared_symbols(analysis, query, _MOST_SYMBOLS))
            for uri, analysis in opened
        ]
        outlines += [
            (uri_of(path), kept[0], matching(kept[1], query))
            for path in program_files(folders)
            if path not in own and (kept := self._kept.of(path)) is not None
        ]
        encoding = self._session.settings.encoding
        found = (
            _information(symbol, uri, source, encoding)
            for uri, source, outline in outlines
            for symbol in outline
        )
        return list(islice(found, _MOST_SYMBOLS))

    def _of_file(self, path: str) -> tuple[SourceText, list[Symbol]] | None:
        source = self._session.analyst.text_of(path)
        return None if source is None else (source, _outline(source))


def _outline(source: SourceText) -> list[Symbol]:
    return parsed_symbols(source, parse(source, OPERATORS))


def _information(
    symbol: Symbol, uri: str, source: SourceText, encoding: Encoding
) -> types.SymbolInformation:
    location = types.Location(uri, range_of(symbol.name_span, source, encoding))
    return types.SymbolInformation(location, symbol.name, KINDS[symbol.sort])


def _links(where: Place, found: Iterable[Link]) -> Iterator[types.DocumentLink]:
    session, document = where.session, where.document
    home = session.home(document)
    for link in found:
        match link.to:
            case Destination(path=str(path)):
                target: str | None = uri_of(path)
            case NamedFile(text):
                names = (text, f"{text}.imgql")
                paths = (session.analyst.find(n, document.source.path, home) for n in names)
                path = next((path for path in paths if path), None)
                target = uri_of(path) if path else None
            case Page(subject):
                target = page_uri(subject, session)
            case _:
                target = None
        if target is not None:
            yield types.DocumentLink(where.range(link.span), target=target)
