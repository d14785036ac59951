"""Formats of image files: told by their first bytes; refuses what is cut off. Reads no voxels."""

import os
import struct
import zlib

from voxlogica_core.errors import FileError
from voxlogica_core.plan.input_files import HEAD, extension, head_of, header_fields

ANY_IMAGE = (".nii", ".nii.gz", ".mha", ".nrrd")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
_MAGIC = (
    (b"\x89PNG", "PNGImageIO"),
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
        return
    dimensions = struct.unpack_from(order + "8h", head, 40)
    (bits,) = struct.unpack_from(order + "h", head, 72)
    (start,) = struct.unpack_from(order + "f", head, 108)
    voxels = 1
    for length in dimensions[1 : 1 + max(dimensions[0], 0)]:
        voxels *= max(length, 1)
    wanted = int(start) + voxels * bits // 8
    _refuse_short(path, wanted, _length(path, wanted))


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
    if fields["ElementDataFile"] != "LOCAL" or fields.get("CompressedData", "") == "True":
        return
    wanted = _META_BYTES.get(fields["ElementType"], 1)
    for length in [*fields["DimSize"].split(), fields.get("ElementNumberOfChannels", "1")]:
        wanted *= int(length) if length.isdigit() else 1
    start = head.index(b"\n", head.index(b"ElementDataFile")) + 1
    _refuse_short(path, start + wanted, os.path.getsize(path))
