"""The diagnostics of operator sequences, one function each; decides nothing."""

from dataclasses import dataclass

from voxlogica_core.syntax.tree import Expression, Operator
from voxlogica_core.text.diagnostic import Diagnostic, Edit, Fix
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Clash:
    """Two infix operators in a row that no rule puts in order: ``(a first b) second c``.

    Parameters
    ----------
    left
        The expression that `first` makes.
    middle
        Where the operand between them begins.
    """

    first: Operator
    second: Operator
    left: Span
    middle: int


def missing_operand(operator: Operator) -> Diagnostic:
    """Complain of an operator with nothing on its right."""
    return Diagnostic(
        "syntax",
        "error",
        f"`{operator.text}` wants an operand on its right, none came.",
        operator.span,
    )


def side_by_side(left: Expression, right: Expression) -> Diagnostic:
    """Complain of two operands without an operator between them."""
    return Diagnostic(
        "syntax",
        "error",
        "An operator is wanted between two operands, none came; the arguments of a function stand "
        "in parentheses on the line of its name.",
        Span(left.span.start, right.span.end),
    )


def chained_comparison(clash: Clash) -> Diagnostic:
    """Complain of ``a < b < c``."""
    first, second = clash.first, clash.second
    return Diagnostic(
        "syntax",
        "error",
        f"Comparisons do not chain: for `a {first.text} b {second.text} c` "
        f"write `a {first.text} b & b {second.text} c`.",
        Span(first.span.start, second.span.end),
    )


def mixed_operators(clash: Clash, end: int) -> Diagnostic:
    """Complain of ``a ~> b ~ c``; `end` is where the last operand ends."""
    first, second, left = clash.first.text, clash.second.text, clash.left
    return Diagnostic(
        "mixed-operators",
        "error",
        f"`{first}` and `{second}` have no order between them: parentheses are wanted, as in "
        f"`(a {first} b) {second} c`.",
        Span(left.start, end),
        fixes=(
            _parentheses(f"Do `{first}` first", left),
            _parentheses(f"Do `{second}` first", Span(clash.middle, end)),
        ),
    )


def _parentheses(title: str, span: Span) -> Fix:
    opening, closing = Span(span.start, span.start), Span(span.end, span.end)
    return Fix(title, (Edit(opening, "("), Edit(closing, ")")))
