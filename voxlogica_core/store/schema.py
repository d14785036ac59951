"""Tables of the store's database: how they are made, checked and migrated. Reads no records."""

import sqlite3
from collections.abc import Callable

from voxlogica_core.errors import StoreError
from voxlogica_core.plan.digest import ENCODING

SCHEMA = 4
"""Raised by one with each step added to `MIGRATIONS`."""

_SEEN_BY_NODE = "CREATE INDEX seen_by_node ON seen (node, role, name, run)"

_SOURCE = """CREATE TABLE source (
    node BLOB NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (node, name)
) WITHOUT ROWID"""


_GRAPH = """CREATE TABLE graph (
    key TEXT PRIMARY KEY,
    content BLOB NOT NULL
) WITHOUT ROWID"""

_FAILURE = """CREATE TABLE failure (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    node BLOB NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (run, node)
) WITHOUT ROWID"""


def _find_names_quickly(connection: sqlite3.Connection) -> None:
    connection.execute(_SEEN_BY_NODE)


def _remember_sources(connection: sqlite3.Connection) -> None:
    connection.execute(_SOURCE)


def _remember_graphs(connection: sqlite3.Connection) -> None:
    for statement in (
        _GRAPH,
        _FAILURE,
        "ALTER TABLE run ADD COLUMN graph TEXT",
        "ALTER TABLE run ADD COLUMN made BLOB",
    ):
        connection.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _find_names_quickly,
    _remember_sources,
    _remember_graphs,
)
"""Step number n, counted from 1, turns schema n into schema n + 1."""

_TABLES = f"""
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- What is known about a node. Ids are their 32 raw bytes. Not inline, no codec: known, not kept.
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    primitive TEXT NOT NULL,
    version TEXT NOT NULL,
    simpleitk TEXT NOT NULL,
    kind TEXT NOT NULL,
    geometry TEXT,
    nbytes INTEGER NOT NULL,
    seconds REAL NOT NULL,
    created REAL NOT NULL,
    last_used REAL NOT NULL,
    inline TEXT,
    codec TEXT,
    checksum TEXT,
    size INTEGER,
    CHECK ((codec IS NULL) = (checksum IS NULL) AND (codec IS NULL) = (size IS NULL)),
    CHECK (inline IS NULL OR codec IS NULL)
);
CREATE INDEX node_in_file ON node (last_used, size) WHERE codec IS NOT NULL;

CREATE TABLE dependency (
    node INTEGER NOT NULL REFERENCES node (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    input BLOB NOT NULL,
    PRIMARY KEY (node, position)
) WITHOUT ROWID;

CREATE TABLE preview (
    node INTEGER PRIMARY KEY REFERENCES node (number) ON DELETE CASCADE,
    png BLOB NOT NULL,
    statistics TEXT NOT NULL
);

-- History, for "why" and "cost"; never consulted for values.
CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    program TEXT NOT NULL,
    started REAL NOT NULL,
    ended REAL,
    outcome TEXT,
    graph TEXT,
    made BLOB
);
CREATE INDEX run_of_document ON run (document, number);

-- No reference from `node` here: what was seen stays true when the node's record is cleared.
CREATE TABLE seen (
    run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('declaration', 'goal')),
    name TEXT NOT NULL,
    node BLOB NOT NULL,
    PRIMARY KEY (run, role, name, node)
) WITHOUT ROWID;
{_SEEN_BY_NODE};

-- What the plans of the last runs consisted of (plan/skeleton.py), once each; `made` of a run says
-- which of its nodes had their values then.
{_GRAPH};

-- Nodes that failed in a run. Told, and never taken for an answer: the next run tries again.
{_FAILURE};

-- Files that nodes were read from: names without folders, SHA-256 of the bytes.
{_SOURCE};

-- Digests of files, valid while path, size, time and inode are what they were.
CREATE TABLE input_file (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    digest TEXT NOT NULL
) WITHOUT ROWID;
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database, or bring older ones up to date.

    The caller holds the store's lock and is in no transaction.

    Raises
    ------
    StoreError
        The database was made by a newer VoxLogicA.
    sqlite3.DatabaseError
        It is not a database, or not one of ours.
    """
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables:
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
    version = schema_version(connection) if tables else SCHEMA
    if version > SCHEMA:
        raise StoreError(
            f"this store has schema {version}, made by a newer VoxLogicA; this one knows schemas "
            f"up to {SCHEMA}: update VoxLogicA, or choose another folder with --store"
        )
    connection.execute("BEGIN IMMEDIATE")
    for step in MIGRATIONS[version - 1 :]:
        step(connection)
    rows = [("schema", str(SCHEMA)), ("encoding", ENCODING)]
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the schema a database was made with; `sqlite3.DatabaseError` if it is none of ours."""
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'meta'"
    question = "SELECT value FROM meta WHERE key = 'schema'"
    is_ours = connection.execute(tables).fetchone()[0]
    row = connection.execute(question).fetchone() if is_ours else None
    if not row or not str(row[0]).isdecimal():
        raise sqlite3.DatabaseError("the database does not say which schema it has")
    return int(row[0])
