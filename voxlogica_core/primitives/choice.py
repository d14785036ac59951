"""Conditionals: one of two values by a truth value; the engine demands the branch taken only."""

from voxlogica_core.primitives.declare import (
    Colour,
    Join,
    Labels,
    Mask,
    Number,
    ScalarImage,
    Text,
    Truth,
    primitive,
)

NAMESPACE = "vox1"


@primitive("ifB", version=1, cost=0)
def if_mask(c: Truth, t: Mask | Truth, e: Mask | Truth) -> Join:
    """Choose a mask or truth value: ``ifB(volume(a) > 0, a, b)`` is a unless a is empty.

    Parameters
    ----------
    c
        The condition. Only the branch it takes is computed.
    t
        The result when `c` is true.
    e
        The result when `c` is false.
    """
    return t if c else e


@primitive("ifN", version=1, cost=0)
def if_number(
    c: Truth,
    t: Number | Text | ScalarImage | Labels | Colour,
    e: Number | Text | ScalarImage | Labels | Colour,
) -> Join:
    """Choose a number, text or image: ``ifN(n > 0, 1 / n, 0)`` never divides by 0.

    Parameters
    ----------
    c
        The condition. Only the branch it takes is computed.
    t
        The result when `c` is true.
    e
        The result when `c` is false.
    """
    return t if c else e
