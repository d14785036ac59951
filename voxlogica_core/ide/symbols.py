"""The outline of a program: its declarations and goals."""

from dataclasses import dataclass
from typing import Literal

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.wording import shortened
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

Sort = Literal["value", "function", "goal", "import"]

_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Symbol:
    """A line of the outline.

    Parameters
    ----------
    detail
        The kind of a value, the parameters of a function.
    span, name_span
        The whole statement, and the part to go to.
    """

    name: str
    detail: str
    sort: Sort
    span: Span
    name_span: Span


def symbols(analysis: Analysis) -> list[Symbol]:
    """Return the outline, in order of text."""
    found = (_symbol(statement, analysis) for statement in analysis.program.statements)
    return [symbol for symbol in found if symbol]


def _symbol(statement: tree.Statement, analysis: Analysis) -> Symbol | None:
    match statement:
        case tree.Declaration(name=name, formals=formals) if formals is not None:
            parameters = f"({', '.join(formal.text for formal in formals)})"
            return Symbol(name.text, parameters, "function", statement.span, name.span)
        case tree.Declaration(name=name) | tree.Load(name=name):
            node = analysis.plan.declarations.get(name.text)
            detail = str(analysis.plan.nodes[node].kind) if node else ""
            return Symbol(name.text, detail, "value", statement.span, name.span)
        case tree.Print(label=label) | tree.Save(label=label):
            text = analysis.source.text[label.span.start : label.span.end]
            verb = "print" if isinstance(statement, tree.Print) else "save"
            name = shortened(f"{verb} {text}", _LONGEST_LABEL)
            return Symbol(name, "", "goal", statement.span, label.span)
        case tree.Import(target=target):
            return Symbol(f"import {target.value}", "", "import", statement.span, target.span)
        case _:
            return None
