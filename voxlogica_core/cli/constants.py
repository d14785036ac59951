"""``--set``: values for the constants of a program, read as what they replace is written."""

import re
from collections.abc import Mapping, Sequence

from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import Scalar
from voxlogica_core.syntax.tree import (
    BoolLiteral,
    Declaration,
    NumberLiteral,
    Program,
    StringLiteral,
)

_TRUTH = {"true": True, "false": False}
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def constants_of(settings: Sequence[str], program: Program | None = None) -> Mapping[str, Scalar]:
    """Return names and values of settings ``name=literal``; the last of a name counts.

    Parameters
    ----------
    program
        What it declares as a text is set to one: the case ``007`` is no number.

    Raises
    ------
    UsageError
        A setting is nothing of the kind, or no number where the program declares one.
    """
    declared = _declared(program) if program else {}
    return {name: _value(name, text, declared.get(name)) for name, text in map(_parts, settings)}


def _parts(setting: str) -> tuple[str, str]:
    name, equals, literal = setting.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(f"--set wants name=value, such as threshold=0.4; {setting!r} came")
    return name, literal


def _value(name: str, literal: str, declared: Scalar | None) -> Scalar:
    if len(literal) > 1 and literal[0] == literal[-1] == '"':
        value = literal[1:-1]
    elif isinstance(declared, str):
        return literal
    elif literal in _TRUTH:
        value = _TRUTH[literal]
    else:
        value = float(literal) if _NUMBER.fullmatch(literal) else literal
    if declared is not None and type(value) is not type(declared):
        wanted = {float: "a number such as 0.4", bool: "true or false", str: "a text"}
        raise UsageError(f"--set {name}={literal}: {wanted[type(declared)]} is wanted")
    return value


def _declared(program: Program) -> Mapping[str, Scalar]:
    """Return the constants that a program writes as literals, by name; the last one counts."""
    return {
        statement.name.text: statement.value.value
        for statement in program.statements
        if isinstance(statement, Declaration)
        and isinstance(statement.value, StringLiteral | NumberLiteral | BoolLiteral)
    }
