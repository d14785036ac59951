"""Scratch: images that have no room in memory, in a file without a name. Decides not which.

The file is unlinked as soon as it is open: whatever ends the process, nothing is left behind. It is
no part of the store: what lies here is needed again in this run, worth keeping or not.
"""

import os
import tempfile
import weakref
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import Kind

_PLACES = (Path("/var/tmp"), Path(tempfile.gettempdir()))
"""Where to put it when there is no store: `/tmp` may itself be memory."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Spilled:
    """An image on the disk. Its place is used again once nobody has this any more."""

    scratch: "Scratch"
    offset: int
    kind: Kind
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    geometry: Geometry

    def load(self) -> Image:
        """Return the image, read anew."""
        voxels = np.empty(self.shape, self.dtype)
        self.scratch.read(self.offset, voxels.reshape(-1).view(np.uint8))
        return Image(self.kind, voxels, self.geometry)


class Scratch:
    """A file for the images of one run, made when the first of them comes.

    Parameters
    ----------
    folder
        Where there is room for large files; None: wherever temporary files are.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file: int | None = None
        self._end = 0
        self._free: dict[int, list[int]] = {}  # offsets, by size: images mostly have one size
        self._returned: deque[tuple[int, int]] = deque()  # by whatever thread let go of them

    def put(self, image: Image) -> Spilled:
        """Write an image; one thread at a time.

        Raises
        ------
        OSError
            The disk is full.
        """
        voxels = np.ascontiguousarray(image.voxels)
        content = voxels.reshape(-1).view(np.uint8)
        offset = self._place(content.nbytes)
        try:
            self._write(offset, content)
        except OSError:
            self._returned.append((content.nbytes, offset))
            raise
        spilled = Spilled(self, offset, image.kind, voxels.dtype, voxels.shape, image.geometry)
        place = (content.nbytes, offset)
        weakref.finalize(spilled, self._returned.append, place).atexit = False
        return spilled

    def read(self, offset: int, into: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> None:
        """Fill an array with the bytes that begin at `offset`; any thread may."""
        assert self._file is not None
        done = 0
        while done < into.nbytes:
            done += os.preadv(self._file, [into[done:].data], offset + done)

    def _place(self, size: int) -> int:
        if self._file is None:
            with tempfile.TemporaryFile(dir=self._where()) as file:
                self._file = os.dup(file.fileno())
            weakref.finalize(self, os.close, self._file)
        while self._returned:
            length, offset = self._returned.popleft()
            self._free.setdefault(length, []).append(offset)
        if free := self._free.get(size):
            return free.pop()
        self._end += size
        return self._end - size

    def _where(self) -> Path | None:
        places = [self._folder] if self._folder else _PLACES
        return next((p for p in places if p.is_dir() and os.access(p, os.W_OK)), None)

    def _write(self, offset: int, content: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> None:
        assert self._file is not None
        done = 0
        while done < content.nbytes:
            done += os.pwrite(self._file, content[done:].data, offset + done)
