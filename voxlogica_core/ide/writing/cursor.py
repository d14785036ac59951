"""What is being written at a place: the tokens before it, the calls round it, the names it sees.

Reads tokens, not trees: a statement that is being written is seldom whole.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.syntax.lexis import CLOSING, OPENING, OPERANDS, Token
from voxlogica_core.syntax.stretch import BEGINNING
from voxlogica_core.syntax.tokens import stretches
from voxlogica_core.text.span import Span

_WORDS = frozenset({"NAME", "QUALIFIED"})
_LABELLED = frozenset({"PRINT", "SAVE"})
_COMMENT = re.compile(r"//[^\r\n]*\Z")
_NUMBER = re.compile(r"(?<![\w$.])\d[\d.]*(?:[eE][+-]?\d*)?\Z")
_BODIES = frozenset({"IN", "DO"})
"""Words in front of the part that sees a name which is bound."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose closing bracket stands behind the cursor, or nowhere yet.

    Parameters
    ----------
    function
        The name or operator that is called; `is_infix` where extras of an operator are written.
    arguments
        The tokens of each argument, the one at the cursor last.
    named
        Name of the argument at the cursor, where it has one.
    """

    function: Token
    arguments: tuple[tuple[Token, ...], ...]
    is_infix: bool = False

    @property
    def position(self) -> int:
        """How many arguments stand before the one at the cursor."""
        return len(self.arguments) - 1 + 2 * self.is_infix

    @property
    def named(self) -> str | None:
        """The name of the argument at the cursor, None where it goes by its position."""
        return named(self.arguments[-1])


@dataclass(frozen=True, slots=True)
class Cursor:
    """What stands before a place.

    Parameters
    ----------
    tokens
        Of the statement, up to the word that is being written.
    word
        That word, as far as it stands before the cursor; empty between words.
    in_text
        The opening quote of the text that is being written, None outside texts.
    call
        The innermost call that is open.
    opened
        Types of the open brackets, from the outside.
    local
        Names that parameters, loops and `let`s give a meaning here, the nearest last.
    begins
        Whether the word is the first of its line.
    in_number
        Whether a number that may go on stands right before the place.
    """

    tokens: tuple[Token, ...]
    word: Span
    in_comment: bool = False
    in_text: Token | None = None
    call: OpenCall | None = None
    opened: tuple[Token, ...] = ()
    local: tuple[str, ...] = ()
    begins: bool = False
    in_number: bool = False

    @property
    def last(self) -> Token | None:
        """The token before the word."""
        return self.tokens[-1] if self.tokens else None

    @property
    def wants_operand(self) -> bool:
        """Whether an operand may stand here, rather than an operator."""
        if self.last is None or self.last.type not in OPERANDS:
            return True
        return len(self.tokens) > 1 and self.tokens[-2].type in _LABELLED


def cursor(analysis: Analysis, offset: int) -> Cursor:
    """Return what is being written at `offset`."""
    tokens = _tokens_before(analysis, offset)
    text = analysis.source.text[:offset]
    behind = text[tokens[-1].end if tokens else _line_start(text) :]
    if _COMMENT.search(behind):
        return Cursor(tuple(tokens), Span(offset, offset), in_comment=True)
    last = tokens[-1] if tokens else None
    if last and last.type in ("STRING", "PATH") and last.end == offset and not _is_closed(last):
        return _read(tokens[:-1], text, Span(last.start + 1, offset), last)
    if last and last.end == offset and (last.type in _WORDS or last.text.isalpha()):
        return _read(tokens[:-1], text, Span(last.start, offset))
    if last and last.text == "." and last.end == offset and _is_qualifying(tokens):
        return _read(tokens[:-2], text, Span(tokens[-2].start, offset))
    return _read(tokens, text, Span(offset, offset))


def named(argument: Sequence[Token]) -> str | None:
    """Return the name of an argument ``name = …``, None where it has none."""
    is_named = len(argument) > 1 and argument[1].type == "EQUALS"
    return argument[0].text if is_named else None


def _tokens_before(analysis: Analysis, offset: int) -> list[Token]:
    """Return the tokens that end at or before `offset`, from the beginning of its statement on."""
    pieces = analysis.parsed.pieces
    index = max(bisect_right(pieces.starts, offset) - 1, 0)
    behind = pieces.pieces[index - 1].behind if index else BEGINNING
    read = stretches(
        pieces.text[:offset],
        pieces.known,
        pieces.dialect,
        start=pieces.end(index - 1) if index else 0,
        behind=behind,
    )
    return [token for stretch in read for token in stretch.tokens]


def _is_qualifying(tokens: Sequence[Token]) -> bool:
    """Return whether the dot that comes last is glued to a name: that of a namespace."""
    return len(tokens) > 1 and tokens[-2].type in _WORDS and tokens[-2].end == tokens[-1].start


def _line_start(text: str) -> int:
    return max(text.rfind("\n"), text.rfind("\r")) + 1


def _is_closed(token: Token) -> bool:
    body = token.text[1:].replace("\\\\", "")
    return body.endswith('"') and not body.endswith('\\"')


def _read(tokens: list[Token], text: str, word: Span, in_text: Token | None = None) -> Cursor:
    reader = _Reader()
    for index, token in enumerate(tokens):
        reader.take(token, tokens[index - 1] if index else None)
    line = _line_start(text)
    begins = not text[line : word.start].strip()
    return Cursor(
        tuple(tokens),
        word,
        False,
        in_text,
        reader.call(),
        tuple(frame.opening for frame in reader.frames[1:] if frame.opening),
        tuple(name for frame in reader.frames for name in frame.names),
        begins,
        _NUMBER.search(text, line) is not None,
    )


@dataclass(slots=True)
class _Frame:
    """A bracket that is open, and what has been read in it.

    Parameters
    ----------
    waiting
        Names that are bound once the word in front of their body has come.
    """

    opening: Token | None = None
    function: Token | None = None
    arguments: list[list[Token]] = field(default_factory=lambda: [[]])
    names: list[str] = field(default_factory=list[str])
    waiting: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class _Reader:
    """Reads tokens from left to right and keeps what is open."""

    def __init__(self) -> None:
        self.frames = [_Frame()]
        self._in_last_brackets: list[str] = []

    def take(self, token: Token, before: Token | None) -> None:
        """Read one token."""
        top = self.frames[-1]
        if token.place == "bare" or token.type in ("LOAD", "SAVE", "PRINT", "IMPORT"):
            self.frames = [top := _Frame()]
        if token.type not in CLOSING and token.type != "COMMA":
            top.arguments[-1].append(token)
        if token.type in OPENING:
            self.frames.append(_Frame(token, _called(token, before)))
        elif token.type in CLOSING:
            self._close(token)
        elif token.type == "COMMA":
            top.arguments.append([])
        else:
            self._bind(token, before, top)

    def call(self) -> OpenCall | None:
        """Return the innermost call that is open; a bracket that is none ends the search."""
        frame = self.frames[-1]
        if frame.function is None or frame.opening is None:
            return None
        arguments = tuple(tuple(argument) for argument in frame.arguments)
        return OpenCall(frame.function, arguments, frame.opening.type == "EXTRAS")

    def _close(self, token: Token) -> None:
        if len(self.frames) > 1:
            closed = self.frames.pop()
            self.frames[-1].arguments[-1] += [t for part in closed.arguments for t in part]
            self.frames[-1].arguments[-1].append(token)
            self._in_last_brackets = [part[0].text for part in closed.arguments if part]

    def _bind(self, token: Token, before: Token | None, top: _Frame) -> None:
        if token.type == "EQUALS" and before and before.type == "RPAR" and len(self.frames) == 1:
            top.names += self._in_last_brackets
        elif before and before.type in ("LET", "FOR", "FILTER") and token.type == "NAME":
            opener = "IN" if before.type == "LET" else "DO"
            top.waiting.append((opener, token.text))
        elif token.type in _BODIES and top.waiting and top.waiting[-1][0] == token.type:
            top.names.append(top.waiting.pop()[1])


def _called(token: Token, before: Token | None) -> Token | None:
    """Return what a bracket calls: a name, an operator, or nothing."""
    if before is None:
        return None
    if token.type in ("CALL", "EXTRAS"):
        return before
    is_operator = before.type == "OPERATOR" and token.start == before.end
    return before if token.type == "LPAR" and is_operator else None
