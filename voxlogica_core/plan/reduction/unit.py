"""Units: what reducing one statement found out, kept for the next version of the text.

All spans in a unit are those of the text its statement was parsed in; an edit further up moves the
statement and changes nothing here. A unit serves again as long as its statement is the same tree
and every name it looked up still means the same.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction.meaning import Definition, Meaning
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax.tree import Statement
from voxlogica_core.text.diagnostic import Fix, Severity
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.meaning import CallSite, Declared, Root

Lookup = tuple[str, int | None]
"""A name as it is looked up: its spelling, and the number of operands of an operator."""


Step = tuple[Primitive | None, list[NodeId], NodeId]
"""A primitive, what it was applied to, and the node that gave; a constant has no primitive."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in some file, as it was parsed; `root` is the statement it stands in."""

    span: Span
    root: "Root"


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic whose places may still move.

    Parameters
    ----------
    related
        Messages and the places they are about.
    softness
        How deep it lies in what is looked at though nobody takes it: errors are warnings there.
    """

    code: str
    severity: Severity
    message: str
    spot: Spot
    related: tuple[tuple[str, Spot], ...] = ()
    fixes: tuple[Fix, ...] = ()
    softness: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node was written: the expression, and the call that led there."""

    spot: Spot
    site: "CallSite | None"


@dataclass(frozen=True, slots=True)
class Application:
    """What a function gave for some arguments, and what was found wrong on the way.

    `is_volatile` says that it hangs on what was read from outside.
    """

    meaning: Meaning
    found: tuple[Finding, ...]
    is_volatile: bool


@dataclass(slots=True, eq=False, weakref_slot=True)
class Unit:
    """What is known of one statement.

    Parameters
    ----------
    lookups
        What each name that it looked up in the program meant; None where it meant nothing.
    keys
        Those under which it looks names up.
    references
        What each name in use refers to; a `Lookup` where that is another statement's.
    applied
        Meanings of label and value, of a goal.
    is_volatile
        It must be reduced anew: it read from outside, or its findings depend on all names.
    is_gridless
        What it declares has met no grid.
    steps
        What primitives were applied to, in order.
    is_plain
        Whether these steps are all there is to it; None where nobody has looked yet.
    """

    statement: Statement
    root: "Root"
    declared: "Declared | None" = None
    lookups: dict[Lookup, Hashable] = field(default_factory=dict[Lookup, Hashable])
    keys: frozenset[str] = frozenset()
    expressions: dict[Span, Meaning] = field(default_factory=dict[Span, Meaning])
    references: dict[Span, Definition | Primitive | Lookup] = field(
        default_factory=dict[Span, Definition | Primitive | Lookup]
    )
    findings: dict[tuple[str, int, Span], Finding] = field(
        default_factory=dict[tuple[str, int, Span], Finding]
    )
    places: dict[NodeId, Origin] = field(default_factory=dict[NodeId, Origin])
    loads: dict[NodeId, str] = field(default_factory=dict[NodeId, str])
    applied: tuple[Meaning, Meaning] | None = None
    is_volatile: bool = False
    is_gridless: bool = False
    steps: list[Step] = field(default_factory=list[Step])
    is_plain: bool | None = None
