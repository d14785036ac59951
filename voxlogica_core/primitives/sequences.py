"""Sequences: ranges, items, slices, and numbers that sum up numbers; pure Python."""

import math
from collections import Counter
from collections.abc import Sequence

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import (
    Anything,
    Field,
    First,
    Item,
    Items,
    Number,
    Record,
    Text,
    Truth,
    primitive,
)
from voxlogica_core.values.written import written

NAMESPACE = "default"
LONGEST = 100_000_000


@primitive("range", version=1)
def first_numbers(n: Number) -> Items[Number]:
    """Count from 0 to below a number: ``range(3)`` is ``[0, 1, 2]``; empty if `n` is below 1.

    Raises
    ------
    DataError
        `n` is not a whole number.
    """
    return _counted(0, _whole(n, "range", "n"))


@primitive("range", version=1)
def numbers_between(a: Number, b: Number) -> Items[Number]:
    """Count from `a` to below `b`: ``range(2, 5)`` is ``[2, 3, 4]``; empty if `b` <= `a`.

    Raises
    ------
    DataError
        `a` or `b` is not a whole number.
    """
    return _counted(_whole(a, "range", "a"), _whole(b, "range", "b"))


@primitive("index", version=1)
def item_at(xs: Items[Anything], i: Number) -> Item:
    """Return one item, counted from 0: ``xs[0]`` is the first, ``xs[-1]`` the last.

    Raises
    ------
    DataError
        There is no such item, or `i` is not a whole number.
    """
    position = _whole(i, "an index", "i")
    if not -len(xs) <= position < len(xs):
        raise DataError(f"there is no item {position} in a sequence of {len(xs)}", "i")
    return xs[position]


@primitive("index", version=1)
def field_of(r: Record, field: Text) -> Field:
    """Return a field of a record: ``arrays.array_stats(img)["mean"]``.

    Raises
    ------
    DataError
        The record has no field of that name.
    """
    if field not in r:
        names = ", ".join(f'"{name}"' for name in r)
        raise DataError(f'the record has no field "{field}", it has {names}', "field")
    return r[field]


@primitive("slice", version=1)
def items_between(xs: Items[Anything], a: Number, b: Number) -> First:
    """Return the items from `a` to below `b`: ``xs[1:3]``; negative ones count from the end.

    Parameters
    ----------
    b
        Infinity where it is left out, as in ``xs[1:]``: to the end.

    Raises
    ------
    DataError
        `a` or `b` is not a whole number.
    """
    stop = None if b == math.inf else _whole(b, "a slice", "b")
    return xs[_whole(a, "a slice", "a") : stop]


@primitive("subsequence", version=1)
def items_from(xs: Items[Anything], a: Number) -> First:
    """Return the items from `a` on: ``subsequence(xs, 1)`` leaves out the first.

    Raises
    ------
    DataError
        `a` is not a whole number.
    """
    return xs[_whole(a, "a slice", "a") :]


@primitive("subsequence", version=1)
def items_from_to(xs: Items[Anything], a: Number, b: Number) -> First:
    """Return the items from `a` to below `b`: ``subsequence(xs, 1, 3)``.

    Raises
    ------
    DataError
        `a` or `b` is not a whole number.
    """
    return items_between(xs, a, b)


@primitive("length", version=1)
def length(xs: Items[Anything]) -> Number:
    """Count the items: ``length([1, 2])`` is 2."""
    return float(len(xs))


@primitive("equal_length", version=1, folds=True, cost=0.1)
def equal_length(a: Number, b: Number) -> Number:
    """Return the length that two sequences share: what ``xs + ys`` asks of them.

    Raises
    ------
    DataError
        The lengths differ.
    """
    if a != b:
        raise DataError(
            "sequences are combined item by item, so they must be equally long: "
            f"these have {a:g} and {b:g} items"
        )
    return a


@primitive("sum", version=1)
def total(xs: Items[Number]) -> Number:
    """Add the items from first to last: ``sum([1, 2, 3])`` is 6; of no items 0."""
    result = 0.0
    for x in xs:
        result += x
    return result


@primitive("mean", version=1)
def mean(xs: Items[Number]) -> Number:
    """Return the mean of the items: ``mean([1, 2])`` is 1.5.

    Raises
    ------
    DataError
        The sequence is empty.
    """
    return total(_filled(xs, "mean")) / len(xs)


@primitive("median", version=1)
def median(xs: Items[Number]) -> Number:
    """Return the middle item by size, or the mean of the two: ``median([3, 1, 2])`` is 2.

    Raises
    ------
    DataError
        The sequence is empty.
    """
    ascending = sorted(_filled(xs, "median"))
    middle = len(ascending) // 2
    if len(ascending) % 2:
        return ascending[middle]
    return (ascending[middle - 1] + ascending[middle]) / 2


@primitive("stdev", version=1)
def standard_deviation(xs: Items[Number]) -> Number:
    """Return the standard deviation of a sample: ``stdev([1, 2, 3])`` is 1.

    Raises
    ------
    DataError
        There are fewer than two items: the sum of squares is divided by their number less one.
    """
    if len(xs) < 2:
        raise DataError(f"stdev wants two items at least, and {len(xs)} came", "xs")
    centre = mean(xs)
    return math.sqrt(total([(x - centre) ** 2 for x in xs]) / (len(xs) - 1))


@primitive("argmax", version=1)
def position_of_largest(xs: Items[Number]) -> Number:
    """Return where the largest item is, the first if several: ``argmax([1, 3, 3])`` is 1.

    Raises
    ------
    DataError
        The sequence is empty.
    """
    numbers = _filled(xs, "argmax")
    return float(max(range(len(numbers)), key=numbers.__getitem__))


@primitive("argmin", version=1)
def position_of_smallest(xs: Items[Number]) -> Number:
    """Return where the smallest item is, the first if several: ``argmin([3, 1, 1])`` is 1.

    Raises
    ------
    DataError
        The sequence is empty.
    """
    numbers = _filled(xs, "argmin")
    return float(min(range(len(numbers)), key=numbers.__getitem__))


@primitive("argsort", version=1)
def positions_in_order(xs: Items[Number]) -> Items[Number]:
    """Return the positions of the items from small to large: ``argsort([3, 1, 2])`` is [1, 2, 0].

    Equal items keep their order.
    """
    return tuple(float(i) for i in sorted(range(len(xs)), key=xs.__getitem__))


@primitive("tally", version=1)
def tally(xs: Items[Number | Truth | Text]) -> Record:
    """Count equal items: ``tally([1, 1, 2])`` has 2 under ``"1"`` and 1 under ``"2"``.

    Returns
    -------
    record
        How often each item occurs, under its text, in order of first occurrence.
    """
    return {name: float(count) for name, count in Counter(written(x) for x in xs).items()}


def _counted(first: int, end: int) -> Sequence[float]:
    if end - first > LONGEST:
        raise DataError(f"range wants at most {LONGEST} numbers, and {end - first} came")
    return tuple(map(float, range(first, end)))


def _whole(number: float, wanted_by: str, argument: str) -> int:
    if not math.isfinite(number) or number != int(number):
        raise DataError(f"{wanted_by} wants a whole number, and {number:g} came", argument)
    return int(number)


def _filled(xs: Sequence[float], name: str) -> Sequence[float]:
    if not xs:
        raise DataError(f"{name} wants an item at least, and an empty sequence came", "xs")
    return xs
