"""Texts in the `strings` namespace: cases, parts, searches; pure Python.

A text is a sequence of Unicode code points, which are counted from 0.
"""

import math

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Items, Number, Text, Truth, primitive

NAMESPACE = "strings"


@primitive("upper", version=1, folds=True)
def upper(text: Text) -> Text:
    """Write a text in capitals, as Unicode has them: ``strings.upper("flair")`` is ``"FLAIR"``."""
    return text.upper()


@primitive("lower", version=1, folds=True)
def lower(text: Text) -> Text:
    """Write a text in small letters, as Unicode has them: ``strings.lower("T1")`` is ``"t1"``."""
    return text.lower()


@primitive("trim", version=1, folds=True)
def trim(text: Text) -> Text:
    """Drop white space at both ends of a text: ``strings.trim(" a b ")`` is ``"a b"``."""
    return text.strip()


@primitive("replace", version=1, folds=True)
def replace(text: Text, old: Text, new: Text) -> Text:
    """Put one text for another: ``strings.replace("a_b", "_", "-")`` is ``"a-b"``.

    Parameters
    ----------
    text
        The text; `old` is replaced wherever it occurs, from left to right, and what was put
        in is not searched again.
    old
        What is replaced.
    new
        What is put in its place.

    Raises
    ------
    DataError
        `old` is empty.
    """
    return text.replace(_filled(old, "replace", "old"), new)


@primitive("split", version=1)
def split(text: Text, separator: Text) -> Items[Text]:
    """Cut a text at a separator: ``strings.split("a,b,", ",")`` is ``["a", "b", ""]``.

    Parameters
    ----------
    text
        The text; without a separator in it, the only item.
    separator
        Where it is cut; left out of the result.

    Raises
    ------
    DataError
        `separator` is empty.
    """
    return tuple(text.split(_filled(separator, "split", "separator")))


@primitive("join", version=1)
def join(xs: Items[Text], separator: Text) -> Text:
    """Join texts with a separator between them: ``strings.join(["a", "b"], "-")`` is ``"a-b"``.

    Parameters
    ----------
    xs
        The texts; of none the result is empty.
    separator
        What stands between two of them.
    """
    return separator.join(xs)


@primitive("contains", version=1, folds=True)
def contains(text: Text, part: Text) -> Truth:
    """Say whether a text has another in it: ``strings.contains("t1.nii", ".nii")`` is true.

    Capitals and small letters differ; the empty text is in every text.
    """
    return part in text


@primitive("startsWith", version=1, folds=True)
def starts_with(text: Text, part: Text) -> Truth:
    """Say whether a text begins with another: ``strings.startsWith("case7", "case")`` is true."""
    return text.startswith(part)


@primitive("endsWith", version=1, folds=True)
def ends_with(text: Text, part: Text) -> Truth:
    """Say whether a text ends with another: ``strings.endsWith("t1.nii", ".nii")`` is true."""
    return text.endswith(part)


@primitive("substring", version=1, folds=True)
def text_from(text: Text, a: Number) -> Text:
    """Return the end of a text: ``strings.substring("case07", 4)`` is ``"07"``.

    Parameters
    ----------
    text
        The text.
    a
        Position of the first character, from 0; a negative one counts from the end.

    Raises
    ------
    DataError
        The position is no whole number.
    """
    return text[_position(a, "a") :]


@primitive("substring", version=1, folds=True)
def text_from_to(text: Text, a: Number, b: Number) -> Text:
    """Return part of a text: ``strings.substring("case07", 0, 4)`` is ``"case"``.

    Parameters
    ----------
    text
        The text.
    a
        Position of the first character, from 0; a negative one counts from the end.
    b
        Position after the last character; likewise.

    Raises
    ------
    DataError
        A position is no whole number.
    """
    return text[_position(a, "a") : _position(b, "b")]


@primitive("characters", version=1, folds=True)
def characters(text: Text) -> Number:
    """Count the characters, that is code points, of a text: ``strings.characters("T1")`` is 2."""
    return float(len(text))


def _filled(text: str, primitive_name: str, argument: str) -> str:
    if not text:
        raise DataError(f"{primitive_name} wants a text to look for: an empty one came", argument)
    return text


def _position(number: float, argument: str) -> int:
    if not math.isfinite(number) or number != int(number):
        raise DataError(f"substring wants whole numbers, and {number:g} came", argument)
    return int(number)
