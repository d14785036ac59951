"""The library: ImgQL files that ship with the package, in scope always or once imported by name."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePath

from voxlogica_core.syntax.parser import Parsed, parse
from voxlogica_core.syntax.tree import Declaration
from voxlogica_core.text.source_text import SourceText

OPERATORS = frozenset({"B+"})
"""Operators of the library that begin with a capital letter; the tokenizer must know them."""


@cache
def library() -> tuple[tuple[SourceText, Parsed], ...]:
    """Return the text and tree of each file, in order of name; made once a process (they ship)."""
    found = sorted(_programs(_folder()), key=lambda file: file.name)
    return tuple(_parsed(file) for file in found)


@cache
def shipped_namespaces() -> frozenset[str]:
    """Return the namespaces written in the language, which an import brings into scope."""
    return frozenset(file.name.removesuffix(_ENDING) for file in _programs(_namespaces()))


@cache
def shipped_namespace(name: str) -> tuple[SourceText, Parsed]:
    """Return the text and tree of a namespace that ships; parsed when first asked for."""
    return _parsed(_namespaces() / f"{name}{_ENDING}")


@cache
def shipped_names() -> Mapping[str, Sequence[str]]:
    """Return the namespaces that declare a name, by that name, plain and qualified."""
    found: dict[str, list[str]] = {}
    for namespace in sorted(shipped_namespaces()):
        for statement in shipped_namespace(namespace)[1].program.statements:
            if isinstance(statement, Declaration):
                for name in (statement.name.text, f"{namespace}.{statement.name.text}"):
                    found.setdefault(name, []).append(namespace)
    return found


def is_shipped(path: str) -> bool:
    """Return whether a file is part of the library."""
    return PurePath(path).is_relative_to(str(_folder()))


_ENDING = ".imgql"


def _folder() -> Traversable:
    return files("voxlogica_core") / "stdlib"


def _namespaces() -> Traversable:
    return _folder() / "namespaces"


def _programs(folder: Traversable) -> list[Traversable]:
    return [file for file in folder.iterdir() if file.name.endswith(_ENDING)]


def _parsed(file: Traversable) -> tuple[SourceText, Parsed]:
    source = SourceText(file.read_text("utf-8"), str(file))
    return source, parse(source, OPERATORS)
