"""Image files: read with their grid into our kinds, written whole or not at all."""

import errno
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import SimpleITK
from isal import igzip

from voxlogica_core.errors import FileError, InputChanged
from voxlogica_core.plan.outside.input_files import digest_of, extension, files_of, unreadable
from voxlogica_core.primitives.dicom_series import read_series
from voxlogica_core.primitives.image_formats import ANY_IMAGE, PICTURES, header_notes, reader_for
from voxlogica_core.primitives.nifti_files import apart, numbers_lost
from voxlogica_core.primitives.sitk_images import geometry_of, reason, to_sitk, voxels_of
from voxlogica_core.primitives.slices import without_axes
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK

RIGHT_ANGLE = 1e-3
"""By which products of the unit vectors of the axes may differ from those of a right angle."""
_GZIP_LEVEL = 1  # of ISA-L: a few per cent larger than ITK's files
_CHUNK = 2**20
_UNCHECKED, _JPEG = (".nii", ".bmp"), (".jpg", ".jpeg")
_COLOUR_DTYPES = ("uint8", "uint16", "float32")


@dataclass(frozen=True, slots=True, eq=False)
class LoadedImage:
    """An image from a file, and what the user should know of how it was read."""

    image: Image
    notes: tuple[str, ...] = ()


def read_image(path: str, digest: str | None = None) -> LoadedImage:
    """Read an image: scalar voxels become float32, vectors a colour image.

    Parameters
    ----------
    path
        The file; its format is told by its content. Or a folder with one DICOM series.
    digest
        What `image_formats.digest_of` must say of the bytes that are decoded.

    Raises
    ------
    InputChanged
        The bytes have another digest, or changed while they were read.
    FileError
        The file is missing, no image, cut off, or has more than three dimensions.
    """
    before = _states(path)
    if digest is not None and digest_of(path) != digest:
        raise InputChanged(f"{path} is not the file it was when the program was read: run again")
    if os.path.isdir(path):
        found, doubts = read_series(path), ()
    else:
        found = _decoded(path)
        doubts = header_notes(path) + _lost(found, path)
    if _states(path) != before:
        raise InputChanged(f"{path} changed while it was read: run again")
    loaded = _understood(found, path)
    return replace(loaded, notes=doubts + loaded.notes)


def write_image(image: Image, path: str) -> tuple[str, ...]:
    """Write an image; the file appears complete or not at all. Returns notes on what was lost.

    Parameters
    ----------
    image
        Masks are saved as uint8 0 and 1 (in a picture 0 and 255), labels as the smallest
        unsigned integers that fit, images as float32 (in a picture 0 to 255, rounded).
    path
        Where; the extension says the format. Folders are created.

    Raises
    ------
    FileError
        The extension is unknown, the format cannot hold the image, or the disk refuses.
    """
    suffix = ".seg.nrrd" if path.lower().endswith(".seg.nrrd") else extension(path)
    if suffix not in (*ANY_IMAGE, *PICTURES, ".seg.nrrd"):
        formats = ", ".join([*ANY_IMAGE, ".seg.nrrd", *PICTURES])
        raise FileError(f"{path}: images can be saved as {formats}, not as {suffix or 'nothing'}")
    saved, notes = _as_picture(image, path) if suffix in PICTURES else (_as_volume(image), ())
    part = Path(path).with_name(f".{secrets.token_hex(8)}{suffix}")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".nii.gz":
            _write_packed(saved, part)
        else:
            _write_plainly(saved, part)
        os.replace(part, path)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}") from None
    except RuntimeError as error:
        raise FileError(f"{path} cannot be written: {reason(error)}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return notes


def _write_plainly(image: Image, part: Path) -> None:
    """Have ITK write a file, and see to what it does not: that all of it is there.

    On a full disk it cuts off NIfTI files and bitmaps without a word; JPEG ends the process.
    """
    size = image.voxels.nbytes
    if part.suffix in _JPEG and hasattr(os, "posix_fallocate"):
        with part.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, 2 * size + _CHUNK)
    packs = part.suffix not in (".nii", ".mha")
    SimpleITK.WriteImage(to_sitk(image), str(part), useCompression=packs)
    if part.suffix in _UNCHECKED and part.stat().st_size < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _write_packed(image: Image, part: Path) -> None:
    """Write ``.nii.gz`` in a fifth of ITK's time; the same image gives the same bytes."""
    plain = part.with_name(part.name.removesuffix(".gz"))
    try:
        _write_plainly(image, plain)
        with (
            plain.open("rb") as source,
            part.open("wb") as target,
            igzip.IGzipFile(
                filename="", mode="wb", fileobj=target, compresslevel=_GZIP_LEVEL, mtime=0
            ) as packed,
        ):
            shutil.copyfileobj(source, packed, _CHUNK)
    finally:
        plain.unlink(missing_ok=True)


