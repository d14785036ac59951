"""The standard library: ImgQL files that ship with the package and are always in scope."""

from functools import cache
from importlib.resources import files

from voxlogica_core.syntax.parser import Parsed, parse
from voxlogica_core.text.source_text import SourceText

OPERATORS = frozenset({"B+"})
"""Operators of the library that begin with a capital letter; the tokenizer must know them."""


@cache
def library() -> tuple[tuple[SourceText, Parsed], ...]:
    """Return the text and tree of each file, in order of name; made once a process (they ship)."""
    folder = files("voxlogica_core") / "stdlib"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".imgql")), key=lambda f: f.name)
    sources = [SourceText(file.read_text("utf-8"), str(file)) for file in found]
    return tuple((source, parse(source, OPERATORS)) for source in sources)
