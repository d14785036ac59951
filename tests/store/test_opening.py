"""Opening a store: what is made, what is refused, what is moved aside."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.errors import StoreError
from voxlogica_core.plan.digest import ENCODING
from voxlogica_core.store.locations import Layout, default_folder
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.schema import SCHEMA
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.store.writer import Writer


def change(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(Layout(folder).database)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_no_folder_means_a_store_in_memory() -> None:
    assert isinstance(open_store(None), MemoryStore)


def test_a_store_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(tmp_path / "deep" / "store")
        store.record([finished("a", indexed_image(1), named=True)])
        store.close()
    finally:
        os.umask(before)
    folder = tmp_path / "deep" / "store"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert len(modes) == 6
    assert all(mode == (0o700 if path.is_dir() else 0o600) for path, mode in modes.items())


def test_the_log_of_writes_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    store.record([finished("a", 1.0)])
    assert stat.S_IMODE(Layout(tmp_path / "store").journal.stat().st_mode) == 0o600
    store.close()


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    open_store(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_closed_store_is_one_file_and_its_log_is_gone(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([finished("a", 1.0)])
    store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"store.db", "store.lock", "payload"}


def test_the_database_says_which_schema_and_ids_it_has(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(Layout(tmp_path).database)
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    connection.close()
    assert meta == {"schema": str(SCHEMA), "encoding": ENCODING}


def test_a_newer_store_is_refused_with_a_cure_and_left_as_it_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([finished("a", 1.0)])
    store.close()
    change(tmp_path, "UPDATE meta SET value = '999' WHERE key = 'schema'")
    before = Layout(tmp_path).database.read_bytes()
    with pytest.raises(StoreError, match=r"schema 999.*update VoxLogicA.*--store"):
        open_store(tmp_path)
    assert Layout(tmp_path).database.read_bytes() == before


def test_an_older_store_is_brought_up_to_date_and_keeps_what_it_knows(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([finished("a", 1.0)])
    store.close()
    change(tmp_path, "DROP INDEX seen_by_node")
    for table in ("source", "graph", "failure"):
        change(tmp_path, f"DROP TABLE {table}")
    for column in ("graph", "made"):
        change(tmp_path, f"ALTER TABLE run DROP COLUMN {column}")
    change(tmp_path, "UPDATE meta SET value = '1' WHERE key = 'schema'")
    reader = StoreReader(tmp_path)
    assert reader.lookup([node_id("a")]) == {}
    assert "schema 1" in (reader.problem or "")
    store = open_store(tmp_path)
    assert store.lookup([node_id("a")])
    assert reader.lookup([node_id("a")])
    reader.close()
    store.close()
    connection = sqlite3.connect(Layout(tmp_path).database)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert {"seen_by_node", "source", "graph", "failure"} <= names


def test_a_reader_finds_nothing_in_a_newer_store_and_says_why(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([finished("a", 1.0)])
    store.close()
    change(tmp_path, "UPDATE meta SET value = '999' WHERE key = 'schema'")
    reader = StoreReader(tmp_path)
    assert reader.lookup([node_id("a")]) == {}
    assert "schema 999" in (reader.problem or "")
    reader.close()


@pytest.mark.parametrize("content", [b"no database " * 1000, b"\0" * 5000, b"SQLite format 3\0"])
def test_a_damaged_database_is_moved_aside_and_a_new_one_made(
    tmp_path: Path, content: bytes
) -> None:
    Layout(tmp_path).database.write_bytes(content)
    store = open_store(tmp_path)
    store.record([finished("a", 1.0)])
    assert store.lookup([node_id("a")])
    store.close()
    assert "moved to" in store.notes[0]
    moved = [path for path in tmp_path.iterdir() if ".damaged-" in path.name]
    assert [path.read_bytes() for path in moved] == [content]


def test_a_database_of_another_program_is_moved_aside_whole(tmp_path: Path) -> None:
    change(tmp_path, "CREATE TABLE results (hash TEXT)")
    store = open_store(tmp_path)
    store.close()
    assert "does not say which schema" in store.notes[0]
    [moved] = [path for path in tmp_path.iterdir() if ".damaged-" in path.name]
    connection = sqlite3.connect(moved)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("results",)]
    connection.close()


def test_a_reader_finds_nothing_in_a_damaged_database(tmp_path: Path) -> None:
    Layout(tmp_path).database.write_bytes(b"no database " * 1000)
    reader = StoreReader(tmp_path)
    assert reader.lookup([node_id("a")]) == {}
    assert reader.preview(node_id("a")) is None
    assert "cannot be read" in (reader.problem or "")
    reader.close()


def test_damaged_rows_are_misses(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([finished(name, indexed_image(1)) for name in ("grid", "value", "whole")])
    change(tmp_path, f"UPDATE node SET geometry = '[[1' WHERE id = x'{node_id('grid')}'")
    damage = "inline = '[1', codec = NULL, checksum = NULL, size = NULL"
    change(tmp_path, f"UPDATE node SET {damage} WHERE id = x'{node_id('value')}'")
    found = store.lookup([node_id(name) for name in ("grid", "value", "whole")])
    store.close()
    assert found.keys() == {node_id("value"), node_id("whole")}
    assert not found[node_id("value")].is_kept


def test_an_absent_store_knows_nothing_and_is_not_made_by_reading(tmp_path: Path) -> None:
    reader = StoreReader(tmp_path / "absent")
    assert reader.lookup([node_id("a")]) == {}
    assert reader.preview(node_id("a")) is None
    assert reader.digest_memo("a", 1, 2, 3) is None
    assert not reader.changed()
    assert reader.problem is None
    assert not (tmp_path / "absent").exists()


def test_a_reader_sees_a_store_that_is_made_later(tmp_path: Path) -> None:
    reader = StoreReader(tmp_path)
    assert not reader.changed()
    store = open_store(tmp_path)
    store.record([finished("a", 1.0)])
    assert reader.changed()
    assert reader.lookup([node_id("a")])
    reader.close()
    store.close()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be made or written.*--store"):
        open_store(tmp_path / "file")


def test_a_full_database_undoes_the_whole_transaction(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.settle()
    with writer.transaction() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}").fetchall()
    rows = [(str(number), "value" * 100) for number in range(1000)]
    with (
        pytest.raises(StoreError, match=r"full.*make room"),
        writer.transaction() as connection,
    ):
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    with writer.transaction() as connection:
        count = connection.execute("SELECT count(*) FROM meta").fetchone()[0]
    writer.close()
    assert count == 2


def test_the_log_of_writes_does_not_grow_for_ever(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for first in range(0, 4000, 100):
        store.record([finished(i, f"{i}" * 1000) for i in range(first, first + 100)])
    assert Layout(tmp_path).journal.stat().st_size < 12 * 2**20
    store.close()


def test_the_default_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXLOGICA_STORE", "~/scans")
    assert default_folder() == Path.home() / "scans"
    monkeypatch.delenv("VOXLOGICA_STORE")
    assert default_folder().name == "voxlogica"


def test_reading_a_store_imports_nothing_heavy() -> None:
    program = (
        "import sys, voxlogica_core.store.reader, voxlogica_core.store.keeping\n"
        "heavy = {'numpy', 'SimpleITK', 'PIL', 'zstandard', 'dask', 'numba', 'scipy'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[]\n"