def _decoded(path: str) -> SimpleITK.Image:
    reader = SimpleITK.ImageFileReader()
    reader.SetImageIO(reader_for(path))
    with apart(path) as alone:
        reader.SetFileName(alone)
        try:
            return reader.Execute()
        except RuntimeError as error:
            told = reason(error).replace(alone, path)
        if "orthonormal" in told:
            raise FileError(_sheared(path)) from None
        raise FileError(f"{path} cannot be read as an image: {told}") from None


def _lost(found: SimpleITK.Image, path: str) -> tuple[str, ...]:
    """Say how many voxels of a file ITK has replaced."""
    voxels = voxels_of(found)
    count = numbers_lost(path, voxels) if voxels.dtype.kind == "f" else 0
    return (f"NaN and infinity were read as 0, in {count} voxels",) if count else ()


def _states(path: str) -> list[tuple[int, int, int]]:
    try:
        found = [os.stat(file) for file in files_of(path)]
    except OSError as error:
        raise FileError(unreadable(path, error)) from None
    if not found:
        digest_of(path)  # which says what a folder without images lacks
    return [(state.st_size, state.st_mtime_ns, state.st_ino) for state in found]


def _understood(found: SimpleITK.Image, path: str) -> LoadedImage:
    voxels, geometry = voxels_of(found), geometry_of(found)
    axes = np.reshape(geometry.direction, (geometry.dimension,) * 2)
    if not np.allclose(axes.T @ axes, np.eye(len(axes)), atol=RIGHT_ANGLE):
        raise FileError(_sheared(path))
    spatial, notes = _without_flat_axes(geometry)
    if spatial.dimension > 3:
        raise FileError(
            f"{path} has {spatial.dimension} dimensions, 2 or 3 are wanted: save one of its "
            f"{spatial.size[-1]} volumes as a file of its own"
        )
    components = found.GetNumberOfComponentsPerPixel()
    if components > 1:
        voxels = voxels.reshape((*spatial.shape, components))
        if voxels.dtype.name not in _COLOUR_DTYPES:
            voxels, lost = _as_float32(voxels)
            notes += lost
        return LoadedImage(Image(COLOUR, voxels, spatial), notes)
    voxels, lost = _as_float32(voxels.reshape(spatial.shape))
    return LoadedImage(Image(IMAGE, voxels, spatial), notes + lost)


def _sheared(path: str) -> str:
    return (
        f"the axes of {path} are not at right angles, and distances would be wrong: "
        "resample it onto a straight grid with the tool that made it"
    )


def _without_flat_axes(geometry: Geometry) -> tuple[Geometry, tuple[str, ...]]:
    """Drop axes of size 1, the last first, until two are left."""
    size = geometry.size
    flat = [axis for axis in reversed(range(len(size))) if size[axis] == 1][: len(size) - 2]
    if not flat:
        return geometry, ()
    plain = without_axes(geometry, flat)
    shape = "×".join(map(str, size))
    return plain, (f"its size {shape} was read as {'×'.join(map(str, plain.size))}",)


def _as_float32(voxels: Voxels) -> tuple[Voxels, tuple[str, ...]]:
    if voxels.dtype.kind not in "uif":
        raise FileError(f"voxels of type {voxels.dtype} are not supported: real numbers are wanted")
    with np.errstate(over="ignore"):
        rounded = voxels.astype(np.float32, copy=False)
    if voxels.dtype.itemsize < 4 or voxels.dtype == np.float32:
        return rounded, ()
    with np.errstate(invalid="ignore"):
        change = np.abs(rounded.astype(np.float64) - voxels)
    largest = float(np.nanmax(change, initial=0.0))
    if largest == 0:
        return rounded, ()
    return rounded, (f"its {voxels.dtype} voxels were rounded to float32, by {largest:g} at most",)


def _as_volume(image: Image) -> Image:
    if image.kind != LABELS:
        return image
    return image.labels(image.voxels.astype(np.min_scalar_type(image.voxels.max())))


def _as_picture(image: Image, path: str) -> tuple[Image, tuple[str, ...]]:
    if image.geometry.dimension != 2:
        raise FileError(
            f"{path}: a picture has 2 dimensions, this image has {image.geometry.dimension}; "
            "save slice_image(image, axis, k), or save as .nii.gz"
        )
    if image.kind == MASK:
        return image.labels(image.voxels.astype(np.uint8) * np.uint8(255)), ()
    if image.kind == COLOUR:
        _check_components(image.voxels.shape[-1], path)
    if image.voxels.dtype == np.uint8:
        return image, ()
    voxels = np.nan_to_num(np.clip(np.rint(image.voxels.astype(np.float64)), 0, 255), nan=0.0)
    changed = not np.array_equal(voxels, image.voxels)
    notes = (f"{path}: numbers were rounded and limited to 0...255",) if changed else ()
    kind = COLOUR if image.kind == COLOUR else LABELS
    return Image(kind, voxels.astype(np.uint8), image.geometry), notes


def _check_components(count: int, path: str) -> None:
    allowed = (3, 4) if extension(path) in (".png", ".tif", ".tiff") else (3,)
    if count not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise FileError(
            f"{path}: this format holds colours of {wanted} components, and {count} came"
        )
