"""From expressions to nodes: names vanish, functions are applied by need. Runs nothing.

What may go deep is a generator for the trampoline (`Steps`): sub-expressions are `yield`ed to it,
while `yield from` only hands on within one level. An expression that fails is `Unknown`
and silent from then on, so that one mistake is reported once. The forms of expressions have rooms
of their own (`names`, `calls`, `binders` …), which ask for the others by `Reducing`.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import NodeId, Scalar
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.reduction import binders, calls
from voxlogica_core.plan.reduction.elementwise import elementwise, is_elementwise
from voxlogica_core.plan.reduction.findings import Findings
from voxlogica_core.plan.reduction.meaning import (
    Builtin,
    Closure,
    FileScope,
    Meaning,
    Scope,
    SpecialForm,
    Unknown,
    function_name,
)
from voxlogica_core.plan.reduction.names import Names
from voxlogica_core.plan.reduction.reading import ReadProblem, rules, with_outside
from voxlogica_core.plan.reduction.trampoline import Steps
from voxlogica_core.plan.reduction.unit import Origin, Spot, Unit
from voxlogica_core.plan.signature import Catalogue, Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.unit import Application

_CONSTANTS = (tree.NumberLiteral, tree.StringLiteral, tree.BoolLiteral)


class Reducer:
    """Reduces the expressions of one program into one table.

    Parameters
    ----------
    catalogue
        The primitives.
    world
        Files and folders.
    library
        The standard library.
    unit
        The statement that is reduced first.
    """

    def __init__(self, catalogue: Catalogue, world: World, library: FileScope, unit: Unit) -> None:
        self.table = NodeTable(with_outside(catalogue), rules(self._outside, self._opened))
        self.world = world
        self.findings = Findings(unit)
        self.names = Names(self, library)
        self.applications: dict[tuple[object, ...], Application | None] = {}

    @property
    def unit(self) -> Unit:
        """The statement that is being reduced."""
        return self.findings.unit

    def is_here(self, scope: Scope) -> bool:
        """Return whether a scope is that of the statement being reduced, no function's applied."""
        return scope.call is None and scope.root is self.unit.root

    def renew(self, world: World) -> None:
        """Get ready for another version of the text: the table stays, findings do not."""
        self.world = world
        self.findings = Findings(self.unit)
        self.applications.clear()

    def node(self, expression: tree.Expression, scope: Scope) -> Steps[NodeId | Unknown]:
        """Reduce an expression where a value is wanted."""
        meaning: Meaning = yield from self.meaning(expression, scope)
        node = self.value_of(meaning, expression.span, scope)
        self.note(expression.span, node, scope)
        return node

    def meaning(self, expression: tree.Expression, scope: Scope) -> Steps[Meaning]:
        """Reduce an expression to whatever it means."""
        if isinstance(expression, _CONSTANTS):
            found: Meaning = self.literal(expression.value)
        else:
            found = yield from self._dispatch(expression, scope)
        self.note(expression.span, found, scope)
        return found

    def value_of(self, meaning: Meaning, span: Span, scope: Scope) -> NodeId | Unknown:
        """Return the node of a meaning; a primitive that needs no argument is applied."""
        match meaning:
            case Builtin(primitive) if primitive.counts()[0] == 0:
                return self.primitive(primitive, (), span, scope)
            case Closure() | Builtin() | SpecialForm():
                name = function_name(meaning)
                message = f"a value is wanted here and `{name}` is a function: give it arguments"
                return self.failure("type-mismatch", message, span, scope)
            case _:
                return meaning

    def primitive(
        self, primitive: Primitive, inputs: Sequence[NodeId | Unknown], span: Span, scope: Scope
    ) -> NodeId | Unknown:
        """Apply a primitive; what has no answer is reported at `span`."""
        known: list[NodeId] = []
        for given in inputs:
            if isinstance(given, Unknown):
                return given
            known.append(given)
        if is_elementwise(self, primitive, known):
            self.unit.is_plain = False
            return elementwise(self, primitive, known, span, scope)
        try:
            node = self.table.apply(primitive, known)
        except DataError as problem:
            return self.refused(problem, span, scope)
        self.unit.steps.append((primitive, known, node))
        self.place(node, span, scope)
        return node

    def apply(
        self, function: Meaning, arguments: Sequence[Meaning], span: Span, scope: Scope
    ) -> Steps[Meaning]:
        """Apply a function to arguments that are reduced already."""
        match function:
            case Closure():
                return (yield from calls.apply_closure(self, function, arguments, span, scope))
            case Builtin(primitive):
                inputs = [self.value_of(argument, span, scope) for argument in arguments]
                return self.primitive(primitive, inputs, span, scope)
            case SpecialForm():
                return (yield from calls.apply_form(self, function, arguments, span, scope))
            case Unknown():
                return function
            case node:
                return calls.apply_value(self, node, arguments, span, scope)

    def refused(self, problem: DataError, span: Span, scope: Scope) -> Unknown:
        """Report what the table or a folded primitive had no answer for."""
        code = getattr(problem, "code", "no-value")
        if code != "reading-input":
            self.findings.report(code, str(problem), span, scope)
        return Unknown(
            str(problem),
            is_file_problem=isinstance(problem, ReadProblem),
            is_reading=code == "reading-input",
        )

    def failure(self, code: str, message: str, span: Span, scope: Scope) -> Unknown:
        """Report an error and return the meaning of what it spoils."""
        self.findings.report(code, message, span, scope)
        return Unknown(message)

    def literal(self, value: Scalar) -> NodeId:
        """Return the node of a scalar."""
        node = self.table.literal(value)
        self.unit.steps.append((None, [], node))
        return node

    def place(self, node: NodeId, span: Span, scope: Scope) -> None:
        """Remember where a node was written, unless it was written before."""
        self.unit.places.setdefault(node, Origin(Spot(span, scope.root), scope.call))

    def note(self, span: Span, meaning: Meaning, scope: Scope) -> None:
        """Remember what an expression of the program itself means, for the editor."""
        if self.is_here(scope):
            self.unit.expressions[span] = meaning

    def _outside(self, cwd: str) -> World:
        """Return the world for whoever is about to read: it may be another the next time."""
        del cwd  # which is this world's
        self.unit.is_volatile = True
        return self.world

    def _opened(self, node: NodeId, path: str) -> None:
        self.unit.loads[node] = path

    def _dispatch(self, expression: tree.Compound, scope: Scope) -> Steps[Meaning]:
        match expression:
            case tree.Name() | tree.Operator():
                return (yield from self.names.meaning(expression, None, scope))
            case tree.Variable():
                return self.names.variable(expression, scope)
            case tree.Group():
                return (yield self.meaning(expression.inner, scope))
            case tree.Infix():
                return (yield from calls.infix(self, expression, scope))
            case tree.Call():
                return (yield from calls.call(self, expression, scope))
            case tree.Array():
                return (yield from self._array(expression, scope))
            case tree.Index() | tree.Slice():
                return (yield from self._part(expression, scope))
            case tree.Let():
                return (yield from binders.let(self, expression, scope))
            case tree.For() | tree.Filter():
                return (yield from binders.loop(self, expression, scope))
            case tree.Fold():
                return (yield from binders.fold(self, expression, scope))

    def _array(self, array: tree.Array, scope: Scope) -> Steps[Meaning]:
        items: list[NodeId] = []
        unknown: list[Unknown] = []
        for item in array.items:
            node: NodeId | Unknown = yield self.node(item, scope)
            if isinstance(node, Unknown):
                unknown.append(node)
            else:
                items.append(node)
        return unknown[0] if unknown else self.table.array(items)

    def _part(self, part: tree.Index | tree.Slice, scope: Scope) -> Steps[Meaning]:
        inputs: list[NodeId | Unknown] = [(yield self.node(part.operand, scope))]
        if isinstance(part, tree.Index):
            inputs.append((yield self.node(part.index, scope)))
            return self.primitive(self.names.default("index"), inputs, part.span, scope)
        for bound, otherwise in ((part.start, 0.0), (part.stop, math.inf)):
            if bound is None:
                inputs.append(self.literal(otherwise))
            else:
                inputs.append((yield self.node(bound, scope)))
        return self.primitive(self.names.default("slice"), inputs, part.span, scope)
