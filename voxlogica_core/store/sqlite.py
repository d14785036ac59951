"""The store that stays: SQLite for what is known, a file for each large value."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.files import place, read_payload, remove_payload, sweep, write_part
from voxlogica_core.store.locations import Layout, default_limit
from voxlogica_core.store.past import draw, recall
from voxlogica_core.store.payload import decode, encode_image, encode_text
from voxlogica_core.store.plain import plain_text
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import (
    MISSING,
    NOT_KEPT,
    Finished,
    InFile,
    Inline,
    Missing,
    Preview,
    Record,
    SourceFile,
    Stored,
    Value,
)
from voxlogica_core.store.rows import geometry_text
from voxlogica_core.store.store import MEMORY_LIMIT, MemoryStore, Store, bytes_of, grid_of, is_kept
from voxlogica_core.store.trimming import Trimmer
from voxlogica_core.store.writer import Writer
from voxlogica_core.values.image import Image
from voxlogica_core.values.sides import Orientation
from voxlogica_core.values.versions import installed_version

if TYPE_CHECKING:
    from voxlogica_core.store.record import Plain

_LONGEST_INLINE = 8192  # characters; longer ones would slow down every look-up of their row

_RECORD = """
INSERT INTO node (id, primitive, version, simpleitk, kind, geometry, nbytes, seconds, created,
                  last_used, inline, codec, checksum, size)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    simpleitk = excluded.simpleitk, kind = excluded.kind, geometry = excluded.geometry,
    nbytes = excluded.nbytes, seconds = excluded.seconds, created = excluded.created,
    last_used = excluded.last_used, inline = excluded.inline, codec = excluded.codec,
    checksum = excluded.checksum, size = excluded.size
WHERE excluded.inline IS NOT NULL OR excluded.codec IS NOT NULL
   OR (node.inline IS NULL AND node.codec IS NULL)
