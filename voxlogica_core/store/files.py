"""Payload files: written whole or not at all, read only inside the store's folder.

A payload is written under a name that is nobody's, then renamed; the caller renames and removes
under the store's lock, so that nobody removes what another has just put there. It is not forced to
the disk: that costs 5 to 12 ms a file and buys nothing that the checksum does not give, as a file
that a loss of power cut short is a miss. What a killed process left half written is removed by the
next one that has the store to itself.
"""

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path

from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.payload import Encoded

_PART = "part-"
# A file put there by somebody else may be a link or a pipe: neither is followed or waited for.
_CAUTIOUS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def write_part(layout: Layout, node: NodeId, encoded: Encoded, owner: str | None = None) -> Path:
    """Write the payload of `node` under a name that is nobody's, and return that.

    Parameters
    ----------
    owner
        Who writes, by a name of its own; by default this thread of this machine.

    Raises
    ------
    StoreError
        The disk is full or not writable; nothing is left of the file.
    """
    owner = owner or f"{os.getpid()}-{threading.get_ident()}"
    part = layout.payloads / f"{_PART}{owner}-{node[:16]}"
    try:
        _write(part, encoded)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(_refused(layout, encoded.stored.size, error)) from error
    return part


def place(layout: Layout, node: NodeId, part: Path) -> None:
    """Put a written payload in its place; the caller holds the store's lock.

    Raises
    ------
    StoreError
        The folder cannot be written; the part is still there.
    """
    target = layout.payload(node)
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not _is_inside(layout, target):
            raise OSError(0, f"{target.parent} leads out of it")
        part.replace(target)
    except OSError as error:
        raise StoreError(_refused(layout, part.stat().st_size, error)) from error


def remove_payload(layout: Layout, node: NodeId) -> None:
    """Remove the payload of `node` if it is there; the caller holds the store's lock."""
    path = layout.payload(node)
    with suppress(OSError):
        if _is_inside(layout, path):
            path.unlink(missing_ok=True)


def payload_nodes(layout: Layout, first: int) -> Iterator[tuple[NodeId, int]]:
    """Yield id and bytes of the payloads whose ids begin with the byte `first`."""
    folder = layout.payloads / f"{first:02x}"
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            node = folder.name + entry.name
            if len(node) == 64 and set(node) <= set("0123456789abcdef"):
                yield NodeId(node), entry.stat(follow_symlinks=False).st_size


def read_payload(layout: Layout, node: NodeId, size: int) -> bytes | None:
    """Return the bytes of a payload; None unless it is a file of `size` bytes in the folder."""
    path = layout.payload(node)
    if not _is_inside(layout, path):
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


def sweep(layout: Layout) -> int:
    """Remove what killed processes left half written; the caller has the store to itself.

    Returns the bytes that are free again.
    """
    freed = 0
    for part in layout.payloads.glob(f"{_PART}*"):
        with suppress(OSError):
            freed += part.lstat().st_size
            part.unlink(missing_ok=True)
    return freed


def _is_inside(layout: Layout, path: Path) -> bool:
    """Return whether no link leads from the payload `path` out of the store."""
    inside = Path(os.path.realpath(layout.payloads)) / path.parent.name
    return os.path.realpath(path.parent) == str(inside)


def _write(path: Path, encoded: Encoded) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb", buffering=0) as file:
        for part in encoded.parts:
            rest = memoryview(part)
            while rest:
                rest = rest[file.write(rest) :]


def _refused(layout: Layout, size: int, error: OSError) -> str:
    return (
        f"a result of {size:,} bytes cannot be kept in {layout.folder}: {error.strerror}; "
        "make room there, or choose another folder with --store"
    )
