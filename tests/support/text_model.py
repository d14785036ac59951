"""What an edit means, character by character, as the protocol describes it: an oracle."""

from voxlogica_core.text.source_text import Encoding

Place = tuple[int, int]
"""Line and column from 0; the column in units of an encoding."""


def units(character: str, encoding: Encoding) -> int:
    """Return how many units of an encoding a character has."""
    match encoding:
        case "utf-8":
            return len(character.encode("utf-8", "surrogatepass"))
        case "utf-16":
            return len(character.encode("utf-16-le", "surrogatepass")) // 2
        case _:
            return 1


def offset_of(text: str, place: Place, encoding: Encoding) -> int:
    """Return the offset of a position; one past the end of a line means that end."""
    line, offset = 0, 0
    while line < place[0]:
        if offset == len(text):
            return offset
        ends_here = text[offset] == "\n" or (
            text[offset] == "\r" and text[offset + 1 : offset + 2] != "\n"
        )
        offset += 1
        line += ends_here
    column = 0
    while column < place[1] and offset < len(text) and text[offset] not in "\r\n":
        column += units(text[offset], encoding)
        offset += 1
    return offset


def edited(text: str, start: Place, end: Place, new: str, encoding: Encoding) -> str:
    """Return a text with `new` in place of what stands between two positions."""
    first = offset_of(text, start, encoding)
    last = max(first, offset_of(text, end, encoding))
    return text[:first] + new + text[last:]


def without_mark(text: str) -> str:
    """Return a text as the server keeps it when it is given whole: a mark takes a column."""
    return f" {text[1:]}" if text[:1] == "\ufeff" else text
