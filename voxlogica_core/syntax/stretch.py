"""What the tokenizer hands over: stretches of tokens, and what is known between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from voxlogica_core.syntax.lexis import Place, Token
from voxlogica_core.text.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Behind:
    """What the tokenizer knows behind a token: with it, reading may go on there.

    Parameters
    ----------
    last
        Type of that token.
    expect
        What it makes the next one: a label, a path, what is declared …
    brackets
        What each open bracket holds.
    """

    last: str = ""
    expect: str = ""
    operand_is_complete: bool = False
    brackets: tuple[str, ...] = ()
    place: Place = "line"


BEGINNING = Behind()
"""What is known at the beginning of a text."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens from one sure beginning of a statement to the next: mostly one statement.

    Parameters
    ----------
    documentation
        What ``///`` lines say, by the index of the token directly below them.
    joined
        Operators that begin with capital letters (``B+``) and are declared here.
    reach
        The last offset that was looked at to tell these tokens, those before, and where they end.
    behind
        What is known at the end of the last token.
    """

    tokens: tuple[Token, ...]
    documentation: Mapping[int, str]
    joined: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    reach: int
    behind: Behind
