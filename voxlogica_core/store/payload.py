"""Payloads: values as the bytes of a file and back. Touches no file and no database.

A payload is a magic word, the length of a header, the header (JSON: kind, type, shape and grid of
an image) and one zstd frame. Voxels are written byte plane by byte plane (`planes.py`), masks at
one bit a voxel. Figures for 197×233×189 voxels (8.7 million, 34.7 MB as float32), write / read /
size: a brain 19 ms / 16 ms / 2.1 MB, ranks of its voxels 30 / 21 / 6.2, distances 90 / 37 / 16.6,
a mask 1.3 / 0.8 / 0.07 (0.07 bit a voxel). Level 1 takes 8 to 20 % longer for 10 to 17 % less room.

What is read was perhaps not written by us: nothing is allocated before the sizes that the record,
the header and the frame speak of agree.
"""

import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import zstandard

from voxlogica_core.store.plain import plain_value
from voxlogica_core.store.planes import packed, unpacked
from voxlogica_core.store.record import MISSING, InFile, Missing, Record, Value
from voxlogica_core.store.rows import geometry_from_text, geometry_text, kind_named
from voxlogica_core.values.image import Image, Voxels
from voxlogica_core.values.kind import COLOUR, MASK, Kind

PLANES = "planes-zstd"
BITS = "bits-zstd"
JSON = "json-zstd"

_MAGIC = b"voxlogica1"
_LENGTH = struct.Struct(">I")
_LARGEST_HEADER = 4096
_LARGEST_VALUE = 2**36
_LEVEL = -1
_TYPES = frozenset({"bool", "uint8", "uint16", "uint32", "float32"})


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value as the bytes of a file, in parts to be written one after the other."""

    parts: tuple[bytes, ...]
    stored: InFile


@dataclass(frozen=True, slots=True)
class _Header:
    kind: Kind
    dtype: str
    shape: tuple[int, ...]
    geometry: str


def encode_image(image: Image) -> Encoded:
    """Return an image as the bytes of a payload file."""
    fields = {
        "kind": str(image.kind),
        "dtype": image.voxels.dtype.name,
        "shape": image.voxels.shape,
        "geometry": geometry_text(image.geometry),
    }
    header = json.dumps(fields).encode()
    if image.kind == MASK:
        return _encoded(BITS, header, _compressed(np.packbits(image.voxels).data))
    width = _width(image.kind, image.voxels.dtype, image.voxels.shape)
    return _encoded(PLANES, header, *packed(image.voxels, width, _LEVEL))


def encode_text(text: str) -> Encoded:
    """Return a large value without images, written by `plain_text`, as the bytes of a file."""
    return _encoded(JSON, b"{}", _compressed(text.encode()))


def decode(content: bytes, record: Record) -> Value | Missing:
    """Return the value in a payload file; `MISSING` unless every byte is what the record says."""
    stored = record.stored
    if not isinstance(stored, InFile) or len(content) != stored.size:
        return MISSING
    if sha256(content).hexdigest() != stored.checksum:
        return MISSING
    try:
        return _decoded(content, record, stored.codec)
    except (ValueError, KeyError, TypeError, RecursionError, MemoryError, struct.error):
        return MISSING
    except zstandard.ZstdError:
        return MISSING


def _decoded(content: bytes, record: Record, codec: str) -> Value | Missing:
    start = len(_MAGIC) + _LENGTH.size
    (length,) = _LENGTH.unpack_from(content, len(_MAGIC))
    if not content.startswith(_MAGIC) or length > _LARGEST_HEADER:
        return MISSING
    header, frame = content[start : start + length], memoryview(content)[start + length :]
    if codec == JSON:
        # A number, counted as 8 bytes, takes at most 25 characters; a character at most 12.
        text = _decompressed(frame, 16 * record.nbytes)
        return MISSING if text is None else plain_value(text.decode())
    return _image(_header(header), record, codec, frame)


def _image(header: _Header, record: Record, codec: str, frame: memoryview) -> Image | Missing:
    if not _fits(header, record) or codec != (BITS if record.kind == MASK else PLANES):
        return MISSING
    count = math.prod(header.shape)
    if codec == BITS:
        voxels = _from_bits(frame, count)
    else:
        dtype = np.dtype(header.dtype)
        width = _width(record.kind, dtype, header.shape)
        rows = unpacked(frame, record.nbytes // width, width)
        voxels = None if rows is None else rows.reshape(-1).view(dtype)
    if voxels is None or record.geometry is None:
        return MISSING
    return Image(record.kind, voxels.reshape(header.shape), record.geometry)


def _fits(header: _Header, record: Record) -> bool:
    """Return whether a header says what the record says, grid and size in bytes included."""
    if record.geometry is None or header.dtype not in _TYPES:
        return False
    spatial = header.shape[:-1] if record.kind == COLOUR else header.shape
    nbytes = math.prod(header.shape) * np.dtype(header.dtype).itemsize
    return (
        header.kind == record.kind
        and spatial == record.geometry.shape
        and geometry_from_text(header.geometry) == record.geometry
        and nbytes == record.nbytes
        and 0 < nbytes <= _LARGEST_VALUE
    )


def _header(text: bytes) -> _Header:
    fields = json.loads(text)
    shape = tuple(int(length) for length in fields["shape"])
    kind = kind_named(str(fields["kind"]))
    return _Header(kind, str(fields["dtype"]), shape, str(fields["geometry"]))


def _decompressed(frame: memoryview, largest: int) -> bytes | None:
    """Return what a frame holds; None if that is more than `largest`, as it says itself before."""
    size = zstandard.frame_content_size(frame)
    if not 0 <= size <= min(largest, _LARGEST_VALUE):
        return None
    raw = zstandard.ZstdDecompressor().decompress(frame, max_output_size=size)
    return raw if len(raw) == size else None


def _compressed(raw: bytes | memoryview) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(raw)


def _encoded(codec: str, header: bytes, *frame: bytes) -> Encoded:
    parts = (_MAGIC + _LENGTH.pack(len(header)) + header, *frame)
    digest = sha256()
    for part in parts:
        digest.update(part)
    return Encoded(parts, InFile(codec, digest.hexdigest(), sum(map(len, parts))))


def _width(kind: Kind, dtype: np.dtype[np.generic], shape: Sequence[int]) -> int:
    """Return the bytes of one voxel, all components of a colour together."""
    return dtype.itemsize * (shape[-1] if kind == COLOUR else 1)


def _from_bits(frame: memoryview, count: int) -> Voxels | None:
    size = (count + 7) // 8
    raw = _decompressed(frame, size)
    if raw is None or len(raw) != size:
        return None
    return np.unpackbits(np.frombuffer(raw, np.uint8), count=count).view(np.bool_)
