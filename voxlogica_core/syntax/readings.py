"""Whether an operator sequence meant something else to an earlier VoxLogicA, and the cures.

Two readings of a sequence are the same if they apply the same operators to the same operands, up
to the grouping of an associative operator. Knows no names: who resolves them says which operators
are associative.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voxlogica_core.syntax import readings_complaints as complaints
from voxlogica_core.syntax.dialect import Precedence
from voxlogica_core.syntax.fixity import ApplyInfix, ApplyPrefix, Push, Resolution, Step, resolve
from voxlogica_core.syntax.tree import Infix, Operator
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.span import Span

Classes = Mapping[str, str]
"""What each associative operator does, by how it is written: operators that do the same regroup."""

_SHORTEST_THAT_DIFFERS = 4
"""Items, as in ``!a | b``; shorter sequences can be read in one way only."""


def difference(
    infix: Infix,
    is_prefix: Callable[[str], bool],
    ours: Resolution,
    suspected: Precedence,
    associative: Classes,
) -> Diagnostic | None:
    """Return what to say of a sequence that means something else under another precedence.

    Parameters
    ----------
    ours
        How the sequence is read now.
    suspected
        How whoever wrote it may have meant it.
    """
    if len(infix.items) < _SHORTEST_THAT_DIFFERS or not ours.steps:
        return None
    theirs = resolve(infix, is_prefix, suspected)
    shapes = _Shapes(associative)
    if not theirs.steps or shapes.of(ours.steps) == shapes.of(theirs.steps):
        return None
    now = _parenthesised(ours.steps, associative)
    then = _parenthesised(theirs.steps, associative)
    return complaints.reads_differently(infix, suspected, ours.steps, now, then)


class _Shapes:
    """Numbers for structures: equal ones have equal numbers, however deep they are."""

    def __init__(self, associative: Classes) -> None:
        self._associative = associative
        self._numbers: dict[tuple[object, ...], int] = {}

    def of(self, steps: tuple[Step, ...]) -> int:
        """Return the number of what `steps` compute."""
        stack: list[_Chain] = []
        operands = 0
        for step in steps:
            match step:
                case Push():
                    stack.append(self._single("operand", operands))
                    operands += 1
                case ApplyPrefix(operator):
                    inner = self._closed(stack.pop())
                    stack.append(self._single("prefix", operator.span.start, inner))
                case ApplyInfix(operator):
                    right, left = stack.pop(), stack.pop()
                    stack.append(self._joined(operator, left, right))
        return self._closed(stack.pop())

    def _joined(self, operator: Operator, left: "_Chain", right: "_Chain") -> "_Chain":
        kind = _class(operator, self._associative)
        if kind is None:
            return self._single(operator.span.start, self._closed(left), self._closed(right))
        parts = [
            each.parts if each.kind == kind else deque([self._closed(each)])
            for each in (left, right)
        ]
        if len(parts[0]) < len(parts[1]):
            parts[1].extendleft(reversed(parts[0]))
            return _Chain(kind, parts[1])
        parts[0].extend(parts[1])
        return _Chain(kind, parts[0])

    def _single(self, *key: object) -> "_Chain":
        return _Chain(None, deque([self._number(key)]))

    def _closed(self, chain: "_Chain") -> int:
        return chain.parts[0] if chain.kind is None else self._number((chain.kind, *chain.parts))

    def _number(self, key: tuple[object, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


@dataclass(frozen=True, slots=True)
class _Chain:
    """Operands of an associative operator that may still grow; of none, a single number."""

    kind: str | None
    parts: deque[int]


@dataclass(frozen=True, slots=True)
class _Part:
    """A sub-expression: an operand, or an operator with its sub-expressions."""

    span: Span
    operator: Operator | None = None
    parts: "tuple[_Part, ...]" = ()


def _parenthesised(steps: tuple[Step, ...], associative: Classes) -> list[Span]:
    """Return what must stand in parentheses so that every precedence reads it as `steps` do."""
    found: list[Span] = []
    root = _tree(steps)
    waiting = [(root, root.span.end)]
    while waiting:
        parent, end = waiting.pop()
        for part in parent.parts:
            is_wrapped = _needs_parentheses(part, parent, end, associative)
            if is_wrapped:
                found.append(part.span)
            waiting.append((part, part.span.end if is_wrapped else end))
    return found


def _needs_parentheses(part: _Part, parent: _Part, end: int, associative: Classes) -> bool:
    """Return whether `part` may be torn apart; `end` is where the parentheses around it close."""
    if part.operator is None or parent.operator is None:
        return False
    if len(part.parts) == 1:  # nothing to the right of a prefix operator may be left to take
        return len(parent.parts) > 1 and not (part is parent.parts[1] and part.span.end == end)
    if len(parent.parts) == 1:
        return True
    kind = _class(part.operator, associative)
    return kind is None or kind != _class(parent.operator, associative)


def _tree(steps: tuple[Step, ...]) -> _Part:
    stack: list[_Part] = []
    for step in steps:
        match step:
            case Push(expression):
                stack.append(_Part(expression.span))
            case ApplyPrefix(operator, span):
                stack.append(_Part(span, operator, (stack.pop(),)))
            case ApplyInfix(operator, span):
                right, left = stack.pop(), stack.pop()
                stack.append(_Part(span, operator, (left, right)))
    return stack.pop()


def _class(operator: Operator, associative: Classes) -> str | None:
    return None if operator.extras else associative.get(operator.text)
