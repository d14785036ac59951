r"""How operators bind: a flat sequence to steps in reverse Polish order, once names are known.

Gives no operator a meaning and resolves no name; it only asks whether a word of capitals names a
function of one parameter. Works with two stacks and no recursion, so length costs nothing.

====== ======================================== ============
level  operators                                associativity
====== ======================================== ============
1      ``||`` ``|``                             left
2      ``&&`` ``&`` ``\\``                       left
3      ``== != < <= > >=`` and ``=.`` ``.=``    none
4      every other operator                     left, unmixed
5      ``+ -``                                  left
6      ``* /``                                  left
7      prefix operators
====== ======================================== ============

For this table alone dots are stripped: ``.*.`` counts as ``*``. Files that state another dialect,
and the reading a file is compared with, have one level for all infix operators (see `dialect`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from voxlogica_core.syntax import fixity_complaints as complaints
from voxlogica_core.syntax.dialect import Precedence
from voxlogica_core.syntax.lexis import is_capitals
from voxlogica_core.syntax.tree import (
    Argument,
    Call,
    Expression,
    Group,
    Index,
    Infix,
    Name,
    Operator,
    Slice,
)
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.span import Span

COMPARISON = 3
OTHER = 4
PREFIX = 7
_ONLY = 1
"""The level of all infix operators where there is but one."""
_LEVELS = {
    **dict.fromkeys(("||", "|"), 1),
    **dict.fromkeys(("&&", "&", "\\"), 2),
    **dict.fromkeys(("==", "=", "!=", "<", "<=", ">", ">="), COMPARISON),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/"), 6),
}


@dataclass(frozen=True, slots=True)
class Push:
    """Put the value of an operand on the stack."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class ApplyPrefix:
    """Apply an operator to the topmost value; `span` is the whole sub-expression."""

    operator: Operator
    span: Span


@dataclass(frozen=True, slots=True)
class ApplyInfix:
    """Apply an operator to the two topmost values; `span` is the whole sub-expression."""

    operator: Operator
    span: Span


Step = Push | ApplyPrefix | ApplyInfix


