"""From text to tokens: the lexical rules of the language. Never raises; knows no grammar.

What a character means here depends on a little that came before it (is an operand complete? is
this the name of a definition?), so the tokenizer keeps that and nothing more: `_expect`, the kind
of the last token and the open brackets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from re import Match
from typing import TYPE_CHECKING

from voxlogica_core.syntax import complaints
from voxlogica_core.syntax.lexis import (
    AFTER_OPERAND_KEYWORDS,
    BARE_DEFINITION,
    BLANK_LINE,
    CALL_AHEAD,
    CALLABLE_KEYWORDS,
    JOINED_RUN,
    KEYWORDS,
    LONE_EQUALS,
    NUMBER,
    OPERANDS,
    PARENTHESIS_AHEAD,
    STATEMENT_KEYWORDS,
    TOKEN,
    VARIABLES,
    Token,
    is_capitals,
)
from voxlogica_core.text.diagnostic import Diagnostic

if TYPE_CHECKING:
    from voxlogica_core.syntax.lexis import Place

_EXPECTED_AFTER = {
    "LET": "definiendum",
    "LOAD": "loaded",
    "SAVE": "path label",
    "PRINT": "label",
    "IMPORT": "path",
    "FOLD": "folded",
}
_LABELS = frozenset({"label", "path label"})
_PATHS = frozenset({"path", "path label"})
_CALL_ARGUMENT_STARTS = frozenset({"CALL", "EXTRAS", "COMMA"})
_ARGUMENT_STARTS = _CALL_ARGUMENT_STARTS | {"LPAR"}
_LONGEST_SURE_NUMBER = 15
"""Digits that a float64 always keeps."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a file.

    Parameters
    ----------
    documentation
        What ``///`` lines say, by the index of the token directly below them.
    joined
        Operators that begin with capital letters (``B+``) and are declared in this file.
    """

    tokens: tuple[Token, ...]
    documentation: Mapping[int, str]
    joined: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def tokenize(text: str, operators: frozenset[str]) -> Tokens:
    """Cut `text` into tokens; `operators` are the known ones that begin with capital letters."""
    tokens = _Tokenizer(text, operators).run()
    if tokens.joined <= operators:
        return tokens
    # Such an operator may be used above its declaration: read again, now knowing it.
    return _Tokenizer(text, operators | tokens.joined).run()


class _Tokenizer:
    def __init__(self, text: str, operators: frozenset[str]) -> None:
        self._text = text
        self._operators = operators
        self._joined: set[str] = set()
        self._tokens: list[Token] = []
        self._diagnostics: list[Diagnostic] = []
        self._documentation: dict[int, str] = {}
        self._comment: list[str] = []
        self._brackets: list[str] = []
        self._expect = ""
        self._place: Place = "line"
        self._last = ""
        self._last_end = -1
        self._operand_is_complete = False

    def run(self) -> Tokens:
        readers = {
            "word": self._word,
            "opening": self._opening,
            "closing": self._closing,
            "number": self._number,
            "comma": self._comma,
            "comment": self._comment_line,
            "run": self._run,
            "line": self._line,
            "string": self._string,
            "variable": self._variable,
            "unknown": self._unknown,
        }
        text, scan, position = self._text, TOKEN.match, 0
        while match := scan(text, position):
            group = match.lastgroup or "unknown"
            position = readers[group](match, match.start(group), match.end())
        return Tokens(
            tuple(self._tokens),
            self._documentation,
            frozenset(self._joined),
            tuple(self._diagnostics),
        )

    def _add(self, kind: str, start: int, end: int) -> int:
        tokens = self._tokens
        if self._comment:
            if self._place != "inside":
                self._documentation[len(tokens)] = "\n".join(self._comment)
            self._comment = []
        tokens.append(Token(kind, self._text[start:end], start, end, self._place))
        self._place = "inside"
        self._last = kind
        self._last_end = end
        self._operand_is_complete = kind in OPERANDS
        self._expect = ""
        return end

    # ---- words ---------------------------------------------------------------------------------

    def _word(self, match: Match[str], start: int, end: int) -> int:
        text = match["word"]
        if self._place == "line" and self._may_be_declared(text, end):
            self._note_bare_definition(start)
        if text.isupper() and (joined := self._joined_end(text, end)):
            return self._operator(start, joined)
        kind = self._word_kind(text, end)
        expect, last = self._expect, self._last
        is_bare = self._place == "bare"
        self._add(kind, start, end)
        if kind in _EXPECTED_AFTER:
            self._expect = _EXPECTED_AFTER[kind]
            if kind in STATEMENT_KEYWORDS:
                self._brackets.clear()
        elif is_bare or expect == "definiendum":
            self._expect = "equals"
        elif expect == "loaded":
            self._expect = "equals of load"
        elif expect == "folded":
            self._expect = "fold operand"
            self._operand_is_complete = False
        elif last in _ARGUMENT_STARTS:
            self._expect = "argument"
        return end

    def _word_kind(self, text: str, end: int) -> str:
        kind = KEYWORDS.get(text)
        if kind is None:
            return "QUALIFIED" if "." in text else "NAME"
        if text in AFTER_OPERAND_KEYWORDS:
            is_keyword = self._operand_is_complete and self._place != "bare"
        elif self._expect == "definiendum" and kind in STATEMENT_KEYWORDS:
            is_keyword = self._place == "line" or not CALL_AHEAD.match(self._text, end)
        else:
            is_keyword = not (text in CALLABLE_KEYWORDS and CALL_AHEAD.match(self._text, end))
        return kind if is_keyword else "NAME"

    def _joined_end(self, text: str, end: int) -> int | None:
        run = JOINED_RUN.match(self._text, end)
        if run is None or not is_capitals(text):
            return None
        operator = text + run[0]
        is_head = self._expect == "definiendum" or self._place == "bare"
        if is_head and PARENTHESIS_AHEAD.match(self._text, run.end()):
            self._joined.add(operator)
            return run.end()
        return run.end() if operator in self._operators else None

    def _may_be_declared(self, text: str, end: int) -> bool:
        if text not in KEYWORDS or text in AFTER_OPERAND_KEYWORDS:
            return True
        return text in CALLABLE_KEYWORDS and CALL_AHEAD.match(self._text, end) is not None

    def _note_bare_definition(self, start: int) -> None:
        match = BARE_DEFINITION.match(self._text, start)
        if match is None:
            return
        # `name =` is a named argument on a line of its own where an argument of a call may begin.
        has_formals = match["formals"] or match["operator"]
        if not has_formals and self._last in _CALL_ARGUMENT_STARTS:
            return
        self._place = "bare"
        self._brackets.clear()

    # ---- operators -----------------------------------------------------------------------------

    def _run(self, _match: Match[str], start: int, end: int) -> int:
        text = self._text
        if self._place == "line":
            self._note_bare_definition(start)
        if self._brackets and self._brackets[-1] == "[":
            colon = text.find(":", start, end)
            if colon == start:
                return self._add("COLON", start, start + 1)
            end = colon if colon > 0 else end
        if text[start] == "=" and self._is_defining(start, end):
            expect = self._expect
            self._add("EQUALS", start, start + 1)
            self._expect = "path" if expect == "equals of load" else ""
            return start + 1
        ends_in_dot = text[end - 1] == "." and text[end : end + 1] in set("0123456789")
        if ends_in_dot and text[start] != ".":
            return self._ambiguous_dot(start, end)
        return self._operator(start, end)

    def _is_defining(self, start: int, end: int) -> bool:
        if end == start + 1 or self._expect in ("equals", "equals of load"):
            return True
        if self._expect != "argument" or self._text[start + 1] == ".":
            return False
        return LONE_EQUALS.match(self._text, start) is not None

    def _operator(self, start: int, end: int) -> int:
        expect = self._expect
        is_bare = self._place == "bare"
        self._add("OPERATOR", start, end)
        if is_bare or expect == "definiendum":
            self._expect = "equals"
        elif expect == "folded":
            self._expect = "fold operand"
        return end

    def _ambiguous_dot(self, start: int, end: int) -> int:
        number = NUMBER.match(self._text, end - 1)
        stop = number.end() if number else end
        self._diagnostics.append(complaints.ambiguous_dot(self._text, start, end, stop))
        # `=` is no operator: only the reading with the dotted operator is left for it.
        return self._operator(start, end if self._text[start : end - 1] == "=" else end - 1)

    # ---- brackets ------------------------------------------------------------------------------

    def _opening(self, _match: Match[str], start: int, end: int) -> int:
        expect = self._expect
        if self._text[start] == "[":
            self._brackets.append("[")
            return self._add(self._square_kind(start), start, end)
        is_call = self._last in ("NAME", "QUALIFIED") and self._place == "inside"
        is_call = is_call and expect != "fold operand"
        if expect == "equals":
            self._brackets.append("formals")
        else:
            self._brackets.append("label" if expect in _LABELS else "(")
        return self._add("CALL" if is_call else "LPAR", start, end)

    def _square_kind(self, start: int) -> str:
        if start != self._last_end:
            return "LSQB"
        if self._operand_is_complete:
            return "INDEX"
        if self._last == "OPERATOR" and self._expect != "fold operand":
            return "EXTRAS"
        return "LSQB"

    def _closing(self, _match: Match[str], start: int, end: int) -> int:
        role = self._brackets.pop() if self._brackets else ""
        self._add("RPAR" if self._text[start] == ")" else "RSQB", start, end)
        if role == "formals":
            self._expect = "equals"
        elif role == "label":
            self._operand_is_complete = False
        return end

    def _comma(self, _match: Match[str], start: int, end: int) -> int:
        return self._add("COMMA", start, end)

    # ---- literals ------------------------------------------------------------------------------

    def _number(self, match: Match[str], start: int, end: int) -> int:
        text = match["number"]
        if (len(text) > _LONGEST_SURE_NUMBER or "e" in text or "E" in text) and _is_inexact(text):
            self._diagnostics.append(complaints.inexact_literal(text, start, end))
        return self._add("NUMBER", start, end)

    def _string(self, match: Match[str], start: int, end: int) -> int:
        text, expect = match["string"], self._expect
        if not match["quote"]:
            self._diagnostics.append(complaints.unterminated_string(start, end))
        is_path = expect in _PATHS
        if not is_path and (complaint := complaints.live_escape(text, start, end)):
            self._diagnostics.append(complaint)
        self._add("PATH" if is_path else "STRING", start, end)
        if expect in _LABELS:
            self._operand_is_complete = False
        return end

    def _variable(self, match: Match[str], start: int, end: int) -> int:
        if match["variable"][1:] not in VARIABLES:
            complaint = complaints.template_variable(match["variable"], start, end)
            self._diagnostics.append(complaint)
        return self._add("VARIABLE", start, end)

    def _unknown(self, _match: Match[str], start: int, end: int) -> int:
        return self._add("UNKNOWN", start, end)

    # ---- what stands between tokens ------------------------------------------------------------

    def _line(self, match: Match[str], _start: int, end: int) -> int:
        self._place = "line"
        if self._comment and BLANK_LINE.match(match["line"]):
            self._comment = []
        return end

    def _comment_line(self, match: Match[str], _start: int, end: int) -> int:
        text = match["comment"]
        is_documentation = text.startswith("///") and not text.startswith("////")
        if is_documentation and self._place == "line":
            self._comment.append(text[3:].removeprefix(" ").rstrip())
        else:
            self._comment = []
        return end


def _is_inexact(text: str) -> bool:
    value = float(text)
    return 2.0**53 <= value < float("inf") and Decimal(text) != Decimal(value)
