"""Writing a store's database: opening, locking, transactions, checkpoints. Knows no records.

Every write transaction and checkpoint, the ones of opening and closing included, happens under one
operating-system lock, because SQLite's own waiting polls. The write-ahead log is emptied here and
not by SQLite, so that it happens under the lock too. ``synchronous=NORMAL`` promises: a process
that is killed loses nothing that was recorded; a machine that loses power may lose the last
seconds, and is never left with a damaged database or a wrong value.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from voxlogica_core.errors import StoreError
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.schema import prepare
from voxlogica_core.system import exclusive_lock, network_filesystem, share, try_acquire

_WRITING = 0  # byte of the lock file: held alone while writing
_OPEN = 1  # byte of the lock file: shared by everybody who has the store open
_LARGEST_JOURNAL = 8 * 2**20  # bytes of write-ahead log, then a checkpoint
_PATIENCE = 5.0  # seconds for what is not under our lock: a reader that recovers the database


class Writer:
    """A database open for writing, in a folder that is made when it is not there.

    Raises
    ------
    StoreError
        The folder cannot be written, is on a network, or holds a newer store.
    """

    def __init__(self, folder: Path) -> None:
        self.layout = Layout(folder)
        self.notes: tuple[str, ...] = ()
        self.is_alone = False
        self._threads = threading.Lock()
        _make_folder(self.layout)
        self._lock = os.open(self.layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self.is_alone = try_acquire(self._lock, _OPEN)
            with exclusive_lock(self._lock, _WRITING):
                self._connection = self._opened()
        except (StoreError, sqlite3.Error, OSError):
            os.close(self._lock)
            raise
        state = self.layout.database.stat()
        self._identity = (state.st_dev, state.st_ino)

    def settle(self) -> None:
        """Let others open the store; what needs to be alone has been done."""
        share(self._lock, _OPEN)
        self.is_alone = False

    def isolate(self) -> bool:
        """Return whether nobody else has the store open; if so nobody can until `settle`."""
        return try_acquire(self._lock, _OPEN)

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Give a connection within a write transaction, committed at the end, undone on error.

        Raises
        ------
        StoreError
            The disk is full, not writable or broken; nothing was written.
        """
        with self._threads, exclusive_lock(self._lock, _WRITING):
            self._check_identity()
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreError(_explained(error, self.layout)) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            self._checkpoint()

    def compact(self) -> None:
        """Give room in the database that is no longer used back to the disk, if there is room.

        Raises
        ------
        StoreError
            The database is broken.
        """
        with self._threads, exclusive_lock(self._lock, _WRITING):
            try:
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.OperationalError:
                return
            except sqlite3.Error as error:
                raise StoreError(_explained(error, self.layout)) from error

    def close(self) -> None:
        """Empty the write-ahead log and close the database, under the lock."""
        with self._threads:
            with exclusive_lock(self._lock, _WRITING):
                self._connection.close()
            os.close(self._lock)

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connected(self.layout)
        except sqlite3.OperationalError as error:
            raise StoreError(_explained(error, self.layout)) from error
        except sqlite3.DatabaseError as error:
            self.notes = (_move_aside(self.layout, error),)
            return _connected(self.layout)

    def _check_identity(self) -> None:
        try:
            state = self.layout.database.stat()
        except FileNotFoundError:
            state = None
        if state is None or (state.st_dev, state.st_ino) != self._identity:
            raise StoreError(
                f"{self.layout.database} was removed or replaced while in use; "
                "nothing more is stored in this run: start again"
            )

    def _checkpoint(self) -> None:
        """Empty the write-ahead log when it is large; what cannot be done now is done later."""
        try:
            if self.layout.journal.stat().st_size > _LARGEST_JOURNAL:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except (sqlite3.OperationalError, FileNotFoundError):
            return


def _make_folder(layout: Layout) -> None:
    if kind := network_filesystem(layout.folder):
        raise StoreError(
            f"{layout.folder} is on a network file system ({kind}), where SQLite is not safe; "
            "choose a folder on a local disk with --store or VOXLOGICA_STORE"
        )
    own = (layout.database, layout.journal, layout.index, layout.lock, layout.claims)
    for path in (*own, layout.payloads):
        if path.is_symlink():
            raise StoreError(
                f"{path} is a symbolic link, and nothing outside the store's folder is ever "
                "written: remove it, or put the whole folder where it leads with --store"
            )
    try:
        layout.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        layout.payloads.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"the store's folder {layout.folder} cannot be made or written: {error.strerror}; "
            "choose another with --store or VOXLOGICA_STORE, or run with --no-cache"
        ) from error


def _connected(layout: Layout) -> sqlite3.Connection:
    """Return a connection to the database, its tables made; the caller holds the lock."""
    os.close(os.open(layout.database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(
        layout.database, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        prepare(connection)
    except (StoreError, sqlite3.Error):
        connection.close()
        raise
    return connection


def _move_aside(layout: Layout, error: sqlite3.DatabaseError) -> str:
    """Rename a database that is none, with what belongs to it; return what the user is told."""
    suffix = time.strftime(".damaged-%Y%m%d-%H%M%S")
    moved = layout.database.with_name(layout.database.name + suffix)
    for path in (layout.database, layout.journal, layout.index):
        if path.exists():
            path.rename(path.with_name(path.name + suffix))
    return (
        f"the store's database could not be read ({error}); it was moved to {moved} and a new one "
        "begun: what was known is computed again"
    )


def _explained(error: sqlite3.Error, layout: Layout) -> str:
    is_held = "locked" in str(error)
    cure = "another program holds it: wait until that has ended" if is_held else "make room there"
    return (
        f"the store in {layout.folder} cannot be written: {error}; results are not kept: "
        f"{cure}, or choose another folder with --store"
    )
