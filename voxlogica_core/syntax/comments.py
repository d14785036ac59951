"""Comments and blank lines between tokens, which no tree keeps: for the formatter."""

import re
from dataclasses import dataclass

_PART = re.compile(r"(?P<comment>//[^\r\n]*)|(?P<line>\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a line of its own, and whether the line above it is blank."""

    text: str
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Between:
    """What stands between two tokens.

    Parameters
    ----------
    trailing
        A comment on the line of the first token, and its column there.
    comments
        Comments on lines of their own.
    is_break
        Whether the second token begins a line.
    is_apart
        Whether the line above that of the second token is blank.
    """

    trailing: tuple[str, int] | None
    comments: tuple[Comment, ...]
    is_break: bool
    is_apart: bool


def between(text: str, start: int, end: int) -> Between:
    """Return what stands in `text` between two offsets, where tokens end and begin."""
    trailing: tuple[str, int] | None = None
    comments: list[Comment] = []
    lines = 0
    for part in _PART.finditer(text, start, end):
        if part["line"]:
            lines += 1
        elif lines or start == 0:
            comments.append(Comment(part[0].rstrip(), lines > 1))
            lines = 0
        else:
            trailing = (part[0].rstrip(), part.start() - _line_start(text, start))
    is_break = bool(lines or comments)
    return Between(trailing, tuple(comments), is_break, lines > 1)


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
