"""Backgrounds of previews: the image a mask's grid comes from, read again if it is not there."""

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeAlias

from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.plan.node import Apply, NodeId, Read
from voxlogica_core.plan.plan import Plan
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import Kind

Background: TypeAlias = Callable[[], Image | None]
"""Gives an image when it is asked for."""


class Reading(Protocol):
    """How an image comes from a file."""

    def read(self, path: str, digest: str) -> tuple[Image, tuple[str, ...]]:
        """Return the image in a file whose bytes have this digest, and notes on the reading."""
        ...


@dataclass(frozen=True, slots=True)
class _Seen:
    """An image that was read, as long as somebody else holds its voxels."""

    kind: Kind
    voxels: weakref.ref[Voxels]
    geometry: Geometry

    def image(self) -> Image | None:
        voxels = self.voxels()
        return None if voxels is None else Image(self.kind, voxels, self.geometry)


@dataclass(slots=True)
class Backgrounds:
    """Gives the images that masks are drawn on; holds the last one only.

    An image that the run has read and still holds is not read again: 25 ms, and its memory.

    Parameters
    ----------
    files
        Reads images.
    plan
        Knows the reads, and where their bytes are found.
    """

    files: Reading
    plan: Plan
    _seen: dict[NodeId, _Seen] = field(default_factory=dict["NodeId", "_Seen"])
    _last: tuple[NodeId, Image | None] | None = None
    _reading: threading.Lock = field(default_factory=threading.Lock)  # one file is read once

    def note(self, read: NodeId, image: Image) -> None:
        """Remember an image that was read without holding it."""
        self._seen[read] = _Seen(image.kind, weakref.ref(image.voxels), image.geometry)

    def behind(self, node: Apply) -> Background | None:
        """Return what gives the image that a node's grid comes from, None if it is no file's."""
        origin = self.plan.nodes.get(node.origin) if node.origin else None
        if not isinstance(origin, Read) or origin.id not in self.plan.sources:
            return None
        return partial(self._read, origin)

    def _read(self, origin: Read) -> Image | None:
        with self._reading:
            if self._last is None or self._last[0] != origin.id:
                seen = self._seen.get(origin.id)
                self._last = (origin.id, (seen and seen.image()) or self._fresh(origin))
            return self._last[1]

    def _fresh(self, origin: Read) -> Image | None:
        try:
            return self.files.read(self.plan.sources[origin.id], origin.digest)[0]
        except VoxLogicaError:  # the file is gone or has changed: a picture needs no background
            return None
