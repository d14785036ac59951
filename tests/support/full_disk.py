"""A process on a disk that is full: ``python -m tests.support.full_disk FOLDER SUFFIX …``.

No file of it may grow beyond 64 KiB. It saves noise, which no format can pack below that, and tells
for each format what was said and what is left in the folder.
"""

import os
import resource
import sys
from pathlib import Path

import numpy as np

from voxlogica_core.errors import FileError
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.primitives.image_formats import PICTURES
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import LABELS

_MOST = 2**16


def main(folder: Path, suffixes: list[str]) -> None:
    """Save an image in every format; print a line for each."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST, _MOST))
    for suffix in suffixes:
        sizes = (600, 400) if suffix in PICTURES else (60, 100, 40)
        voxels = np.random.default_rng(1).integers(0, 255, sizes[::-1]).astype(np.uint8)
        image = Image(LABELS, voxels, plain_geometry(sizes))
        try:
            write_image(image, str(folder / f"a{suffix}"))
            told = "saved"
        except FileError as error:
            told = "refused" if "cannot be written" in str(error) else str(error)
        sys.stdout.write(f"{suffix} {told} {os.listdir(folder)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
