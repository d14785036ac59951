"""What literals mean: numbers and texts as written, to values; decides nothing else."""

import re

_ESCAPE = re.compile(r'\\([\\"nt])')
_PATH_ESCAPE = re.compile(r'\\([\\"])')
_MEANINGS = {"n": "\n", "t": "\t", "\\": "\\", '"': '"'}
_CLOSED = re.compile(r'"(?:[^"\\]|\\.)*"')


def text_value(literal: str) -> str:
    r"""Return the text that a string literal means: ``\"``, ``\\``, ``\n``, ``\t`` are escapes."""
    return _unescaped(_content(literal), _ESCAPE)


def path_value(literal: str) -> str:
    r"""Return the path that a string literal means: only ``\"`` and ``\\`` are escapes."""
    return _unescaped(_content(literal), _PATH_ESCAPE)


def _content(literal: str) -> str:
    """Return what stands between the quotes; the closing one may be missing."""
    return literal[1:-1] if _CLOSED.fullmatch(literal) else literal[1:]


def _unescaped(content: str, escape: re.Pattern[str]) -> str:
    if "\\" not in content:
        return content
    return escape.sub(lambda match: _MEANINGS[match[1]], content)
