"""What the grammar and the builder raise to the parser; nothing here leaves the package."""

from collections.abc import Set as AbstractSet

from voxlogica_core.syntax.lexis import Token
from voxlogica_core.text.span import Span

LONGEST_SHOWN = 40
"""Characters of a token that a message shows."""


def shortened(text: str) -> str:
    """Return a text as a message may show it."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


class SyntaxProblem(Exception):
    """The grammar is content but the language is not: no tree can be built.

    Parameters
    ----------
    message
        What was wanted, what came, what to do.
    """

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


class UnexpectedToken(Exception):
    """The grammar has no place for a token.

    Parameters
    ----------
    accepted
        Types of the tokens that would have had a place.
    """

    def __init__(self, token: Token, accepted: AbstractSet[str]) -> None:
        super().__init__(token.text)
        self.token = token
        self.accepted = accepted
