"""What stands between two tokens of a line in a well-written program. Breaks no lines.

One space on both sides of infix operators, none behind prefix operators, none inside brackets.
"""

from collections.abc import Sequence

from voxlogica_core.syntax.lexis import CLOSING, OPENING, OPERANDS, Token, is_capitals

_GLUED = frozenset({"CALL", "INDEX", "EXTRAS", "COMMA", "COLON"}) | CLOSING
"""Nothing stands in front of these."""

_ARGUMENT_STARTS = OPENING | {"COMMA"}
_LABELLED = frozenset({"PRINT", "SAVE"})
_DEFINING = frozenset({"LET", "LOAD"})


def gaps(tokens: Sequence[Token]) -> list[str]:
    """Return the blanks in front of each token of a statement, were it written on one line."""
    roles = _roles(tokens)
    return ["", *(_gap(tokens, roles, index) for index in range(1, len(tokens)))]


def infixes(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the indices of the operators that stand between two operands."""
    return frozenset(i for i, role in enumerate(_roles(tokens)) if role == "infix")


def label_end(tokens: Sequence[Token]) -> int:
    """Return the index of the token that ends the label of a goal, -1 if there is none."""
    if tokens[0].type not in _LABELLED or len(tokens) < 2:
        return -1
    depth = 0
    for index in range(1, len(tokens)):
        depth += (tokens[index].type in OPENING) - (tokens[index].type in CLOSING)
        if depth == 0:
            return index
    return -1


def _gap(tokens: Sequence[Token], roles: Sequence[str], index: int) -> str:
    before, token = tokens[index - 1], tokens[index]
    if before.type in OPENING or token.type in _GLUED or before.type == "COLON":
        return ""
    if "named" in (roles[index], roles[index - 1]):
        behind = index + 1 if roles[index] == "named" else index
        return " " if tokens[behind].text[0] in ".=<>" else ""
    if roles[index - 1] == "declared":
        return "" if token.type == "LPAR" else " "
    if roles[index - 1] == "prefix":
        return "" if _may_touch(before, token) else " "
    return " "


def _may_touch(operator: Token, operand: Token) -> bool:
    """Return whether a prefix operator stays what it is with its operand glued to it."""
    if operand.type in ("OPERATOR", "LSQB") or operand.text[0] == ".":
        return False
    return not (operator.text[0].isalpha() or operator.text[-1] in ".$")


def _roles(tokens: Sequence[Token]) -> list[str]:
    """Return for each operator and ``=`` what it does; for other tokens nothing."""
    roles = [""] * len(tokens)
    label_ends = label_end(tokens)
    is_complete = False
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if token.type == "OPERATOR":
            roles[index] = _operator_role(tokens, index, is_complete=is_complete)
        elif token.type == "EQUALS" and index > 1 and tokens[index - 2].type in _ARGUMENT_STARTS:
            roles[index] = "named"
        is_folded = before is not None and before.type == "FOLD"
        is_complete = token.type in OPERANDS and index != label_ends and not is_folded
    return roles


def _operator_role(tokens: Sequence[Token], index: int, *, is_complete: bool) -> str:
    before = tokens[index - 1] if index else None
    if before is None or before.type in _DEFINING:
        return "declared"
    if before.type == "FOLD":
        return "folded"
    if not is_complete or _is_prefix_behind_word(tokens, index):
        return "prefix"
    return "infix"


def _is_prefix_behind_word(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the writer took a word of capitals for a prefix operator: ``N !a``."""
    before, token, behind = tokens[index - 1 : index + 2] if index + 1 < len(tokens) else [None] * 3
    if before is None or token is None or behind is None:
        return False
    is_word = before.type == "NAME" and is_capitals(before.text)
    return is_word and before.end < token.start and token.end == behind.start
