"""The grammar, made into a parser of one statement by Lark; reads no program."""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import lark
import lark.exceptions
from lark.lexer import Lexer

from voxlogica_core.made_before import keep, kept
from voxlogica_core.syntax.builder import Builder
from voxlogica_core.syntax.lexis import END, Token
from voxlogica_core.syntax.problem import UnexpectedToken
from voxlogica_core.syntax.tree import Statement

_PLACES = (
    Path(__file__).parent / "imgql.lark",  # in an installed package
    Path(__file__).parents[2] / "grammars" / "imgql.lark",  # in a source checkout
)


class _NoLexer(Lexer):
    """Satisfies Lark, which demands a lexer; tokens are fed to its parser one by one."""

    def __init__(self, lexer_conf: object) -> None:
        del lexer_conf

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        del lexer_state, parser_state
        return iter(())


def parse_tokens(tokens: Sequence[Token]) -> Statement:
    """Parse the tokens of one statement.

    Raises
    ------
    UnexpectedToken, SyntaxProblem
        The tokens are no statement.
    """
    parser = _statement_parser().parse_interactive()
    feed = cast("Any", parser.feed_token)  # it asks of a token its type alone
    try:
        for token in tokens:
            feed(token)
        last = tokens[-1].end
        return feed(Token(END, "", last, last, "inside"))
    except lark.exceptions.UnexpectedToken as error:
        raise UnexpectedToken(cast("Token", error.token), parser.accepts()) from error


@cache
def _statement_parser() -> lark.Lark:
    """Return the parser: built in 25 ms, or loaded in 2 as it was built before."""
    path = next(place for place in _PLACES if place.is_file())
    text = path.read_text(encoding="utf-8")
    source = Path(__file__)
    about = repr((text, source.read_bytes(), lark.__version__, sys.version)).encode()
    name = f"grammar-{sha256(about).hexdigest()[:32]}"
    if (content := kept(source, name)) is not None:
        return lark.Lark.load(BytesIO(content))
    built, file = _built(text), BytesIO()
    built.save(file)
    keep(source, name, file.getvalue())
    return built


def _built(text: str) -> lark.Lark:
    return lark.Lark(
        text,
        start="statement",
        parser="lalr",
        lexer=_NoLexer,
        transformer=cast("Any", Builder()),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
