"""The syntax tree: what was written, with a span on everything and no meaning yet.

Operator sequences stay flat (`Infix`) until names are known: a word of capitals may be an operand
or an operator, which only scoping can tell (see `fixity`). Every class is frozen; statements and
expressions are closed unions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voxlogica_core.syntax.dialect import OURS, Reading
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name or operator where it is declared or bound."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number without sign."""

    value: float
    span: Span


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A text; `value` has its escapes resolved."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class BoolLiteral:
    """``true`` or ``false``."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A name in use; qualified names keep their dot (``ns.name``)."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """A read-only program variable such as ``$stem``; `text` is without the dollar sign."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator in use; `extras` are the arguments in brackets of ``a ++[c, d] b``."""

    text: str
    span: Span
    extras: "tuple[Argument, ...]" = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, positional or named."""

    name: Identifier | None
    value: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator called by name: ``f(a, b)``, ``+(a, b)``."""

    function: Name | Operator
    arguments: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Index:
    """``operand[index]``."""

    operand: "Expression"
    index: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Slice:
    """``operand[start:stop]``, either bound optional."""

    operand: "Expression"
    start: "Expression | None"
    stop: "Expression | None"
    span: Span


@dataclass(frozen=True, slots=True)
class Array:
    """``[a, b, c]``."""

    items: "tuple[Expression, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """A parenthesised expression; its span includes the parentheses."""

    inner: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Infix:
    """A flat sequence of operands and operators, at least two items long."""

    items: "tuple[Operator | Expression, ...]"
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    """``let name(formals) = value in body``; `formals` is None without parentheses."""

    name: Identifier
    formals: tuple[Identifier, ...] | None
    value: "Expression"
    body: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    """``for name in source do body``."""

    name: Identifier
    source: "Expression"
    body: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Filter:
    """``filter name in source do predicate``."""

    name: Identifier
    source: "Expression"
    predicate: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Fold:
    """``fold function [initial] source``."""

    function: Name | Operator
    initial: "Expression | None"
    source: "Expression"
    span: Span


Constant = NumberLiteral | StringLiteral | BoolLiteral

Compound = (
    Name
    | Variable
    | Operator
    | Call
    | Index
    | Slice
    | Array
    | Group
    | Infix
    | Let
    | For
    | Filter
    | Fold
)

Expression = Constant | Compound
"""`Operator` stands alone only as an argument: ``map(!, xs)``."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """``let name(formals) = value`` or the bare form; `documentation` from ``///`` lines."""

    name: Identifier
    formals: tuple[Identifier, ...] | None
    value: Expression
    span: Span
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """``load name = path``."""

    name: Identifier
    path: Expression
    span: Span
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Save:
    """``save label value``."""

    label: Expression
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Print:
    """``print label value``."""

    label: Expression
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Import:
    """``import "what"``."""

    target: StringLiteral
    span: Span


Binder = Literal["parameter", "let", "loop variable"]
"""What gives a name its meaning inside a statement."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or operator that stands in a broken statement.

    Parameters
    ----------
    arity
        Number of operands, of an operator.
    binder
        Where the statement itself gives it its meaning, and as what; None where it comes from
        elsewhere. A place that binds mentions itself.
    """

    text: str
    span: Span
    arity: int | None = None
    binder: Identifier | None = None
    role: Binder | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A statement with a syntax error, the names it would have declared, and those in use."""

    names: tuple[Identifier, ...]
    span: Span
    mentions: tuple[Mention, ...] = ()


Statement = Declaration | Load | Save | Print | Import | Broken


@dataclass(frozen=True, slots=True)
class Program:
    """All statements of one file, in order of text, and how their operators are to be read."""

    statements: Sequence[Statement]
    span: Span
    reading: Reading = OURS
