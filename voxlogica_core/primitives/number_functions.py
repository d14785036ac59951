"""Functions of numbers: rounding, roots, powers, logarithms; pure Python, folded while reducing."""

import math
from collections.abc import Callable

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Number, primitive

NAMESPACE = "default"


@primitive("floor", version=1, folds=True)
def floor(a: Number) -> Number:
    """Round a number down to a whole one: ``floor(2.7)`` is 2, ``floor(-0.5)`` is -1.

    Raises
    ------
    DataError
        The number is infinite or not a number.
    """
    return float(_checked(math.floor, "floor", a))


@primitive("round", version=1, folds=True)
def round_half_even(a: Number) -> Number:
    """Round a number to the nearest whole one, halves to even: ``round(2.5)`` is 2.

    Raises
    ------
    DataError
        The number is infinite or not a number.
    """
    return float(_checked(round, "round", a))


@primitive("sqrt", version=1, folds=True)
def square_root(a: Number) -> Number:
    """Return the square root of a number: ``sqrt(9)`` is 3.

    Raises
    ------
    DataError
        The number is negative.
    """
    return _checked(math.sqrt, "sqrt", a)


@primitive("exp", version=1, folds=True)
def exponential(a: Number) -> Number:
    """Return e to the power of a number: ``exp(0)`` is 1.

    Raises
    ------
    DataError
        The result is beyond the largest number, about 1.8e308.
    """
    return _checked(math.exp, "exp", a)


@primitive("log", version=1, folds=True)
def logarithm(a: Number) -> Number:
    """Return the natural logarithm of a number: ``log(1)`` is 0.

    Raises
    ------
    DataError
        The number is not positive.
    """
    return _checked(math.log, "log", a)


@primitive("pow", version=1, folds=True)
def power(a: Number, b: Number) -> Number:
    """Raise the first number to the power of the second: ``pow(2, 10)`` is 1024.

    Raises
    ------
    DataError
        The result is no real number (``pow(-1, 0.5)``, ``pow(0, -1)``) or too large.
    """
    return _checked(math.pow, "pow", a, b)


def _checked(function: Callable[..., float], name: str, *numbers: float) -> float:
    try:
        return function(*numbers)
    except (ValueError, OverflowError):
        given = ", ".join(f"{number:g}" for number in numbers)
        raise DataError(
            f"{name}({given}) is not a finite real number: check the argument"
        ) from None
