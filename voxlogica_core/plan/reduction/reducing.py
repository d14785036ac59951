"""What the forms of expressions ask of whoever reduces. Expressions stand in each other.

So each form needs all others, and reaches them through these protocols: `reducer.py` alone knows
every room.
"""

from collections.abc import Sequence
from typing import Protocol

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import NodeId, Scalar
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.reduction.findings import Findings
from voxlogica_core.plan.reduction.meaning import (
    Definition,
    FileScope,
    Meaning,
    Root,
    Scope,
    Unknown,
)
from voxlogica_core.plan.reduction.trampoline import Steps
from voxlogica_core.plan.reduction.unit import Application, Lookup, Unit
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span


class Naming(Protocol):
    """Finds the meaning of names, see `Names`."""

    def meaning(
        self, name: tree.Name | tree.Operator, arity: int | None, scope: Scope
    ) -> Steps[Meaning]:
        """Return what a name means; `arity` counts the operands of an operator."""
        ...

    library: FileScope
    """The standard library."""

    def is_unary(self, name: str, scope: Scope) -> bool:
        """Return whether a word of capitals names a function of one parameter here."""
        ...

    def default(self, name: str) -> Primitive:
        """Return a primitive of the namespace `default`."""
        ...

    def primitive(self, text: str, arity: int | None, root: Root) -> Primitive | None:
        """Return the primitive that a name means where nothing else has it."""
        ...

    def namespaces(self, root: Root) -> Sequence[str]:
        """Return the namespaces whose names need no prefix in a statement."""
        ...

    def visible(self, scope: Scope) -> set[str]:
        """Return the plain names that may be written in a scope."""
        ...

    def mention(self, name: tree.Name | tree.Operator, arity: int | None, scope: Scope) -> None:
        """Remember that a name stands where nothing can be made of it; it counts as used."""
        ...

    def refer(self, span: Span, target: Definition | Primitive | Lookup, scope: Scope) -> None:
        """Remember what a name in the program itself refers to, for the editor."""
        ...


class Reducing(Protocol):
    """Reduces expressions into a table, see `Reducer`."""

    table: NodeTable
    world: World
    findings: Findings
    applications: dict[tuple[object, ...], Application | None]
    """What functions gave; None while one is being applied."""

    @property
    def names(self) -> Naming:
        """What names mean."""
        ...

    @property
    def unit(self) -> Unit:
        """The statement that is being reduced."""
        ...

    def is_here(self, scope: Scope) -> bool:
        """Return whether a scope is that of the statement being reduced, no function's applied."""
        ...

    def node(self, expression: tree.Expression, scope: Scope) -> Steps[NodeId | Unknown]:
        """Reduce an expression where a value is wanted."""
        ...

    def meaning(self, expression: tree.Expression, scope: Scope) -> Steps[Meaning]:
        """Reduce an expression to whatever it means."""
        ...

    def value_of(self, meaning: Meaning, span: Span, scope: Scope) -> NodeId | Unknown:
        """Return the node of a meaning; a primitive that needs no argument is applied."""
        ...

    def primitive(
        self, primitive: Primitive, inputs: Sequence[NodeId | Unknown], span: Span, scope: Scope
    ) -> NodeId | Unknown:
        """Apply a primitive; what has no answer is reported at `span`."""
        ...

    def apply(
        self, function: Meaning, arguments: Sequence[Meaning], span: Span, scope: Scope
    ) -> Steps[Meaning]:
        """Apply a function to arguments that are reduced already."""
        ...

    def refused(self, problem: DataError, span: Span, scope: Scope) -> Unknown:
        """Report what the table or a folded primitive had no answer for."""
        ...

    def failure(self, code: str, message: str, span: Span, scope: Scope) -> Unknown:
        """Report an error and return the meaning of what it spoils."""
        ...

    def literal(self, value: Scalar) -> NodeId:
        """Return the node of a scalar."""
        ...

    def place(self, node: NodeId, span: Span, scope: Scope) -> None:
        """Remember where a node was written, unless it was written before."""
        ...

    def note(self, span: Span, meaning: Meaning, scope: Scope) -> None:
        """Remember what an expression of the program itself means, for the editor."""
        ...