@dataclass(frozen=True, slots=True)
class Resolution:
    """How to compute a flat sequence: steps over a stack; none if it cannot be read at all."""

    steps: tuple[Step, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve(
    infix: Infix, is_prefix: Callable[[str], bool], precedence: Precedence = "imgql2"
) -> Resolution:
    """Return the steps that compute a flat sequence of operands and operators.

    Parameters
    ----------
    is_prefix
        Whether a word of capitals names a function of one parameter that is in scope.
    precedence
        How operators bind.
    """
    return _Resolver(infix, is_prefix, precedence).run()


def level(operator: str) -> int:
    """Return how tightly an infix operator binds, from 1 (loosest) to 6."""
    return _LEVELS.get(operator.strip("."), OTHER)


@dataclass(slots=True)
class _Pending:
    """An operator that waits for its right operand."""

    operator: Operator
    level: int
    clash: complaints.Clash | None = None


class _Resolver:
    def __init__(
        self, infix: Infix, is_prefix: Callable[[str], bool], precedence: Precedence
    ) -> None:
        self._items = infix.items
        self._is_prefix = is_prefix
        self._has_levels = precedence == "imgql2"
        self._takes_all_on_its_right = precedence == "voxlogica1"
        self._steps: list[Step] = []
        self._pending: list[_Pending] = []
        self._spans: list[Span] = []
        self._diagnostics: list[Diagnostic] = []

    def run(self) -> Resolution:
        wants_operand = True
        last = len(self._items) - 1
        for index, item in enumerate(self._items):
            if wants_operand:
                wants_operand = self._take_prefix_or_operand(item, is_last=index == last)
                continue
            reading = _as_infix(item, is_last=index == last)
            if reading is None:
                return self._unreadable(complaints.side_by_side(self._items[index - 1], item))
            operator, operand = reading
            self._take_infix(operator)
            if operand is None:
                wants_operand = True
            else:
                self._take_operand(operand)
        if wants_operand:
            return self._unreadable(complaints.missing_operand(self._pending[-1].operator))
        while self._pending:
            self._apply()
        return Resolution(tuple(self._steps), tuple(self._diagnostics))

    def _unreadable(self, diagnostic: Diagnostic) -> Resolution:
        return Resolution((), (*self._diagnostics, diagnostic))

    def _take_prefix_or_operand(self, item: Expression, *, is_last: bool) -> bool:
        """Take an item where an operand is wanted; return whether one still is."""
        if self._takes_all_on_its_right and (applied := _as_applied(item)):
            operator, operand = applied  # to the grammar, `N (a)` is a call
            if self._is_prefix(operator.text):
                self._pending.append(_Pending(operator, PREFIX))
                item = operand
        if not is_last and isinstance(item, Name) and self._is_prefix_word(item.text):
            item = Operator(item.text, item.span)
        if isinstance(item, Operator):
            self._pending.append(_Pending(item, PREFIX))
            return True
        self._take_operand(item)
        return False

    def _is_prefix_word(self, text: str) -> bool:
        return is_capitals(text) and self._is_prefix(text)

    def _take_operand(self, operand: Expression) -> None:
        self._steps.append(Push(operand))
        self._spans.append(operand.span)
        if self._takes_all_on_its_right:
            return
        while self._pending and self._pending[-1].level == PREFIX:
            self._apply()

    def _take_infix(self, operator: Operator) -> None:
        if self._takes_all_on_its_right:
            self._pending.append(_Pending(operator, _ONLY))
            return
        strength = level(operator.text) if self._has_levels else _ONLY
        clash = None
        while self._pending and self._pending[-1].level >= strength:
            before, middle = self._pending[-1], self._spans[-1].start
            self._apply()
            if before.level == strength and self._has_levels:
                clash = complaints.Clash(before.operator, operator, self._spans[-1], middle)
        if clash is not None and strength == COMPARISON:
            self._complain(complaints.chained_comparison(clash))
        is_mixed = clash is not None and strength == OTHER and not _is_same(clash)
        self._pending.append(_Pending(operator, strength, clash if is_mixed else None))

    def _apply(self) -> None:
        """Apply the operator that has waited least; its right operand is complete."""
        pending = self._pending.pop()
        right = self._spans.pop()
        if pending.level == PREFIX:
            span = pending.operator.span.to(right)
            self._steps.append(ApplyPrefix(pending.operator, span))
        else:
            span = self._spans.pop().to(right)
            self._steps.append(ApplyInfix(pending.operator, span))
        self._spans.append(span)
        if pending.clash is not None:
            self._complain(complaints.mixed_operators(pending.clash, span.end))

    def _complain(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic, once for each sequence: a long one would repeat it at every term."""
        if all(known.code != diagnostic.code for known in self._diagnostics):
            self._diagnostics.append(diagnostic)


def _is_same(clash: complaints.Clash) -> bool:
    return clash.first.text.strip(".") == clash.second.text.strip(".")


def _as_infix(item: Expression, *, is_last: bool) -> tuple[Operator, Expression | None] | None:
    """Read an item as an infix operator; with its right operand for what looked like a call.

    ``a T (b)`` is a call of ``T`` to the grammar, ``a T[c] b`` an index.
    """
    match item:
        case Operator():
            return item, None
        case Name(text, span) if not is_last and is_capitals(text):
            return Operator(text, span), None
        case Index(Name(text), index, span) if not is_last and is_capitals(text):
            return Operator(text, span, (Argument(None, index, index.span),)), None
        case _:
            return _as_applied(item)


def _as_applied(item: Expression) -> tuple[Operator, Expression] | None:
    wrappers: list[Index | Slice] = []
    while isinstance(item, Index | Slice):
        wrappers.append(item)
        item = item.operand
    match item:
        case Call(Name(text, name), (Argument(None, inner),), span) if is_capitals(text):
            operand: Expression = Group(inner, Span(name.end, span.end))
        case _:
            return None
    for wrapper in reversed(wrappers):
        operand = replace(wrapper, operand=operand, span=operand.span.to(wrapper.span))
    return Operator(text, name), operand
