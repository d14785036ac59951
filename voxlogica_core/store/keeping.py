"""Which values are worth their place on the disk: one rule, from measured seconds and bytes."""

from voxlogica_core.values.kind import IMAGE_LIKE, MASK, Kind

_SECONDS_A_BYTE = 0.8e-9
"""Reading, checking and unpacking floats, labels and colours: 16 to 37 ms for 34.7 MB."""

_SECONDS_A_BYTE_OF_MASK = 0.15e-9
"""The same for masks, at one byte a voxel in memory: 0.8 ms for 8.7 MB, the disk apart."""

_SECONDS_A_FILE = 0.2e-3
"""Finding the record and opening the file."""


def keeps(kind: Kind, seconds: float, nbytes: int, *, goal: bool) -> bool:
    """Return whether the value of a node that has run is kept.

    Goals and everything that is not an image always are; an image is, when computing it took
    longer than reading it back would.

    Parameters
    ----------
    kind
        Kind of the value.
    seconds
        How long it took to compute.
    nbytes
        Size of the value in memory.
    goal
        Whether the program asks for it by a print or save.
    """
    return goal or kind not in IMAGE_LIKE or seconds > seconds_to_read(kind, nbytes)


def seconds_to_read(kind: Kind, nbytes: int) -> float:
    """Return how long an image of `nbytes` in memory takes to read back from the store."""
    rate = _SECONDS_A_BYTE_OF_MASK if kind == MASK else _SECONDS_A_BYTE
    return _SECONDS_A_FILE + rate * nbytes
