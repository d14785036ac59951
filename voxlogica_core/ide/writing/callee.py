"""What a function or operator in use can be called with: one entry a form. Knows no cursor."""

from collections.abc import Sequence
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import formals_of
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.ide.wording import parameter_text, result_text
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction.keys import is_operator
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.plan.signature import Overload, Primitive
from voxlogica_core.syntax.lexis import Token
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, BOOL, NUMBER, STRING, Kind, accepts

_LITERALS = {"NUMBER": NUMBER, "STRING": STRING, "PATH": STRING, "TRUE": BOOL, "FALSE": BOOL}


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: its name, how it is written, what it accepts (nothing: anything)."""

    name: str
    text: str
    kinds: tuple[Kind, ...] = ()
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to call a function."""

    name: str
    slots: tuple[Slot, ...]
    result: str = ""
    repeats: bool = False

    def slot(self, position: int, named: str | None) -> int | None:
        """Return the number of the parameter that an argument is for."""
        if named is not None:
            return next((n for n, slot in enumerate(self.slots) if slot.name == named), None)
        if self.repeats and position >= len(self.slots):
            return len(self.slots) - 1
        return position if position < len(self.slots) else None

    def takes(self, kinds: Sequence[Kind | None]) -> bool:
        """Return whether arguments of these kinds fit, as far as they are known."""
        for position, kind in enumerate(kinds):
            number = self.slot(position, None)
            if number is None:
                return False
            wanted = self.slots[number].kinds
            if kind and wanted and not any(accepts(each, kind) for each in wanted):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Callee:
    """A function and the ways to call it."""

    shapes: tuple[Shape, ...]
    documentation: str = ""


def callee(analysis: Analysis, name: str, arity: int | None, offset: int) -> Callee | None:
    """Return what `name` calls at `offset`; `arity` counts the operands of an operator."""
    key = (name, arity if is_operator(name) else None)
    match analysis.references.meaning(key, offset):
        case Primitive() as primitive:
            shapes = tuple(_shape(name, overload) for overload in primitive.overloads)
            return Callee(tuple(dict.fromkeys(shapes)), primitive.documentation)
        case Definition() as definition:
            formals = formals_of(analysis, definition)
            if formals is None:
                return None
            slots = tuple(Slot(formal.text, formal.text) for formal in formals)
            return Callee((Shape(definition.name, slots),), definition.documentation)
        case None:
            return None


def kind_of(analysis: Analysis, tokens: Sequence[Token]) -> Kind | None:
    """Return the kind of an argument that is written out, None where it is not known."""
    if len(tokens) == 1 and tokens[0].type in _LITERALS:
        return _LITERALS[tokens[0].type]
    if not tokens:
        return None
    start, end = tokens[0].start, tokens[-1].end
    meaning = analysis.expressions.around(start).get(Span(start, end))
    if meaning is None and len(tokens) == 1:
        meaning = analysis.plan.declarations.get(tokens[0].text)
    node = node_called(analysis, NodeId(meaning)) if isinstance(meaning, str) else None
    return node.kind if node and node.kind != ANY else None


def _shape(name: str, overload: Overload) -> Shape:
    slots = tuple(
        Slot(
            parameter.name,
            parameter_text(parameter),
            () if ANY in parameter.kinds else parameter.kinds,
            parameter.documentation,
        )
        for parameter in overload.parameters
    )
    repeats = bool(overload.parameters) and overload.parameters[-1].repeats
    return Shape(name, slots, result_text(overload.result), repeats)
