"""Completion: the names that may be written at a place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.wording import signatures
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree

Sort = Literal["value", "function", "primitive", "keyword"]

_KEYWORDS = (
    "let",
    "in",
    "load",
    "save",
    "print",
    "import",
    "for",
    "do",
    "filter",
    "fold",
    "true",
    "false",
)
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that may be written."""

    name: str
    sort: Sort
    detail: str = ""
    documentation: str = ""


def completion(analysis: Analysis, offset: int, catalogue: Catalogue) -> list[Proposal]:
    """Return the names known at `offset`: those declared before it first."""
    if _is_text_or_comment(analysis, offset):
        return []
    found = [*_declared(analysis, offset), *_primitives(catalogue), *_keywords()]
    return list({proposal.name: proposal for proposal in reversed(found)}.values())[::-1]


def _declared(analysis: Analysis, offset: int) -> Iterator[Proposal]:
    for statement in reversed(analysis.program.statements):
        if statement.span.end >= offset:
            if isinstance(statement, tree.Declaration) and statement.span.start <= offset:
                yield from (Proposal(formal.text, "value") for formal in statement.formals or ())
            continue
        match statement:
            case tree.Declaration(name=name, formals=formals) if formals is not None:
                parameters = f"{name.text}({', '.join(formal.text for formal in formals)})"
                yield Proposal(name.text, "function", parameters, statement.documentation)
            case tree.Declaration(name=name) | tree.Load(name=name):
                node = analysis.plan.declarations.get(name.text)
                detail = str(analysis.plan.nodes[node].kind) if node else ""
                yield Proposal(name.text, "value", detail, statement.documentation)
            case _:
                pass


def _primitives(catalogue: Catalogue) -> Iterator[Proposal]:
    for primitive in catalogue:
        if _NAME.fullmatch(primitive.name):
            detail = signatures(primitive)[0]
            yield Proposal(primitive.name, "primitive", detail, primitive.documentation)


def _keywords() -> Iterator[Proposal]:
    return (Proposal(word, "keyword") for word in _KEYWORDS)


def _is_text_or_comment(analysis: Analysis, offset: int) -> bool:
    source = analysis.source
    line, column = source.position(offset)
    before = source.line(line)[:column]
    outside = re.sub(r'"(\\.|[^"\\])*"', "", before)
    return '"' in outside or "//" in outside
