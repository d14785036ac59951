"""Where a request is about, in our words; and answers in the protocol's. Asks nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lsprotocol import types

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span
from voxlogica_server.convert import location_of, position_of, range_of
from voxlogica_server.documents import Document
from voxlogica_server.guard import Refusal
from voxlogica_server.session import Session


class AboutDocument(Protocol):
    """Parameters that name a document."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier:
        """The document."""
        ...


class AboutPosition(AboutDocument, Protocol):
    """Parameters that name a position in a document."""

    @property
    def position(self) -> types.Position:
        """The position."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A document with the analysis of its text."""

    session: Session
    document: Document
    analysis: Analysis
    activity: Activity
    is_open: bool = True

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position."""
        return self.document.offset(position_of(position))

    def span(self, given: types.Range) -> Span:
        """Return the span of a range."""
        start, end = self.offset(given.start), self.offset(given.end)
        return Span(start, max(start, end))

    def range(self, span: Span) -> types.Range:
        """Return a span of the document as a range."""
        return range_of(span, self.analysis.source, self.document.encoding)

    def location(self, path: str | None, span: Span) -> types.Location | None:
        """Return a place in the document, or in another file."""
        return location_of(path, span, self.document, self.session.analyst.text_of)

    def edits(self, edits: Sequence[Edit]) -> list[types.TextEdit]:
        """Return edits of the document."""
        return [types.TextEdit(self.range(edit.span), edit.text) for edit in edits]

    def check(self) -> None:
        """Refuse to answer if the document has changed: places in an answer would be wrong."""
        uri = self.document.uri
        if self.is_open and self.session.find(uri).document is not self.document:
            raise Refusal(f"{uri} has changed since", types.LSPErrorCodes.ContentModified)


async def place(session: Session, params: AboutDocument) -> Place:
    """Return the document that a request is about."""
    found, analysis = await session.analysed(params.text_document.uri)
    if found.document.source is not analysis.source:
        message = f"{params.text_document.uri} has changed since"
        raise Refusal(message, types.LSPErrorCodes.ContentModified)
    return Place(session, found.document, analysis, found.activity)


async def place_at(session: Session, params: AboutPosition) -> tuple[Place, int]:
    """Return the document and the offset that a request is about."""
    where = await place(session, params)
    return where, where.offset(params.position)
