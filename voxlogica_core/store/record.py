"""What the store says and is told: records, statistics, previews. Light: the editor imports it.

Nothing here reads or writes; nothing here imports numpy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxlogica_core.plan.node import NodeId
    from voxlogica_core.values.geometry import Geometry
    from voxlogica_core.values.image import Image
    from voxlogica_core.values.kind import Kind

Plain: TypeAlias = float | bool | str | tuple["Plain", ...] | Mapping[str, "Plain"] | None
"""A value without images: numbers, truth values, texts, None, and sequences and records of them."""

Value: TypeAlias = Union["Image", Plain, tuple["Value", ...]]
"""Whatever a node can be worth."""


class Missing(Enum):
    """The type of `MISSING`, so that "absent" can never be mistaken for the value None."""

    MISSING = "missing"


MISSING = Missing.MISSING
"""There is no value here (any more): make it again."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A value that stands in the record itself."""

    value: Value


@dataclass(frozen=True, slots=True)
class InFile:
    """A value in a payload file of its own.

    Parameters
    ----------
    codec
        How its bytes are written; see `payload.py`.
    checksum
        SHA-256 of the whole file, hexadecimal.
    size
        Length of the file in bytes.
    """

    codec: str
    checksum: str
    size: int


@dataclass(frozen=True, slots=True)
class NotKept:
    """The node has run, its value is made again when needed."""


Stored = Inline | InFile | NotKept
NOT_KEPT = NotKept()


@dataclass(frozen=True, slots=True)
class Record:
    """What is known about a node that has run.

    Parameters
    ----------
    primitive, version
        What computed it; for readings the decoder, for the rest the kind of node.
    kind
        Kind of the value.
    geometry
        Grid of an image; None for everything else.
    nbytes
        Size of the value in memory.
    seconds
        How long it took to compute.
    created
        When, in seconds since 1970.
    stored
        Where the value is.
    """

    id: NodeId
    primitive: str
    version: str
    kind: Kind
    geometry: Geometry | None
    nbytes: int
    seconds: float
    created: float
    stored: Stored

    @property
    def is_kept(self) -> bool:
        """Whether the value can be had without computing: `kept`, else `known`."""
        return not isinstance(self.stored, NotKept)


@dataclass(frozen=True, slots=True)
class Written:
    """A payload that somebody else has written, under a name that is nobody's.

    Parameters
    ----------
    part
        That name, in the folder of payloads.
    stored
        What is recorded of it.
    nbytes, geometry
        Of the value.
    """

    part: str
    stored: InFile
    nbytes: int
    geometry: Geometry


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A node that has just run, handed over to be recorded.

    Parameters
    ----------
    inputs
        Nodes it was computed from, in order.
    value
        What it is worth. A sequence that holds images is recorded without its value: its items
        are nodes of their own.
    keep
        Whether the value itself is worth its place; see `keeping.keeps`. Values without images
        are always kept.
    named
        The value of a declaration or goal: gets statistics and a picture.
    background
        Gives the image a mask or label map is drawn on; asked when the picture is made.
    written
        Where its payload lies already; the value may then be None.
    """

    id: NodeId
    primitive: str
    version: str
    inputs: tuple[NodeId, ...]
    kind: Kind
    value: Value
    seconds: float
    keep: bool
    named: bool = False
    background: Callable[[], Image | None] | None = None
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that a node was read from: its name without folder, and SHA-256 of its bytes."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of values in equal steps from `low` to `high`, at most 64 of them.

    Images of more than a million voxels are counted on a regular sample of them.
    """

    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers about an image, mask or label map.

    Parameters
    ----------
    minimum, maximum, mean, deviation
        Over the finite voxels; None where there is none.
    not_finite
        Number of voxels that are infinite or no number.
    histogram
        None for masks and where no voxel is finite.
    voxels
        Voxels that are not zero (masks: true; colour: any component).
    volume
        Volume of these in mm³ (in 2-D their area in mm²).
    box
        First and last index, along x, y[, z], of the box round these; None where there is none.
    """

    minimum: float | None
    maximum: float | None
    mean: float | None
    deviation: float | None
    not_finite: int
    histogram: Histogram | None
    voxels: int
    volume: float
    box: tuple[tuple[int, ...], tuple[int, ...]] | None

    def to_json(self) -> str:
        """Return the statistics as JSON text."""
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture (PNG) of a value and its statistics."""

    png: bytes
    statistics: Statistics


def statistics_from_json(text: str) -> Statistics:
    """Return the statistics that `Statistics.to_json` wrote."""
    fields = json.loads(text)
    if histogram := fields["histogram"]:
        counts = tuple(histogram["counts"])
        fields["histogram"] = Histogram(histogram["low"], histogram["high"], counts)
    if box := fields["box"]:
        fields["box"] = (tuple(box[0]), tuple(box[1]))
    return Statistics(**fields)
