"""Formats of image files: told by their first bytes; refuses what is cut off. Reads no voxels."""

import math
import os
import struct
import zlib

from voxlogica_core.errors import FileError
from voxlogica_core.plan.outside.input_files import (
    HEAD,
    extension,
    files_of,
    head_of,
    header_fields,
)

ANY_IMAGE = (".nii", ".nii.gz", ".mha", ".nrrd")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
_PNG = b"\x89PNG"
_GREY_AND_OPACITY = b"\4"  # colour type in the header of a PNG
_MAGIC = (
    (_PNG, "PNGImageIO"),
    (b"\xff\xd8\xff", "JPEGImageIO"),
    (b"BM", "BMPImageIO"),
    (b"II*\0", "TIFFImageIO"),
    (b"MM\0*", "TIFFImageIO"),
    (b"NRRD", "NrrdImageIO"),
)
_OTHERS = (".dcm", ".gipl", ".mnc", ".vtk", ".mrc", ".lsm", ".hdf5", ".h5", ".pic", ".spr")
_NIFTI_BYTES = 348
_META_BYTES = {
    "MET_SHORT": 2,
    "MET_USHORT": 2,
    "MET_INT": 4,
    "MET_UINT": 4,
    "MET_FLOAT": 4,
    "MET_DOUBLE": 8,
    "MET_LONG_LONG": 8,
    "MET_ULONG_LONG": 8,
}


def reader_for(path: str) -> str:
    """Return the name of ITK's reader for a file, "" where ITK must find out itself.

    Raises
    ------
    FileError
        The file is missing, a folder, no image, or shorter than its header says.
    """
    head = head_of(path)
    _check_companions(path, head)
    if head.startswith(_PNG) and head[25:26] == _GREY_AND_OPACITY:
        raise FileError(
            f"{path} holds grey and opacity, which is not supported: save it as grey or as RGBA"
        )
    for magic, reader in _MAGIC:
        if head.startswith(magic):
            return reader
    plain = _inflated(head) if head.startswith(b"\x1f\x8b") else head
    if order := _nifti_order(plain):
        _check_nifti(path, plain, order)
        return "NiftiImageIO"
    if extension(path) in (".mha", ".mhd") and b"ElementDataFile" in head:
        _check_meta(path, head)
        return "MetaImageIO"
    if head[128:132] == b"DICM":
        return "GDCMImageIO"
    if extension(path) in _OTHERS:
        return ""
    raise FileError(
        f"{path} is no image in a format known here: "
        f"wanted are {', '.join([*ANY_IMAGE, *PICTURES])} or DICOM"
    )


def nifti_header(path: str) -> tuple[str, bytes] | None:
    """Return the byte order and the header of a NIfTI file; None of another file."""
    head = head_of(path)
    plain = _inflated(head) if head.startswith(b"\x1f\x8b") else head
    order = _nifti_order(plain)
    return (order, plain) if order else None


def header_notes(path: str) -> tuple[str, ...]:
    """Return what is doubtful about a header that ITK reads without a word."""
    found = nifti_header(path)
    if found is None:
        return ()
    order, plain = found
    axes = max(0, min(struct.unpack_from(order + "h", plain, 40)[0], 3))
    steps = struct.unpack_from(f"{order}{axes}f", plain, 80)
    if all(math.isfinite(step) and step != 0 for step in steps):
        return ()
    return ("its header does not state the size of voxels along every axis: 1 mm was taken",)


def _check_companions(path: str, head: bytes) -> None:
    """Refuse a header whose voxels are elsewhere and not in one file that is there."""
    fields = header_fields(head, b"=") if b"ElementDataFile" in head else {}
    if head.startswith(b"NRRD"):
        fields = header_fields(head.partition(b"\n\n")[0], b":")
    named = [fields.get(name, "LOCAL") for name in ("ElementDataFile", "data file", "datafile")]
    elsewhere = [name for name in named if name != "LOCAL"]
    if elsewhere and len(files_of(path)) < 2:
        raise FileError(
            f"{path} is a header whose voxels are in {elsewhere[0]}: one file of that name is "
            "wanted beside it, and the header's own name must end in .mhd or .nhdr"
        )


def _inflated(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD)
    except zlib.error:
        return b""


def _nifti_order(head: bytes) -> str:
    """Return the byte order of a NIfTI-1 or Analyze header, "" if it is none."""
    if len(head) < _NIFTI_BYTES:
        return ""
    return next((o for o in "<>" if struct.unpack_from(o + "i", head)[0] == _NIFTI_BYTES), "")


def _check_nifti(path: str, head: bytes, order: str) -> None:
    """Refuse a truncated file: ITK would fill the missing voxels with zeros, silently."""
    if head[344:347] != b"n+1":
        _check_pair(path)
        return
    dimensions = struct.unpack_from(order + "8h", head, 40)
    sizes = dimensions[1 : 1 + max(dimensions[0], 0)]
    if not 2 <= dimensions[0] <= 7 or min(sizes) < 1:
        stated = "×".join(map(str, sizes)) or "nothing"
        raise FileError(f"{path} is broken: its header states a size of {stated}; copy it again")
    (bits,) = struct.unpack_from(order + "h", head, 72)
    (start,) = struct.unpack_from(order + "f", head, 108)
    voxels = 1
    for length in sizes:
        voxels *= length
    wanted = int(start) + voxels * bits // 8
    _refuse_short(path, wanted, _length(path, wanted))


def _check_pair(path: str) -> None:
    """Refuse a header without its voxels: ITK would take those of another file of its name."""
    if extension(path) in (".hdr", ".img", ".img.gz") and len(files_of(path)) < 2:
        raise FileError(
            f"{path} is one of a pair of files, .hdr and .img: the other one is wanted beside it"
        )


def _refuse_short(path: str, wanted: int, came: int) -> None:
    if came < wanted:
        raise FileError(
            f"{path} is cut off: its header promises {wanted} bytes, and {came} are there; "
            "copy or download it again"
        )


def _length(path: str, wanted: int) -> int:
    """Return how many bytes a file holds, inflated; counts them only when in doubt."""
    with open(path, "rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return os.path.getsize(path)
        file.seek(-4, os.SEEK_END)
        if struct.unpack("<I", file.read(4))[0] == wanted % 2**32:
            return wanted
        file.seek(0)
        return _inflated_length(file.read())


def _inflated_length(content: bytes) -> int:
    length = 0
    while content.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(wbits=31)
        try:
            length += len(member.decompress(content))
        except zlib.error:
            return length
        content = member.unused_data
    return length


def _check_meta(path: str, head: bytes) -> None:
    """Refuse a broken MetaImage: ITK would complain on standard error."""
    fields = header_fields(head, b"=")
    if not {"NDims", "DimSize", "ElementType"} <= fields.keys():
        raise FileError(f"{path} has no complete MetaImage header: copy or download it again")
    if fields.get("CompressedData", "") == "True":
        return
    wanted = _META_BYTES.get(fields["ElementType"], 1)
    for length in [*fields["DimSize"].split(), fields.get("ElementNumberOfChannels", "1")]:
        wanted *= int(length) if length.isdigit() else 1
    *_, voxels = files_of(path)
    start = 0
    if voxels == path:
        start = head.index(b"\n", head.index(b"ElementDataFile")) + 1
    _refuse_short(voxels, start + wanted, os.path.getsize(voxels))
