"""Where a store is, how large it may grow and how its folder is laid out. Opens nothing."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_dir

from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.values.sizes import size_from

LIMIT = 20 * 2**30
"""Bytes of large values that a store keeps when nobody says otherwise."""


def default_folder() -> Path:
    """Return the folder of the user's store: ``VOXLOGICA_STORE``, else the user's cache folder."""
    if chosen := os.environ.get("VOXLOGICA_STORE"):
        return Path(chosen).expanduser()
    return Path(user_cache_dir("voxlogica", appauthor=False))


def default_limit() -> int:
    """Return how many bytes of large values a store keeps: ``VOXLOGICA_STORE_LIMIT``, else 20 GB.

    Raises
    ------
    UsageError
        The variable is set to something that is no size.
    """
    text = os.environ.get("VOXLOGICA_STORE_LIMIT")
    if not text:
        return LIMIT
    try:
        return size_from(text)
    except ValueError as error:
        raise UsageError(f"VOXLOGICA_STORE_LIMIT: {error}") from error


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a store in `folder`."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite database of all that is known."""
        return self.folder / "store.db"

    @property
    def journal(self) -> Path:
        """SQLite's write-ahead log of the database."""
        return self.folder / "store.db-wal"

    @property
    def index(self) -> Path:
        """SQLite's shared index of the write-ahead log."""
        return self.folder / "store.db-shm"

    @property
    def lock(self) -> Path:
        """The file whose bytes writers lock: 0 for writing, 1 shared by all who have it open."""
        return self.folder / "store.lock"

    @property
    def claims(self) -> Path:
        """The file whose bytes engines lock: one for each node that one of them computes."""
        return self.folder / "claims.lock"

    @property
    def payloads(self) -> Path:
        """The folder of large values."""
        return self.folder / "payload"

    def is_read_only(self) -> bool:
        """Return whether there is a store here that this process may not write."""
        return self.database.exists() and not os.access(self.folder, os.W_OK)

    def payload(self, node: NodeId) -> Path:
        """Return the file of the value of `node`; the id must be 64 hexadecimal digits."""
        digits = bytes.fromhex(node).hex()
        if len(digits) != 64:
            raise ValueError(f"a node id has 64 hexadecimal digits, this has {len(digits)}: {node}")
        return self.payloads / digits[:2] / digits[2:]
