"""Reading a store, from any process, while others write it. Light, and it cannot write.

An absent store is normal: it knows nothing. So is one that is newer than this program, being
replaced, or damaged; `problem` then says what was met. Every answer is fetched whole: an open
cursor would keep the write-ahead log from being emptied.
"""

import shutil
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from stat import S_ISDIR
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.record import Preview, Record, statistics_from_json
from voxlogica_core.store.rows import RECORD_COLUMNS, RowReader
from voxlogica_core.store.schema import SCHEMA, schema_version

if TYPE_CHECKING:
    from voxlogica_core.store.rows import Row

Stamp = tuple[int, ...]
"""What tells one state of a file, or of several, from another."""

Answer = tuple[Any, ...]
"""One row of an answer; what is in it depends on the question."""

PAGES = 2 * 2**20
"""Bytes of the database that are kept in memory."""

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNK = 500  # ids a question; larger ones gain nothing, and old SQLite takes at most 999
_LONGEST_CELL = 2**20  # bytes; a preview has at most 100,000
_PATIENCE = 1.0  # seconds, while another process recovers the database after a crash


class StoreReader:
    """Answers questions about the store in `folder`, which need not exist.

    Every method may be called from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self.problem: str | None = None
        self._layout = Layout(folder)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._stamp: Stamp = ()
        self._is_frozen = False
        self._version: tuple[Stamp, int] | None = None

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        """Return the records of those of `ids` that are known."""
        wanted = [bytes.fromhex(node) for node in ids]
        rows = RowReader()
        found: dict[NodeId, Record] = {}
        with self._lock:
            if len(wanted) > _CHUNK:
                wanted = self._among_few(wanted)
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                question = f"SELECT {RECORD_COLUMNS} FROM node WHERE id IN ({marks})"
                for row in self._answer(question, chunk):
                    if record := rows.record(cast("Row", row)):
                        found[record.id] = record
        return found

    def _among_few(self, wanted: Sequence[bytes]) -> Sequence[bytes]:
        """Leave out what is not there, where the store knows of fewer nodes than are wanted.

        To read all of its ids, 0.2 µs each, is then quicker than to ask for those, 0.7 µs each.
        """
        rows = self._answer("SELECT max(number) FROM node", [])  # of a row; they count from 1
        if not rows:
            return []
        if (rows[0][0] or 0) > len(wanted):
            return wanted
        there = {row[0] for row in self._answer("SELECT id FROM node LIMIT ?", [len(wanted)])}
        return [node for node in wanted if node in there]

    def preview(self, node: NodeId) -> Preview | None:
        """Return picture and statistics of a node, if there are any."""
        question = (
            "SELECT png, statistics FROM preview JOIN node ON node = node.number WHERE node.id = ?"
        )
        with self._lock:
            rows = self._answer(question, [bytes.fromhex(node)])
        return _preview(*rows[0]) if rows else None

    def digest_memo(self, path: str, size: int, mtime_ns: int, inode: int) -> str | None:
        """Return the digest of a file, if it was remembered and the file is what it was."""
        question = (
            "SELECT digest FROM input_file "
            "WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ?"
        )
        with self._lock:
            rows = self._answer(question, [path, size, mtime_ns, inode])
        return str(rows[0][0]) if rows else None

    def rows(self, question: str, values: Sequence[bytes | str | int] = ()) -> list[Answer]:
        """Return all rows that answer a question in SQL, for the other files of this room."""
        with self._lock:
            return self._answer(question, values)

    def changed(self) -> bool:
        """Return whether anything was written, by anyone, since this was asked last."""
        with self._lock:
            rows = self._answer("PRAGMA data_version", [])
            version = (self._stamp, int(rows[0][0])) if rows else None
            was, self._version = self._version, version
        return version != was

    @property
    def layout(self) -> Layout:
        """The files it reads."""
        return self._layout

    def close(self) -> None:
        """Close the database; a later question would open it again."""
        with self._lock:
            self._drop()

    def _answer(self, question: str, values: Sequence[bytes | str | int]) -> list[Answer]:
        try:
            connection = self._opened()
            rows = connection.execute(question, values).fetchall() if connection else []
        except (sqlite3.Error, OSError) as error:
            self.problem = f"the store in {self._layout.folder} cannot be read: {error}"
            self._drop()
            return []
        # A frozen file that was written meanwhile may have been read half old, half new.
        return [] if self._is_frozen and self._stamp != self._frozen_stamp() else rows

    def _opened(self) -> sqlite3.Connection | None:
        """Return a connection to the database that is there now."""
        try:
            state = self._layout.database.stat()
        except FileNotFoundError:
            self._drop()
            return None
        if S_ISDIR(state.st_mode):  # SQLite would speak of a disk that does not work
            raise IsADirectoryError(f"{self._layout.database.name} is a directory")
        stamp = self._frozen_stamp() if self._is_frozen else (state.st_dev, state.st_ino)
        if self._connection is None or stamp != self._stamp:
            self._drop()
            self._open((state.st_dev, state.st_ino))
        return self._connection

    def _open(self, identity: Stamp) -> None:
        database = self._layout.database
        try:
            self._connection = _connected(f"{database.absolute().as_uri()}?mode=ro")
            self._stamp = identity
        except sqlite3.OperationalError:
            # No write permission, so no shared index can be made beside the database.
            self._stamp, self._is_frozen = self._frozen_stamp(), True
            has_journal = self._layout.journal.exists()
            self._connection = self._of_copy() if has_journal else _of_frozen(database)
        self.problem = None

    def _of_copy(self) -> sqlite3.Connection:
        """Connect to a copy of database and write-ahead log, where the two can be put together.

        Its files are removed as soon as they are open: no end of the process leaves them behind.
        """
        with TemporaryDirectory(prefix="voxlogica-", ignore_cleanup_errors=True) as folder:
            for path in (self._layout.database, self._layout.journal):
                shutil.copyfile(path, Path(folder) / path.name)
            copy = Path(folder) / self._layout.database.name
            connection = sqlite3.connect(copy)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            return _of_frozen(copy)

    def _frozen_stamp(self) -> Stamp:
        stamp: list[int] = []
        for path in (self._layout.database, self._layout.journal):
            try:
                state = path.stat()
                stamp += [state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns]
            except FileNotFoundError:
                stamp.append(0)
        return tuple(stamp)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._stamp, self._is_frozen = None, (), False


def _preview(png: object, text: object) -> Preview | None:
    """Return what a row of the table `preview` says; None if it was damaged."""
    if not isinstance(png, bytes) or not png.startswith(_PNG) or not isinstance(text, str):
        return None
    try:
        return Preview(png, statistics_from_json(text))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _of_frozen(database: Path) -> sqlite3.Connection:
    """Return a connection to a file beside which nothing can be written."""
    return _connected(f"{database.absolute().as_uri()}?mode=ro&immutable=1")


def _connected(uri: str) -> sqlite3.Connection:
    """Return a connection to a database of our schema; `sqlite3.Error` for any other."""
    connection = sqlite3.connect(
        uri, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute(f"PRAGMA cache_size = -{PAGES // 1024}")
        connection.execute("PRAGMA mmap_size = 0")
        version = schema_version(connection)
    except sqlite3.Error:
        connection.close()
        raise
    if version != SCHEMA:
        connection.close()
        raise sqlite3.DatabaseError(f"it has schema {version}, this program reads {SCHEMA}")
    return connection
