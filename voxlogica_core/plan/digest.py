"""The one digest: canonical bytes of a node, hashed by SHA-256. No JSON, no text of programs.

Every record begins with the encoding's version and a tag; texts and lists carry their length, so
that no two different nodes share their bytes. Numbers are IEEE 754 binary64, big endian, with one
NaN; ids enter as their 32 raw bytes.
"""

import math
import struct
from collections.abc import Sequence
from hashlib import sha256

from voxlogica_core.plan.node import LoopOperation, NodeId, Scalar

ENCODING = "voxlogica-node-1"

_PREFIX = ENCODING.encode() + b"\0"
_LENGTH = struct.Struct(">I").pack
_NAN = struct.pack(">d", math.nan)
_LOOP_TAGS: dict[LoopOperation, bytes] = {"map": b"M", "filter": b"F"}


def literal_id(value: Scalar) -> NodeId:
    """Return the id of a scalar; the type counts, so ``1`` and ``true`` differ."""
    match value:
        case bool():
            return _hash(b"B" + (b"\1" if value else b"\0"))
        case str():
            return _hash(b"S" + _text(value))
        case _:
            return _hash(b"N" + (_NAN if math.isnan(value) else struct.pack(">d", value)))


def apply_id(primitive: str, version: str, inputs: Sequence[NodeId]) -> NodeId:
    """Return the id of a primitive, by qualified name, applied to inputs."""
    return applied_id(applying(primitive, version), inputs)


def applying(primitive: str, version: str) -> bytes:
    """Return how the records of all applications of a primitive begin, for `applied_id`."""
    return _PREFIX + b"A" + _text(primitive) + _text(version)


def applied_id(applying: bytes, inputs: Sequence[NodeId]) -> NodeId:
    """Return the same id as `apply_id`, in half the time."""
    record = applying + _LENGTH(len(inputs)) + bytes.fromhex("".join(inputs))
    return NodeId(sha256(record).hexdigest())


def read_id(decoder: str, version: str, digest: str) -> NodeId:
    """Return the id of bytes from outside, read by a decoder."""
    return _hash(b"R" + _text(decoder) + _text(version) + bytes.fromhex(digest))


def array_id(items: Sequence[NodeId]) -> NodeId:
    """Return the id of a sequence whose items are known."""
    return _hash(b"L" + _ids(items))


def loop_id(operation: LoopOperation, body: NodeId, source: NodeId) -> NodeId:
    """Return the id of a body for each item of a source."""
    return _hash(_LOOP_TAGS[operation] + _ids((body, source)))


def fold_id(body: NodeId, initial: NodeId | None, source: NodeId) -> NodeId:
    """Return the id of a fold; with and without an initial value differ by length."""
    rest = () if initial is None else (initial,)
    return _hash(b"O" + _ids((body, source, *rest)))


def bound_id(index: int) -> NodeId:
    """Return the id of the variable of the loop `index` loops further out."""
    return _hash(b"V" + _LENGTH(index))


def variable_id(serial: int) -> NodeId:
    """Return the id of a binder's variable, unique within one reduction."""
    return _hash(b"X" + struct.pack(">Q", serial))


def hole_id() -> NodeId:
    """Return the id of the grid that is still missing."""
    return _hash(b"H")


def origin_id(node: NodeId) -> NodeId:
    """Return the id of the yet unknown origin of an open node."""
    return _hash(b"G" + bytes.fromhex(node))


def _hash(record: bytes) -> NodeId:
    return NodeId(sha256(_PREFIX + record).hexdigest())


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return _LENGTH(len(encoded)) + encoded


def _ids(ids: Sequence[NodeId]) -> bytes:
    return _LENGTH(len(ids)) + bytes.fromhex("".join(ids))
