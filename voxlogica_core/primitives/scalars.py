"""Operators on numbers, truth values and texts: pure Python, computed while reducing."""

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Number, Text, Truth, primitive

NAMESPACE = "vox1"


@primitive("add", version=1, operators=("+",), commutative=True, folds=True)
def add_numbers(a: Number, b: Number) -> Number:
    """Add two numbers: ``1 + 2`` is 3."""
    return a + b


@primitive("add", version=1, operators=("+",), commutative=True, folds=True)
def add_texts(a: Text, b: Text) -> Text:
    """Join two texts: ``"case" + ".nii"`` is ``"case.nii"``."""
    return a + b


@primitive("subtract", version=1, operators=("-",), folds=True)
def subtract_numbers(a: Number, b: Number) -> Number:
    """Subtract the second number from the first: ``3 - 1`` is 2."""
    return a - b


@primitive("multiply", version=1, operators=("*",), commutative=True, folds=True)
def multiply_numbers(a: Number, b: Number) -> Number:
    """Multiply two numbers: ``2 * 3`` is 6."""
    return a * b


@primitive("divide", version=1, operators=("/",), folds=True)
def divide_numbers(a: Number, b: Number) -> Number:
    """Divide the first number by the second: ``1 / 4`` is 0.25.

    Raises
    ------
    DataError
        The divisor is 0.
    """
    if b == 0:
        raise DataError(f"division wants a divisor other than 0, and {a:g} / 0 came", "b")
    return a / b


@primitive("negate", version=1, folds=True)
def negate_number(a: Number) -> Number:
    """Change the sign of a number: ``-(2)`` is -2."""
    return -a


@primitive("abs", version=1, folds=True)
def absolute_number(a: Number) -> Number:
    """Drop the sign of a number: ``abs(-2)`` is 2."""
    return abs(a)


@primitive("less", version=1, operators=("<",), folds=True)
def less_numbers(a: Number, b: Number) -> Truth:
    """Say whether the first number is smaller: ``1 < 2`` is true."""
    return a < b


@primitive("less_equal", version=1, operators=("<=",), folds=True)
def less_equal_numbers(a: Number, b: Number) -> Truth:
    """Say whether the first number is at most the second: ``2 <= 2`` is true."""
    return a <= b


@primitive("greater", version=1, operators=(">",), folds=True)
def greater_numbers(a: Number, b: Number) -> Truth:
    """Say whether the first number is larger: ``1 > 2`` is false."""
    return a > b


@primitive("greater_equal", version=1, operators=(">=",), folds=True)
def greater_equal_numbers(a: Number, b: Number) -> Truth:
    """Say whether the first number is at least the second: ``2 >= 2`` is true."""
    return a >= b


@primitive("equal", version=1, operators=("==",), commutative=True, folds=True)
def equal_numbers(a: Number, b: Number) -> Truth:
    """Say whether two numbers are equal: ``1 == 1`` is true."""
    return a == b


@primitive("equal", version=1, operators=("==",), commutative=True, folds=True)
def equal_texts(a: Text, b: Text) -> Truth:
    """Say whether two texts are equal: ``"a" == "a"`` is true."""
    return a == b


@primitive("equal", version=1, operators=("==",), commutative=True, folds=True)
def equal_truths(a: Truth, b: Truth) -> Truth:
    """Say whether two truth values are equal: ``true == false`` is false."""
    return a is b


@primitive("not_equal", version=1, operators=("!=",), commutative=True, folds=True)
def not_equal_numbers(a: Number, b: Number) -> Truth:
    """Say whether two numbers differ: ``1 != 2`` is true."""
    return a != b


@primitive("not_equal", version=1, operators=("!=",), commutative=True, folds=True)
def not_equal_texts(a: Text, b: Text) -> Truth:
    """Say whether two texts differ: ``"a" != "b"`` is true."""
    return a != b


@primitive("not_equal", version=1, operators=("!=",), commutative=True, folds=True)
def not_equal_truths(a: Truth, b: Truth) -> Truth:
    """Say whether two truth values differ: ``true != false`` is true."""
    return a is not b


@primitive("not", version=1, operators=("!",), folds=True)
def not_truth(a: Truth) -> Truth:
    """Turn true into false and false into true: ``!true`` is false."""
    return not a


@primitive("and", version=1, operators=("&", "&&"), commutative=True, folds=True)
def and_truths(a: Truth, b: Truth) -> Truth:
    """Say whether both are true: ``true & false`` is false."""
    return a and b


@primitive("or", version=1, operators=("|", "||"), commutative=True, folds=True)
def or_truths(a: Truth, b: Truth) -> Truth:
    """Say whether one or both are true: ``true | false`` is true."""
    return a or b


@primitive("xor", version=1, commutative=True, folds=True)
def xor_truths(a: Truth, b: Truth) -> Truth:
    """Say whether exactly one is true: ``xor(true, true)`` is false."""
    return a is not b


@primitive("min", version=1, folds=True)
def smaller_number(a: Number, b: Number) -> Number:
    """Return the smaller of two numbers: ``min(1, 2)`` is 1."""
    return min(a, b)


@primitive("max", version=1, folds=True)
def larger_number(a: Number, b: Number) -> Number:
    """Return the larger of two numbers: ``max(1, 2)`` is 2."""
    return max(a, b)
