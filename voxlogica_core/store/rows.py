"""Rows of the table `node` as records and back. Light: the editor reads through it.

A store may have been made by anybody: SQLite holds anything in any column, so each is looked at.
"""

import json
import math
from collections.abc import Sequence

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.plain import plain_value
from voxlogica_core.store.record import NOT_KEPT, InFile, Inline, Missing, Record, Stored
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.kind import Kind, sequence

RECORD_COLUMNS = """id, primitive, version, kind, geometry, nbytes, seconds, created,
    inline, codec, checksum, size"""

Row = tuple[
    bytes,
    str,
    str,
    str,
    str | None,
    int,
    float,
    float,
    str | None,
    str | None,
    str | None,
    int | None,
]

_SEQUENCE = "sequence of "
_LONGEST_KIND = 256  # characters


class RowReader:
    """Turns rows into records; remembers the few kinds and grids that many rows share."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}
        self._grids: dict[str | None, Geometry | None] = {None: None}

    def record(self, row: Row) -> Record | None:
        """Return what a row says; None if it was damaged."""
        blob, primitive, version, kind, grid, nbytes, seconds, created, inline, *_ = row
        if not _is_sound(row):
            return None
        try:
            if kind not in self._kinds:
                self._kinds[kind] = kind_named(kind)
            if grid not in self._grids:
                self._grids[grid] = geometry_from_text(grid or "")
        except ValueError:
            return None
        return Record(
            NodeId(blob.hex()),
            primitive,
            version,
            self._kinds[kind],
            self._grids[grid],
            nbytes,
            seconds,
            created,
            _stored(inline, row[9], row[10], row[11]),
        )


def kind_named(text: str) -> Kind:
    """Return the kind that is written `text`; `ValueError` if that is too long to be one."""
    if len(text) > _LONGEST_KIND:
        raise ValueError(f"a kind of {len(text)} characters is none of ours")
    if text.startswith(_SEQUENCE):
        return sequence(kind_named(text.removeprefix(_SEQUENCE)))
    return Kind(text)


def geometry_text(geometry: Geometry) -> str:
    """Return a grid as JSON, exactly."""
    parts = (geometry.size, geometry.spacing, geometry.origin, geometry.direction)
    return json.dumps(parts, separators=(",", ":"))


def geometry_from_text(text: str) -> Geometry:
    """Return the grid that `geometry_text` wrote; `ValueError` if the text was damaged."""
    try:
        size, spacing, origin, direction = json.loads(text)
        lengths = tuple(int(length) for length in size)
        numbers = [tuple(float(x) for x in part) for part in (spacing, origin, direction)]
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError("the text of a grid is damaged") from error
    count = len(lengths)
    if min(lengths, default=0) < 1 or [len(part) for part in numbers] != [count, count, count**2]:
        raise ValueError("the text of a grid is damaged")
    if min(numbers[0]) <= 0 or not all(math.isfinite(x) for part in numbers for x in part):
        raise ValueError("the text of a grid is damaged")
    return Geometry(lengths, *numbers)


def _is_sound(row: Sequence[object]) -> bool:
    """Return whether every column holds what it should."""
    blob, primitive, version, kind, grid, nbytes, seconds, created, inline, *file = row
    codec, checksum, size = file
    return (
        isinstance(blob, bytes)
        and len(blob) == 32
        and all(isinstance(text, str) for text in (primitive, version, kind))
        and all(text is None or isinstance(text, str) for text in (grid, inline, codec, checksum))
        and all(_is_amount(number) for number in (nbytes, seconds, created))
        and isinstance(nbytes, int)
        and (size is None or (isinstance(size, int) and size >= 0))
    )


def _is_amount(number: object) -> bool:
    return isinstance(number, int | float) and math.isfinite(number) and number >= 0


def _stored(
    inline: str | None, codec: str | None, checksum: str | None, size: int | None
) -> Stored:
    if inline is not None:
        value = plain_value(inline)
        return NOT_KEPT if isinstance(value, Missing) else Inline(value)
    if codec is None or checksum is None or size is None:
        return NOT_KEPT
    return InFile(codec, checksum, size)
