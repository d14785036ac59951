"""From text to tokens: the lexical rules of the language. Never raises; knows no grammar.

What a character means here depends on a little that came before it (is an operand complete? is
this the name of a definition?), so the tokenizer keeps that and nothing more: `_expect`, the kind
of the last token and the open brackets.
"""

from collections.abc import Iterator
from decimal import Decimal
from re import Match
from typing import TYPE_CHECKING

from voxlogica_core.syntax import complaints
from voxlogica_core.syntax.lexis import (
    AFTER_OPERAND_KEYWORDS,
    BLANK_LINE,
    BLANKS,
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
    Dialect,
    Token,
    is_capitals,
)
from voxlogica_core.syntax.lookahead import LONGEST_GLANCE, bare_definition
from voxlogica_core.syntax.stretch import BEGINNING, Behind, Stretch

if TYPE_CHECKING:
    from voxlogica_core.syntax.lexis import Place
    from voxlogica_core.text.diagnostic import Diagnostic

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


def stretches(
    text: str,
    operators: frozenset[str],
    dialect: Dialect | None = None,
    *,
    start: int = 0,
    behind: Behind = BEGINNING,
) -> Iterator[Stretch]:
    """Cut `text` into tokens from `start` on, a stretch at a time.

    Parameters
    ----------
    operators
        The known ones that begin with capital letters, those declared in the text included.
    start
        The beginning, or the end of a token; then `behind` says what is known there.
    """
    return _Tokenizer(text, operators, dialect, behind).run(start)


def settled_stretches(
    text: str, operators: frozenset[str], dialect: Dialect | None = None
) -> tuple[list[Stretch], frozenset[str]]:
    """Cut the whole of `text` into tokens; with all operators that begin with capital letters.

    Such an operator may be used above its declaration: one that turns up makes a second reading.
    """
    known = operators
    while True:
        read = list(stretches(text, known, dialect))
        found = known.union(*(stretch.joined for stretch in read))
        if found == known:
            return read, known
        known = found


class _Tokenizer:
    def __init__(
        self, text: str, operators: frozenset[str], dialect: Dialect | None, behind: Behind
    ) -> None:
        self._text = text
        self._operators = operators
        self._dialect = dialect
        self._joined: set[str] = set()
        self._tokens: list[Token] = []
        self._diagnostics: list[Diagnostic] = []
        self._documentation: dict[int, str] = {}
        self._comment: list[str] = []
        self._brackets = list(behind.brackets)
        self._expect = behind.expect
        self._place: Place = behind.place
        self._last = behind.last
        self._last_end = -1
        self._operand_is_complete = behind.operand_is_complete
        self._finished: Stretch | None = None
        self._reach = 0

    def run(self, start: int) -> Iterator[Stretch]:
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
        text, scan, position = self._text, TOKEN.match, start
        self._last_end = start if self._last else -1
        while match := scan(text, position):
            group = match.lastgroup or "unknown"
            position = readers[group](match, match.start(group), match.end())
            if self._finished is not None:
                yield self._finished
                self._finished = None
        if self._tokens:
            yield self._stretch(len(text))

    def _add(self, kind: str, start: int, end: int) -> int:
        place = self._place
        if kind in STATEMENT_KEYWORDS or (place != "inside" and self._is_sure_start(kind, place)):
            self._begin_stretch(end)
        tokens = self._tokens
        if self._comment:
            if place != "inside":
                self._documentation[len(tokens)] = "\n".join(self._comment)
            self._comment = []
        tokens.append(Token(kind, self._text[start:end], start, end, place))
        self._place = "inside"
        self._last = kind
        self._last_end = end
        self._operand_is_complete = kind in OPERANDS
        self._expect = ""
        return end

    # ---- stretches -----------------------------------------------------------------------------

    def _is_sure_start(self, kind: str, place: "Place") -> bool:
        """Return whether a token that begins its line begins a statement, whatever follows it."""
        return place == "bare" or (kind == "LET" and self._operand_is_complete)

    def _begin_stretch(self, end: int) -> None:
        """End the stretch in front of the token that ends at `end`; close all brackets."""
        if self._tokens:
            blanks = BLANKS.match(self._text, end)
            self._finished = self._stretch((blanks.end() if blanks else end) + LONGEST_GLANCE)
            self._tokens, self._documentation = [], {}
            self._joined, self._diagnostics = set(), []
        self._brackets.clear()

    def _stretch(self, looked_at: int) -> Stretch:
        self._reach = max(self._reach, looked_at)
        return Stretch(
            tuple(self._tokens),
            self._documentation,
            frozenset(self._joined),
            tuple(self._diagnostics),
            self._reach,
            Behind(
                self._last,
                self._expect,
                self._operand_is_complete,
                tuple(self._brackets),
                "inside",
            ),
        )

    # ---- words ---------------------------------------------------------------------------------

    def _word(self, match: Match[str], start: int, end: int) -> int:
        text = match["word"]
        if self._place == "line" and self._may_be_declared(text, end):
            self._note_bare_definition(start)
        if text.isupper() and (joined := self._joined_end(text, end)):
            return self._joined_operator(start, joined)
        kind = self._word_kind(text, end)
        expect, last = self._expect, self._last
        is_bare = self._place == "bare"
        self._add(kind, start, end)
        if kind in _EXPECTED_AFTER:
            self._expect = _EXPECTED_AFTER[kind]
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
        is_known = text + run[0] in self._operators or self._is_declared_before(run.end())
        return run.end() if is_known else None

    def _joined_operator(self, start: int, end: int) -> int:
        is_declared = self._is_declared_before(end)
        self._operator(start, end)
        if is_declared:
            self._joined.add(self._text[start:end])
        return end

    def _is_declared_before(self, end: int) -> bool:
        """Return whether the operator that ends at `end` is being declared."""
        is_head = self._expect == "definiendum" or self._place == "bare"
        return is_head and PARENTHESIS_AHEAD.match(self._text, end) is not None

    def _may_be_declared(self, text: str, end: int) -> bool:
        if text not in KEYWORDS or text in AFTER_OPERAND_KEYWORDS:
            return True
        return text in CALLABLE_KEYWORDS and CALL_AHEAD.match(self._text, end) is not None

    def _note_bare_definition(self, start: int) -> None:
        argument_may_begin = self._last in _CALL_ARGUMENT_STARTS
        found = bare_definition(self._text, start, argument_may_begin=argument_may_begin)
        self._reach = max(self._reach, found.reach)
        if found.is_there:
            self._place = "bare"

    # ---- operators -----------------------------------------------------------------------------

    def _run(self, _match: Match[str], start: int, end: int) -> int:
        text = self._text
        if self._place == "line":
            self._note_bare_definition(start)
        if self._place != "bare" and self._brackets and self._brackets[-1] == "[":
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
        if ends_in_dot and text[start] != "." and self._dialect != "voxlogica1":
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