"""
_DEPENDENCY = "INSERT OR IGNORE INTO dependency SELECT number, ?, ? FROM node WHERE id = ?"
_PREVIEW = "INSERT OR REPLACE INTO preview SELECT number, ?, ? FROM node WHERE id = ?"
_FILES = "SELECT codec IS NOT NULL FROM node WHERE id = ?"
_LOST = "UPDATE node SET codec = NULL, checksum = NULL, size = NULL WHERE id = ? AND checksum = ?"


def open_store(
    folder: Path | None, limit: int | None = None, orientation: Orientation | None = None
) -> Store:
    """Open the store in `folder`, made when it is not there; None: one that forgets.

    A folder that cannot be written, but holds a store, is opened for reading: `Store.notes` says
    so, and so it does of a damaged database that was moved aside.

    Parameters
    ----------
    limit
        Bytes of large values that it keeps; by default what `default_limit` says.
    orientation
        How pictures that are made for it are turned.

    Raises
    ------
    StoreError
        The folder cannot be used, or its store was made by a newer VoxLogicA.
    """
    if folder is None:
        return MemoryStore(MEMORY_LIMIT if limit is None else limit, orientation)
    return SqliteStore(folder, limit, orientation)


class SqliteStore:
    """The store in a folder; see `Store` for what its methods do, `open_store` for how it opens."""

    def __init__(
        self, folder: Path, limit: int | None = None, orientation: Orientation | None = None
    ) -> None:
        self.orientation: Orientation | None = orientation
        self._layout = Layout(folder)
        self._reader = StoreReader(folder)
        self._writer = None if self._layout.is_read_only() else Writer(folder)
        self.trimmer: Trimmer | None = None
        if self._writer is None:
            self.notes: tuple[str, ...] = (f"the store in {folder} is read-only: nothing is kept",)
            return
        self.notes = self._writer.notes
        self.trimmer = Trimmer(self._writer, default_limit() if limit is None else limit)
        if self._writer.is_alone:
            sweep(self._layout)
        self._writer.settle()

    @property
    def claims_file(self) -> Path | None:
        """Where engines claim what they compute; None where nothing can be recorded."""
        return None if self._writer is None else self._layout.claims

    def holding(self, nodes: Collection[NodeId]) -> AbstractContextManager[None]:
        """Keep the values of `nodes` from being evicted by this store while it lasts."""
        return self.trimmer.holding(nodes) if self.trimmer else nullcontext()

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        """Return the records of those of `ids` that are known; about 6 µs an id."""
        return self._reader.lookup(ids)

    def value(self, record: Record) -> Value | Missing:
        """Return the value of a record; `MISSING` if it is not kept, was lost or was damaged.

        What was lost or damaged is no longer recorded as kept.
        """
        match record.stored:
            case Inline(value):
                return value
            case InFile():
                value = self._read(record)
                return self._forget_value(record) if isinstance(value, Missing) else value
            case _:
                return MISSING

    def record(self, batch: Sequence[Finished]) -> None:
        """Record nodes that have run: payload files first, then all rows in one transaction."""
        writer = self._writable()
        now = time.time()
        parts: dict[NodeId, Path] = {}
        inputs = [
            (position, bytes.fromhex(node), bytes.fromhex(item.id))
            for item in batch
            for position, node in enumerate(item.inputs)
        ]
        try:
            rows = [self._row(item, now, parts) for item in batch]
            size = sum(part.stat().st_size for part in parts.values())
            with writer.transaction() as connection:
                for node, part in parts.items():
                    place(self._layout, node, part)
                connection.executemany(_RECORD, rows)
                connection.executemany(_DEPENDENCY, inputs)
        except StoreError:
            self._withdraw(writer, parts)
            raise
        if size and self.trimmer:
            self.trimmer.wrote(size)

    def illustrate(self, previews: Mapping[NodeId, Preview]) -> None:
        """Record pictures and statistics of nodes that are recorded."""
        rows = [
            (preview.png, preview.statistics.to_json(), bytes.fromhex(node))
            for node, preview in previews.items()
        ]
        with self._writable().transaction() as connection:
            connection.executemany(_PREVIEW, rows)

    def preview(self, node: NodeId) -> Preview | None:
        """Return picture and statistics of a node, if there are any."""
        return self._reader.preview(node)

    def begin_run(self, document: str, program: str) -> int:
        """Note that a run of `document` begins, by the digest of its program; return its number."""
        row = (document, program, time.time())
        with self._writable().transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO run (document, program, started) VALUES (?, ?, ?)", row
            )
            return cast("int", cursor.lastrowid)

    def seen(
        self,
        run: int,
        declarations: Mapping[str, NodeId],
        goals: Sequence[tuple[str, NodeId]] = (),
    ) -> None:
        """Note which node each declaration and goal (by label) of a run is."""
        named = (("declaration", declarations.items()), ("goal", goals))
        rows = [
            (run, role, name, bytes.fromhex(node)) for role, pairs in named for name, node in pairs
        ]
        with self._writable().transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)", rows)

    def read_from(self, sources: Mapping[NodeId, SourceFile]) -> None:
        """Note which files nodes are read from."""
        rows = [(bytes.fromhex(node), file.name, file.digest) for node, file in sources.items()]
        with self._writable().transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO source VALUES (?, ?, ?)", rows)

    def draw(self, run: int, key: str, content: Callable[[], bytes]) -> None:
        """Note what the plan of a run consists of; `content` is asked for if `key` is new."""
        is_known = self._reader.rows("SELECT 1 FROM graph WHERE key = ?", [key])
        drawn = None if is_known else content()
        with self._writable().transaction() as connection:
            draw(connection, run, key, drawn)

    def end_run(self, run: int, outcome: str, used: Iterable[NodeId] = ()) -> None:
        """Note how a run ended and which recorded nodes it used."""
        now = time.time()
        rows = [(now, bytes.fromhex(node)) for node in used]
        with self._writable().transaction() as connection:
            connection.execute(
                "UPDATE run SET ended = ?, outcome = ? WHERE number = ?", (now, outcome, run)
            )
            connection.executemany("UPDATE node SET last_used = ? WHERE id = ?", rows)

    def recall(self, run: int, made: bytes, failures: Mapping[NodeId, str]) -> None:
        """Note which nodes of its plan had values when a run ended, and which failed and why."""
        with self._writable().transaction() as connection:
            recall(connection, run, made, failures)

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file, if it was remembered and the file is what it was."""
        return self._reader.digest_memo(path, size, mtime_ns, inode)

    def remember_digest(self, path: str, size: int, mtime_ns: int, inode: int, digest: str) -> None:
        """Remember the digest of a file; where that cannot be written, it is taken again."""
        row = (path, size, mtime_ns, inode, digest)
        with suppress(StoreError), self._writable().transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO input_file VALUES (?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        """Release files and locks; the store is not used afterwards."""
        self._reader.close()
        if self.trimmer is not None:
            with suppress(StoreError):  # what was held before may go now
                self.trimmer.settle()
        if self._writer is not None:
            self._writer.close()

    def _withdraw(self, writer: Writer, parts: Mapping[NodeId, Path]) -> None:
        """Remove the files of a batch that could not be recorded."""
        with suppress(OSError):
            for part in parts.values():
                part.unlink(missing_ok=True)
        with suppress(StoreError), writer.transaction() as connection:
            for node in parts:
                row = connection.execute(_FILES, [bytes.fromhex(node)]).fetchone()
                if row is None or not row[0]:
                    remove_payload(self._layout, node)

    def _read(self, record: Record) -> Value | Missing:
        size = record.stored.size if isinstance(record.stored, InFile) else 0
        content = read_payload(self._layout, record.id, size)
        return MISSING if content is None else decode(content, record)

    def _forget_value(self, record: Record) -> Value | Missing:
        """Record that a value is no longer kept, unless it was recorded again meanwhile.

        Where that cannot be written, it stays a miss.
        """
        value: Value | Missing = MISSING
        with suppress(StoreError), self._writable().transaction() as connection:
            value = self._read(record)
            if isinstance(value, Missing) and isinstance(record.stored, InFile):
                row = (bytes.fromhex(record.id), record.stored.checksum)
                connection.execute(_LOST, row)
        return value

    def _writable(self) -> Writer:
        if self._writer is None:
            raise StoreError(
                f"the store in {self._layout.folder} is read-only: results are not kept; "
                "choose another folder with --store to keep them"
            )
        return self._writer

    @cached_property
    def _simpleitk(self) -> str:
        return installed_version("SimpleITK") or ""

    def _row(self, item: Finished, now: float, parts: dict[NodeId, Path]) -> tuple[object, ...]:
        """Return the row of a node, after its payload has been written to one of `parts`."""
        grid = item.written.geometry if item.written else grid_of(item.value)
        stored, inline = self._stored(item, parts)
        file = (stored.codec, stored.checksum, stored.size) if isinstance(stored, InFile) else ()
        return (
            bytes.fromhex(item.id),
            item.primitive,
            item.version,
            self._simpleitk,
            str(item.kind),
            None if grid is None else geometry_text(grid),
            item.written.nbytes if item.written else bytes_of(item.value),
            item.seconds,
            now,
            now,
            inline,
            *(file or (None, None, None)),
        )

    def _stored(self, item: Finished, parts: dict[NodeId, Path]) -> tuple[Stored, str | None]:
        """Return where the value belongs, and its text if it is inline; write its payload."""
        if item.written is not None:
            parts[item.id] = self._layout.payloads / item.written.part
            return item.written.stored, None
        if not is_kept(item):
            return NOT_KEPT, None
        if isinstance(item.value, Image):
            encoded = encode_image(item.value)
        else:
            plain = cast("Plain", item.value)
            text = plain_text(plain)
            if len(text) <= _LONGEST_INLINE:
                return Inline(plain), text
            encoded = encode_text(text)
        parts[item.id] = write_part(self._layout, item.id, encoded)
        return encoded.stored, None
