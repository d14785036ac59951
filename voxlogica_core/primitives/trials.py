"""Primitives to try the system itself with: what runs, how often, and how long it takes."""

import logging

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Anything, First, Number, primitive

NAMESPACE = "test"
LARGEST_INDEX = 1476
"""The last Fibonacci number that a binary64 number can hold."""
MOST_CELLS = 100_000_000
MOST_ITERATIONS = 1_000_000


@primitive("fibonacci", version=1, cost=10)
def fibonacci(n: Number) -> Number:
    """Return a Fibonacci number: ``test.fibonacci(10)`` is 55.

    Parameters
    ----------
    n
        Which one, a whole number from 0 to 1476: 0, 1, 1, 2, 3, ... It is exact up to n = 78 and
        the nearest number beyond.

    Raises
    ------
    DataError
        `n` is no such number.
    """
    if not (0 <= n <= LARGEST_INDEX and n == int(n)):
        raise DataError(
            f"fibonacci wants a whole number from 0 to {LARGEST_INDEX}, and {n:g} came", "n"
        )
    now, following = 0, 1
    for _ in range(int(n)):
        now, following = following, now + following
    return float(now)


@primitive("timewaste", version=1, cost=1000)
def timewaste(size: Number, iterations: Number) -> Number:
    """Take time for nothing: ``test.timewaste(1000, 100)`` runs for about a tenth of a second.

    Parameters
    ----------
    size
        Length of the sides of a table of numbers, a whole number from 1 to 10000.
    iterations
        How many times all of them are changed, a whole number from 0 to a million: each takes
        about a nanosecond a number, on one thread and without the interpreter's lock.

    Returns
    -------
    number
        The mean of the table afterwards, between 0 and 1; the same for the same arguments.

    Raises
    ------
    DataError
        An argument is no such number.
    """
    side = _whole(size, 1, int(MOST_CELLS**0.5), "size")
    table = (np.arange(side * side) + 0.5) / (side * side)
    rest = np.empty_like(table)
    for _ in range(_whole(iterations, 0, MOST_ITERATIONS, "iterations")):
        np.subtract(1.0, table, out=rest)
        np.multiply(table, rest, out=table)
        np.multiply(table, 3.7, out=table)
    return float(table.mean())


@primitive("impure", version=1, cost=1)
def impure(x: Anything) -> First:
    """Return a value as it is, and say so on the log: ``test.impure(3)`` is 3.

    The log `voxlogica.test` has one line for each time this really ran: a value that is
    remembered, or needed twice, adds none.

    Parameters
    ----------
    x
        The value.
    """
    logging.getLogger("voxlogica.test").warning("test.impure ran")
    return x


def _whole(number: float, least: int, most: int, name: str) -> int:
    if not (least <= number <= most and number == int(number)):
        raise DataError(
            f"timewaste wants a whole number from {least} to {most}, and {number:g} came", name
        )
    return int(number)
