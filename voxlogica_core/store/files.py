"""Payload files: written whole or not at all, read only inside the store's folder.

A payload is written under a name that is nobody's, then renamed. It is not forced to the disk:
that costs 5 to 12 ms a file and buys nothing that the checksum does not give, as a file that a
loss of power cut short is a miss. What a killed process left half written is removed by the next
one that has the store to itself.
"""

import os
import stat
import threading
from io import FileIO
from pathlib import Path

from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.payload import Encoded

_PART = "part-"
# A file put there by somebody else may be a link or a pipe: neither is followed or waited for.
_CAUTIOUS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def write_payload(layout: Layout, node: NodeId, encoded: Encoded) -> None:
    """Write the payload of `node`, in the place of what is there.

    Raises
    ------
    StoreError
        The disk is full or not writable; nothing is left of the file.
    """
    target = layout.payload(node)
    part = layout.payloads / f"{_PART}{os.getpid()}-{threading.get_ident()}"
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        _write(part, encoded)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            f"a result of {encoded.stored.size:,} bytes cannot be kept in {layout.folder}: "
            f"{error.strerror}; make room there, or choose another folder with --store"
        ) from error


def read_payload(layout: Layout, node: NodeId, size: int) -> bytes | None:
    """Return the bytes of a payload; None unless it is a file of `size` bytes in the folder."""
    path = layout.payload(node)
    inside = Path(os.path.realpath(layout.payloads)) / path.parent.name
    if os.path.realpath(path.parent) != str(inside):
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | _CAUTIOUS)
    except OSError:
        return None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size != size:
            return None
        return FileIO(descriptor, closefd=False).readall()
    except OSError:
        return None
    finally:
        os.close(descriptor)


def sweep(layout: Layout) -> None:
    """Remove what killed processes left half written; the caller has the store to itself."""
    for part in layout.payloads.glob(f"{_PART}*"):
        part.unlink(missing_ok=True)


def _write(path: Path, encoded: Encoded) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb", buffering=0) as file:
        for part in encoded.parts:
            rest = memoryview(part)
            while rest:
                rest = rest[file.write(rest) :]
