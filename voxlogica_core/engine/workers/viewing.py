"""Values as files that a viewer of volumes can open. Decides nothing about how they look.

Scalar images become ``.nii`` (whole numbers with as few bytes as hold them), masks and labels
``.nii.gz`` (a hundredth of the size, unpacked faster than it is sent), colours ``.nii`` with three
bytes a voxel. Beside each value a JSON file says what it is; it is written last, so that where it
is, all is.
"""

import json
import os
import secrets
import struct
from base64 import b64encode
from pathlib import Path
from typing import TypeAlias

import numpy as np

from voxlogica_core.engine.workers.saving import write_whole
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.preview import preview
from voxlogica_core.store.record import Value
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE
from voxlogica_core.values.written import json_able

MOST_ITEMS = 64
"""Images of a sequence that are written; how many there are is told besides."""

_HEADER = struct.Struct("<i 36x 8h 14x 2h 2x 8f f 5f 16x 104x 2h 6f 12f 16x 4s 4x")
_RGB24 = 128
_MOST_WHOLE = 65535
_SCANNER = 1

View: TypeAlias = dict[str, object]
"""What a viewer is told of a value; JSON."""


def side_file(folder: Path, node: str) -> Path:
    """Return the file that says what the value of a node is, once it has been written."""
    return folder / f"{node}.json"


def write_view(value: Value, node: str, folder: Path) -> View:
    """Write a value for a viewer, and return what it is.

    Parameters
    ----------
    node
        Names the files.
    folder
        Where; made when it is not there, for the user alone.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    view = _view(value, folder / node)
    write_whole(side_file(folder, node), json.dumps(view))
    return view


def _view(value: Value, stem: Path) -> View:
    match value:
        case Image():
            return _image_view(value, stem)
        case tuple() if any(isinstance(item, Image) for item in value):
            shown = value[:MOST_ITEMS]
            items = [_view(each, Path(f"{stem}-{n}")) for n, each in enumerate(shown)]
            return {"form": "sequence", "items": items, "count": len(value)}
        case _:
            return {"form": "value", "value": json_able(value)}


def _image_view(image: Image, stem: Path) -> View:
    kind = image.kind
    path = Path(f"{stem}.nii" if kind in (IMAGE, COLOUR) else f"{stem}.nii.gz")
    if kind == COLOUR:
        _write_colour(image, path)
    else:
        write_image(_smallest(image), str(path))
    picture = preview(image)
    return {
        "form": "image",
        "kind": str(kind),
        "file": str(path),
        "bytes": path.stat().st_size,
        "size": image.geometry.size,
        "spacing": image.geometry.spacing,
        "statistics": json.loads(picture.statistics.to_json()),
        "picture": b64encode(picture.png).decode(),
    }


def _smallest(image: Image) -> Image:
    """Return an image of whole numbers from 0 to 65535 with one or two bytes for each, not four."""
    voxels = image.voxels
    if image.kind != IMAGE or not (voxels.min() >= 0 and voxels.max() <= _MOST_WHOLE):
        return image
    small = voxels.astype(np.min_scalar_type(int(voxels.max())))
    return image.labels(small) if np.array_equal(small, voxels) else image


def _write_colour(image: Image, path: Path) -> None:
    """Write NIfTI with three bytes a voxel; 16-bit and float components lose what a screen does."""
    voxels = _three_bytes(image)
    part = path.with_name(f".{secrets.token_hex(8)}.nii")
    with part.open("wb") as file:
        file.write(_colour_header(image.geometry))
        file.write(np.ascontiguousarray(voxels).data)
    os.replace(part, path)


def _three_bytes(image: Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    voxels = image.voxels
    if voxels.dtype != np.uint8:
        largest = 65535.0 if voxels.dtype == np.uint16 else max(float(np.nanmax(voxels)), 1e-30)
        scaled = np.nan_to_num(voxels.astype(np.float64)) * (255.0 / largest)
        voxels = np.rint(scaled).clip(0, 255).astype(np.uint8)
    components = voxels.shape[-1]
    return voxels[..., :3] if components >= 3 else np.repeat(voxels[..., :1], 3, axis=-1)


def _colour_header(geometry: Geometry) -> bytes:
    n = geometry.dimension
    size = (*geometry.size, *(1,) * (7 - n))
    spacing = (*geometry.spacing, *(1.0,) * (7 - n))
    rows = _rows(geometry)
    return _HEADER.pack(
        348, n, *size, _RGB24, 24, 1.0, *spacing, 352.0, 0.0, 0.0, *(0.0,) * 3,
        0, _SCANNER, *(0.0,) * 6, *rows, b"n+1\0",
    )  # fmt: skip


def _rows(geometry: Geometry) -> list[float]:
    """Return three rows of the matrix from voxels to mm, x to the right and y to the front."""
    n = geometry.dimension
    direction = np.eye(3)
    direction[:n, :n] = np.reshape(geometry.direction, (n, n))
    spacing, origin = np.ones(3), np.zeros(3)
    spacing[:n], origin[:n] = geometry.spacing, geometry.origin
    matrix = np.column_stack([direction * spacing, origin])
    matrix[:2] *= -1  # ours looks to the left and to the back
    return [float(number) for number in matrix.reshape(-1)]
