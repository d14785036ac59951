"""What is left of a statement with a syntax error: a message for people, and the names it declares.

Knows the grammar only by the names of its terminals.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

from voxlogica_core.syntax.lexis import CLOSING, END, OPENING, OPERANDS, STATEMENT_KEYWORDS, Token
from voxlogica_core.syntax.mentions import mentions
from voxlogica_core.syntax.problem import shortened
from voxlogica_core.syntax.tree import Broken, Identifier
from voxlogica_core.text.diagnostic import Diagnostic, Related
from voxlogica_core.text.span import Span

_CLOSERS = {
    "EQUALS": "`=`",
    "IN": "`in`",
    "DO": "`do`",
    "COMMA": "`,`",
    "RPAR": "`)`",
    "RSQB": "`]`",
    "COLON": "`:`",
}
_WANTED_BEHIND = {
    "LET": "A name",
    "LOAD": "A name",
    "FOR": "A name",
    "FILTER": "A name",
    "PRINT": "A label in quotes or parentheses",
    "SAVE": "A path in quotes or parentheses",
    "IMPORT": "The name of a library or file in quotes",
    "FOLD": "A function or an operator",
}
_DEFINING = frozenset({"LET", "LOAD", "FOR", "FILTER"})


def broken(tokens: Sequence[Token]) -> Broken:
    """Return the statement as far as it can be told: its span and the names it would declare."""
    names = [_identifier(tokens[0])] if _looks_bare(tokens) else []
    for first, second in pairwise(tokens):
        is_head = first is tokens[0] or first.place == "line"
        if is_head and first.type in ("LET", "LOAD") and _names_something(second):
            names.append(_identifier(second))
        elif first.place == "line" and first.type == "NAME" and second.type == "EQUALS":
            names.append(_identifier(first))
    span = Span(tokens[0].start, tokens[-1].end)
    return Broken(tuple(names), span, mentions(tokens, names))


def unexpected(tokens: Sequence[Token], token: Token, accepted: Collection[str]) -> Diagnostic:
    """Say what was wanted at `token`, given the types of the tokens that had a place."""
    before = _token_before(tokens, token)
    if token.type == "VARIABLE" and before is not None and before.type in _DEFINING:
        message = f"`{token.text}` cannot be declared: program variables are read-only."
        return Diagnostic("reserved-name", "error", message, Span(token.start, token.end))
    if token.type == "UNKNOWN":
        shown = f"`{token.text}`" if token.text.isprintable() else f"U+{ord(token.text):04X}"
        message = f"The character {shown} means nothing here: take it out."
        return _syntax(message, token)
    wanted = _wanted(accepted, before)
    if token.type == END:
        message = f"{wanted} is wanted behind `{_shown(before)}`, but the statement ends."
        return _syntax(message, before or token, _open_bracket(tokens))
    message = f"{wanted} is wanted, `{_shown(token)}` came{_hint(token, accepted)}."
    return _syntax(message, token, _open_bracket(tokens[: tokens.index(token)]))


def _wanted(accepted: Collection[str], before: Token | None) -> str:
    if before is None:
        return "A statement (`let`, `load`, `save`, `print`, `import` or `name = ...`)"
    if before.type in _WANTED_BEHIND:
        return _WANTED_BEHIND[before.type]
    closers = [written for kind, written in _CLOSERS.items() if kind in accepted]
    if len(closers) > 1 and closers[0] == "`=`":
        del closers[0]  # the argument before would be named: rarely what is meant
    if "NUMBER" in accepted and (before.type not in OPERANDS or not closers):
        return "An expression"
    if "NAME" in accepted and "NUMBER" not in accepted:
        closers.insert(0, "a name")
    wanted = " or ".join(closers) or "the end of the statement"
    return wanted[0].upper() + wanted[1:]


def _hint(token: Token, accepted: Collection[str]) -> str:
    if token.type == "EQUALS":
        return " (equality is `==`; a definition without `let` begins its line)"
    if token.type in ("LET", "FOR", "FILTER", "FOLD") and "LPAR" in accepted:
        return f" (put the `{token.text}` in parentheses)"
    return ""


def _syntax(message: str, token: Token, bracket: Token | None = None) -> Diagnostic:
    related: tuple[Related, ...] = ()
    if bracket is not None:
        opened = Span(bracket.start, bracket.end)
        related = (Related(f"`{bracket.text}` is opened here", opened),)
    return Diagnostic("syntax", "error", message, Span(token.start, token.end), related)


def _open_bracket(tokens: Sequence[Token]) -> Token | None:
    """Return the innermost bracket that is open at the end of `tokens`."""
    open_brackets: list[Token] = []
    for token in tokens:
        if token.type in OPENING:
            open_brackets.append(token)
        elif token.type in CLOSING and open_brackets:
            open_brackets.pop()
    return open_brackets[-1] if open_brackets else None


def _token_before(tokens: Sequence[Token], token: Token) -> Token | None:
    if token.type == END:
        return tokens[-1]
    index = tokens.index(token)
    return tokens[index - 1] if index else None


def _shown(token: Token | None) -> str:
    return shortened(token.text if token else "")


def _identifier(token: Token) -> Identifier:
    return Identifier(token.text, Span(token.start, token.end))


def _looks_bare(tokens: Sequence[Token]) -> bool:
    """Return whether a definition without ``let`` begins here, or would if it were whole."""
    if tokens[0].place == "bare":
        return True
    is_lost = tokens[0].type == "NAME" and len(tokens) > 1
    return is_lost and tokens[1].type in (OPERANDS | OPENING)


def _names_something(token: Token) -> bool:
    return token.type in ("NAME", "QUALIFIED", "OPERATOR") or (
        token.type not in STATEMENT_KEYWORDS and token.text.isidentifier()
    )
