"""What a name or an expression means while reducing: a node, a function, or nothing known."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax.tree import Expression, Identifier
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.scope import Root, Scope

Role = Literal["declaration", "function", "parameter", "let", "loop variable", "import"]
Form = Literal["map", "load", "dir", "sequence", "ifB", "ifN"]


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a name was given its meaning; `path` None is the program itself.

    `root` is the statement it stands in, as long as its span is as it was parsed.
    """

    name: str
    role: Role
    span: Span
    path: str | None
    documentation: str = ""
    root: "Root | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function of the user's, with the scope it was written in. Equal only to itself."""

    name: str
    formals: tuple[Identifier, ...]
    body: Expression
    scope: "Scope"
    definition: Definition


@dataclass(frozen=True, slots=True)
class Builtin:
    """A primitive as a function."""

    primitive: Primitive


@dataclass(frozen=True, slots=True)
class SpecialForm:
    """A function that the reducer itself carries out."""

    name: Form


@dataclass(frozen=True, slots=True)
class Unknown:
    """No meaning, because of an error reported elsewhere, or because it is not known yet.

    `cause` says why in the words of that error, for the goals that need it. `is_reading` says that
    it will be known soon: a file is being read for the first time.
    """

    cause: str = ""
    is_file_problem: bool = False
    is_reading: bool = False


Function = Closure | Builtin | SpecialForm
Meaning = NodeId | Function | Unknown
UNKNOWN = Unknown()


def identity(meaning: Meaning) -> Hashable:
    """Return what an application is memoised on.

    A closure stands for itself, and is kept alive by it: the number of its address could come to
    mean another one.
    """
    match meaning:
        case Builtin(primitive):
            return primitive.qualified
        case _:
            return meaning


def function_name(function: Meaning) -> str:
    """Return the name of a function, for messages."""
    match function:
        case Closure(name=name) | SpecialForm(name=name):
            return name
        case Builtin(primitive):
            return primitive.name
        case _:
            return "this"
