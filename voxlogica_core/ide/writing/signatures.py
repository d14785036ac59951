"""Signature help: how what is being called can be called, and which parameter is being written."""

from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.writing.callee import Callee, Shape, callee, kind_of
from voxlogica_core.ide.writing.cursor import Cursor, OpenCall, cursor, named
from voxlogica_core.syntax.lexis import OPERANDS, Token


@dataclass(frozen=True, slots=True)
class SignatureHelp:
    """The ways to call a function.

    Parameters
    ----------
    fitting
        Numbers of those that fit what is written, the best first.
    active
        For each, the number of the parameter that is being written, None where it has none.
    """

    callee: Callee
    fitting: tuple[int, ...]
    active: tuple[int | None, ...]

    @property
    def best(self) -> int:
        """Number of the one to show first."""
        return self.fitting[0] if self.fitting else 0


def signature_help(analysis: Analysis, offset: int) -> SignatureHelp | None:
    """Return how the innermost call or operator at `offset` can be called."""
    where = cursor(analysis, offset)
    if where.in_comment:
        return None
    operator = _operator(where)
    if operator is not None:
        return _of_operator(analysis, where, operator)
    return _of_call(analysis, where.call, offset) if where.call else None


def _of_call(analysis: Analysis, call: OpenCall, offset: int) -> SignatureHelp | None:
    count = len(call.arguments) if call.function.type == "OPERATOR" else None
    arity = None if count is None else 2 + count if call.is_infix else max(count, 2)
    found = callee(analysis, call.function.text, arity, offset)
    if found is None:
        return None
    active = tuple(_active(shape, call) for shape in found.shapes)
    shift = 2 if call.is_infix else 0
    kinds = [None] * shift + [kind_of(analysis, argument) for argument in call.arguments[:-1]]
    if any(named(argument) for argument in call.arguments):
        fitting = [number is not None for number in active]
    else:
        fitting = [
            number is not None and shape.takes(kinds)
            for shape, number in zip(found.shapes, active, strict=True)
        ]
    return SignatureHelp(found, _numbers(fitting), active)


def _of_operator(analysis: Analysis, where: Cursor, operator: Token) -> SignatureHelp | None:
    before = where.tokens[: where.tokens.index(operator)]
    is_infix = bool(before) and before[-1].type in OPERANDS
    arity = 2 if is_infix else 1
    found = callee(analysis, operator.text, arity, operator.start)
    if found is None:
        return None
    shapes = [shape for shape in found.shapes if len(shape.slots) >= arity]
    left = kind_of(analysis, before[-1:]) if is_infix else None
    fitting = [shape.takes([left] if is_infix else []) for shape in shapes]
    chosen = Callee(tuple(shapes), found.documentation)
    active = (arity - 1,) * len(shapes)
    return SignatureHelp(chosen, _numbers(fitting), active) if shapes else None


def _numbers(fitting: list[bool]) -> tuple[int, ...]:
    return tuple(number for number, fits in enumerate(fitting) if fits)


def _operator(where: Cursor) -> Token | None:
    """Return the operator whose operand is being written, directly behind it."""
    last = where.last
    return last if last and last.type == "OPERATOR" and where.in_text is None else None


def _active(shape: Shape, call: OpenCall) -> int | None:
    """Return the parameter at the cursor; those given by name leave the others to positions."""
    if call.named is not None:
        return shape.slot(0, call.named)
    taken = {name for argument in call.arguments if (name := named(argument)) is not None}
    free = [number for number, slot in enumerate(shape.slots) if slot.name not in taken]
    position = call.position - sum(named(a) is not None for a in call.arguments[:-1])
    if position < len(free):
        return free[position]
    return shape.slot(position, None)
