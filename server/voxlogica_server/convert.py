"""Between our words and the protocol's: offsets and positions, paths and URIs, diagnostics.

The only file that counts in the client's units.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cattrs import Converter
from lsprotocol import types
from pygls.protocol import default_converter

from voxlogica_core.text.diagnostic import Diagnostic, Related
from voxlogica_core.text.source_text import Encoding, SourceText
from voxlogica_core.text.span import Span
from voxlogica_server.documents import Change, Document, Position

TextOf = Callable[[str], SourceText | None]
"""Gives the text of a file by its path, None where it cannot be read."""

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
_UNNECESSARY = frozenset({"unused-declaration"})


LONGEST_URI = 20_000
"""Characters: longer than any path; Python's library keeps the last ones it has taken apart."""

_LARGEST = 2**31 - 1
"""The largest number the protocol knows."""


def message_converter() -> Converter:
    """Return what makes objects of messages.

    Clients write very large numbers for the end of a line. An edit that were refused for that would
    leave us with another text than theirs.
    """
    converter = default_converter()
    converter.register_structure_hook(types.Position, _position)
    return converter


def _position(given: object, _: object) -> types.Position:
    match given:
        case {"line": int(line), "character": int(character)}:
            return types.Position(min(line, _LARGEST), min(character, _LARGEST))
        case _:
            raise TypeError("a position has a line and a character, both numbers")


def path_of(uri: str) -> str | None:
    """Return the path of a file URI, None for documents that are no files."""
    if len(uri) > LONGEST_URI:
        return None
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="strict")
        path.encode()
    except ValueError:
        return None  # nothing that could be the name of a file
    return path if parts.scheme == "file" and "\0" not in path else None


def uri_of(path: str) -> str:
    """Return the URI of a file."""
    return Path(path).absolute().as_uri()


def range_of(span: Span, source: SourceText, encoding: Encoding) -> types.Range:
    """Return a span as a range of positions."""
    start, end = source.position(span.start, encoding), source.position(span.end, encoding)
    return types.Range(types.Position(*start), types.Position(*end))


def position_of(position: types.Position) -> Position:
    """Return a position as line and column."""
    return position.line, position.character


def change_of(change: types.TextDocumentContentChangeEvent) -> Change:
    """Return what an edit says."""
    if isinstance(change, types.TextDocumentContentChangePartial):
        start, end = position_of(change.range.start), position_of(change.range.end)
        return Change(change.text, start, end)
    return Change(change.text)


def diagnostics_of(
    found: Iterable[Diagnostic], document: Document, text_of: TextOf
) -> list[types.Diagnostic]:
    """Return the diagnostics of a document; each must stand in the document itself."""
    return [_diagnostic(diagnostic, document, text_of) for diagnostic in found]


def _diagnostic(diagnostic: Diagnostic, document: Document, text_of: TextOf) -> types.Diagnostic:
    unnecessary = [types.DiagnosticTag.Unnecessary] if diagnostic.code in _UNNECESSARY else None
    related = [_related(link, document, text_of) for link in diagnostic.related]
    return types.Diagnostic(
        range=range_of(diagnostic.span, document.source, document.encoding),
        message=diagnostic.message,
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        source="voxlogica",
        tags=unnecessary,
        related_information=[link for link in related if link] or None,
    )


def _related(
    link: Related, document: Document, text_of: TextOf
) -> types.DiagnosticRelatedInformation | None:
    location = location_of(link.path, link.span, document, text_of)
    return location and types.DiagnosticRelatedInformation(location, link.message)


def location_of(
    path: str | None, span: Span, document: Document, text_of: TextOf
) -> types.Location | None:
    """Return a place in a file, or in the document itself where `path` is None."""
    if path is None or path == document.source.path:
        return types.Location(document.uri, range_of(span, document.source, document.encoding))
    source = text_of(path)
    return source and types.Location(uri_of(path), range_of(span, source, document.encoding))
