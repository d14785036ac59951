"""The words of the language: patterns, keywords and the shape of a token; reads no text itself."""

import re
from typing import Literal, NamedTuple

Place = Literal["inside", "line", "bare"]
Dialect = Literal["voxlogica1", "imgql2"]
"""What a file may say it is written in: VoxLogicA 1's language, or the present one."""


class Token(NamedTuple):
    """A token: what the grammar calls it, what was written, where.

    Parameters
    ----------
    type
        The name of the terminal in the grammar.
    place
        ``line``: first on its line; ``bare``: first on its line and the name of a definition
        without ``let``; ``inside``: neither.
    """

    type: str
    text: str
    start: int
    end: int
    place: Place


END = "$END"
"""Type of the token that stands for the end of a statement; Lark's own name for it."""

_STATEMENTS = ("let", "load", "save", "print", "import")
_BINDERS = ("for", "filter", "fold", "in", "do")
KEYWORDS = {word: word.upper() for word in (*_STATEMENTS, *_BINDERS, "true", "false")}
CALLABLE_KEYWORDS = frozenset({"load", "filter", "fold"})
"""Keywords that are ordinary names in front of a parenthesis on the same line."""

AFTER_OPERAND_KEYWORDS = frozenset({"in", "do"})
"""Keywords only behind a complete operand; ordinary names elsewhere."""

OPERANDS = frozenset(
    {"NUMBER", "STRING", "PATH", "TRUE", "FALSE", "NAME", "QUALIFIED", "VARIABLE", "RPAR", "RSQB"}
)
"""Types of the tokens that complete an operand."""

OPENING = frozenset({"LPAR", "CALL", "LSQB", "INDEX", "EXTRAS"})
CLOSING = frozenset({"RPAR", "RSQB"})
STATEMENT_KEYWORDS = frozenset({"LOAD", "SAVE", "PRINT", "IMPORT"})

VARIABLES = frozenset({"stem", "file", "filename", "dir", "cwd"})
"""What a program may ask about its own file, written with a dollar sign."""

STANDARD_JOINED_OPERATORS = frozenset({"B+"})
"""Operators of the standard library that begin with capital letters."""

_WORD = r"[^\W\d]\w*"
_RUN = r"(?:[#;:'|!%&^=*\-+<>?@~\\.]|/(?!/)|\$(?![^\W\d]))+"
_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_FORMALS = r"\([\w\s,]*\)"
_LONE_EQUALS = r"=(?:(?![=<>.])|(?=\.[0-9]))"

TOKEN = re.compile(
    rf"""[^\S\r\n]*(?:
      (?P<word>{_WORD}(?:\.{_WORD})*)
    | (?P<opening>[(\[])
    | (?P<closing>[)\]])
    | (?P<number>{_NUMBER})
    | (?P<comma>,)
    | (?P<comment>//[^\r\n]*)
    | (?P<run>{_RUN})
    | (?P<line>[\r\n]\s*)
    | (?P<string>"(?:[^"\\\r\n]|\\[^\r\n]?)*(?P<quote>")?)
    | (?P<variable>\$\w+)
    | (?P<unknown>\S)
    )""",
    re.VERBOSE,
)
"""Blanks and the token behind them."""

CAPITALS = re.compile(r"[A-Z]+")
JOINED_RUN = re.compile(rf"(?!=){_RUN}")
NUMBER = re.compile(_NUMBER)
CALL_AHEAD = re.compile(r"[^\S\r\n]*\(")
PARENTHESIS_AHEAD = re.compile(r"\s*\(")
BARE_DEFINITION = re.compile(
    rf"(?:{_WORD}(?:\.{_WORD})*(?:[^\S\r\n]*(?P<formals>{_FORMALS}))?"
    rf"|(?P<operator>[A-Z]*{_RUN})\s*{_FORMALS})\s*{_LONE_EQUALS}"
)
BARE_DEFINITION_SIGHT = re.compile(
    rf"(?:[A-Z]*{_RUN}|{_WORD}(?:\.{_WORD})*)?\s*(?:\([\w\s,]*\)?)?\s*=?"
)
"""As far as `BARE_DEFINITION` looks, whether it matches or not, but for a glance."""

BLANKS = re.compile(r"\s*")
LONE_EQUALS = re.compile(_LONE_EQUALS)
LINE_END = re.compile(r"\r\n|\r|\n")
BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|\n)[^\S\r\n]*[\r\n]")


def is_word(text: str) -> bool:
    """Return whether a text is a name, qualified or not."""
    return re.fullmatch(rf"{_WORD}(?:\.{_WORD})*", text) is not None


def is_operator_sign(text: str) -> bool:
    """Return whether a text is an operator; ``=`` alone is none."""
    return text != "=" and re.fullmatch(rf"[A-Z]*{_RUN}", text) is not None


def is_capitals(text: str) -> bool:
    """Return whether a name is a word of capitals, which may also act as an operator."""
    return CAPITALS.fullmatch(text) is not None
