"""The text of an open document, version by version. Knows positions and edits, no language.

The line ends are those of the Language Server Protocol; see `SourceText`. A document is never
changed: an edit makes the next one, so that whoever works on the old text is not disturbed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voxlogica_core.text.source_text import Encoding, SourceText

Position = tuple[int, int]
"""Line and column from 0; the column in units of the negotiated encoding."""


@dataclass(frozen=True, slots=True)
class Change:
    """New text between two positions, or, where there are none, in place of everything."""

    text: str
    start: Position | None = None
    end: Position | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An open document.

    Parameters
    ----------
    uri
        Its name, spelled as the client spells it.
    version
        The number the client gave to this text.
    source
        The text, and the path where the document is a file.
    encoding
        Units that columns are counted in.
    """

    uri: str
    version: int
    source: SourceText
    encoding: Encoding

    def edited(self, version: int, changes: Sequence[Change]) -> "Document":
        """Return the document after `changes`, each made to the result of the one before."""
        source = self.source
        for change in changes:
            source = _applied(source, change, self.encoding)
        return replace(self, version=version, source=source)

    def offset(self, position: Position) -> int:
        """Return the offset of a position; one past the end of a line means that end."""
        return self.source.offset(*position, self.encoding)


def without_mark(text: str) -> str:
    """Return a text with a space for a byte-order mark, so that columns stay what they were."""
    return f" {text[1:]}" if text.startswith("\ufeff") else text


def _applied(source: SourceText, change: Change, encoding: Encoding) -> SourceText:
    if change.start is None or change.end is None:
        return SourceText(without_mark(change.text), source.path)
    start = source.offset(*change.start, encoding)
    end = max(start, source.offset(*change.end, encoding))
    return source.replaced(start, end, change.text)
