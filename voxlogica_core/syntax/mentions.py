"""Names in a statement with a syntax error, as far as its tokens tell what they are.

Gives no name a meaning that comes from elsewhere; what the statement itself binds is found by the
rules of the grammar, read loosely: a parameter reaches to the end, a `let` begins behind its `in`.
"""

from collections.abc import Collection, Sequence

from voxlogica_core.syntax.lexis import CLOSING, OPENING, OPERANDS, Token
from voxlogica_core.syntax.tree import Binder, Identifier, Mention
from voxlogica_core.text.span import Span

_BINDING = {"LET": "IN", "FOR": "DO", "FILTER": "DO"}
"""What stands in front of a name that is bound, and what in front of the part that sees it."""

_NAMES = frozenset({"NAME", "QUALIFIED"})


def mentions(tokens: Sequence[Token], declared: Collection[Identifier]) -> tuple[Mention, ...]:
    """Return the names and operators in a statement, but for those it would declare."""
    return _Reader(tokens, {name.span.start for name in declared}).mentions()


class _Reader:
    def __init__(self, tokens: Sequence[Token], declared: Collection[int]) -> None:
        self._tokens = tokens
        self._declared = declared
        self._last = {token.type: index for index, token in enumerate(tokens)}
        self._seen: list[tuple[Identifier, Binder]] = []
        self._waiting: list[tuple[str, Identifier, Binder]] = []
        self._brackets: list[tuple[int, int]] = []
        self._found: list[Mention] = []

    def mentions(self) -> tuple[Mention, ...]:
        """Read from left to right."""
        index = 0
        while index < len(self._tokens):
            index = self._read(index)
        return tuple(self._found)

    def _read(self, index: int) -> int:
        """Read the token at `index`; return where to go on."""
        token = self._tokens[index]
        if token.type in _BINDING:
            return self._binding(index)
        if token.type in OPENING:
            self._brackets.append((len(self._seen), len(self._waiting)))
        elif token.type in CLOSING | {"COMMA"}:
            self._leave(is_closed=token.type != "COMMA")
        elif token.type in _BINDING.values():
            self._begin(token.type)
        elif token.start in self._declared:
            return self._formals(index + 1)
        elif token.type in _NAMES and not self._is_label(index):
            self._mention(token, None)
        elif token.type == "OPERATOR":
            is_infix = index > 0 and self._tokens[index - 1].type in OPERANDS
            self._mention(token, 2 if is_infix else 1)
        return index + 1

    def _binding(self, index: int) -> int:
        """Read ``let x``, ``let f(a)``, ``for x`` or ``filter x``."""
        if index + 1 == len(self._tokens):
            return index + 1
        word, name = self._tokens[index], self._tokens[index + 1]
        if name.start in self._declared or name.type != "NAME":
            return index + 1
        opener, role = _BINDING[word.type], "let" if word.type == "LET" else "loop variable"
        bound = self._bind(name, role)
        self._waiting.append((opener, bound, role))
        following = self._formals(index + 2) if word.type == "LET" else index + 2
        if self._last.get(opener, -1) < following:
            self._begin(opener)  # it has been lost: what follows may use the name
        return following

    def _formals(self, index: int) -> int:
        """Read ``(a, b) =`` behind the name of a function; return where to go on."""
        end = index + 1
        while end < len(self._tokens) and self._tokens[end].type in ("NAME", "COMMA"):
            end += 1
        types = [token.type for token in self._tokens[index : end + 2]]
        if types[:1] not in (["CALL"], ["LPAR"]) or types[-2:] != ["RPAR", "EQUALS"]:
            return index
        for token in self._tokens[index + 1 : end]:
            if token.type == "NAME":
                self._seen.append((self._bind(token, "parameter"), "parameter"))
        return end + 2

    def _bind(self, token: Token, role: Binder) -> Identifier:
        name = Identifier(token.text, Span(token.start, token.end))
        self._found.append(Mention(name.text, name.span, None, name, role))
        return name

    def _begin(self, opener: str) -> None:
        """Begin the part that sees the latest name that waits for it."""
        low = self._brackets[-1][1] if self._brackets else 0
        if len(self._waiting) > low and self._waiting[-1][0] == opener:
            _, name, role = self._waiting.pop()
            self._seen.append((name, role))

    def _leave(self, *, is_closed: bool) -> None:
        """Forget what the bracket, or the argument in it, has bound."""
        if self._brackets:
            seen, waiting = self._brackets.pop() if is_closed else self._brackets[-1]
            del self._seen[seen:]
            del self._waiting[waiting:]

    def _mention(self, token: Token, arity: int | None) -> None:
        bound = (pair for pair in reversed(self._seen) if pair[0].text == token.text)
        name, role = next(bound, (None, None))
        span = Span(token.start, token.end)
        self._found.append(Mention(token.text, span, arity, name, role))

    def _is_label(self, index: int) -> bool:
        """Return whether a name is that of an argument: ``f(a = 1)``."""
        following = self._tokens[index + 1 : index + 2]
        return bool(self._brackets) and any(token.type == "EQUALS" for token in following)
