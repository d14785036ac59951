"""On which side of a picture the patient's left is: two conventions. Draws nothing."""

import os
from typing import Literal, TypeAlias, get_args

from voxlogica_core.errors import UsageError

Orientation: TypeAlias = Literal["radiological", "neurological"]
"""The patient's left is at the right of the picture, as seen from the feet; or at the left."""

VARIABLE = "VOXLOGICA_ORIENTATION"


def orientation_from(text: str) -> Orientation:
    """Return the convention that a text names.

    Raises
    ------
    ValueError
        It names none.
    """
    for known in ORIENTATIONS:
        if text == known:
            return known
    raise ValueError(f"{' or '.join(ORIENTATIONS)} is wanted, {text!r} came")


def default_orientation() -> Orientation:
    """Return ``VOXLOGICA_ORIENTATION``, else radiological.

    Raises
    ------
    UsageError
        The variable is set to something else.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return "radiological"
    try:
        return orientation_from(text)
    except ValueError as error:
        raise UsageError(f"{VARIABLE}: {error}") from error


ORIENTATIONS: tuple[Orientation, ...] = get_args(Orientation)
