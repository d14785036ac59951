"""Several processes on one store, some of them killed."""

import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import InFile
from voxlogica_core.store.sqlite import SqliteStore, open_store

ROOT = Path(__file__).parents[2]


@contextmanager
def child(deed: str, folder: Path, number: int) -> Generator["subprocess.Popen[str]"]:
    """Give a process of `tests.support.store_child`, killed at the end if it still runs."""
    command = [sys.executable, "-m", "tests.support.store_child", deed, str(folder), str(number)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def ask(process: "subprocess.Popen[str]") -> str:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return line(process)


def is_intact(folder: Path) -> bool:
    connection = sqlite3.connect(Layout(folder).database)
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return answer == "ok"


def test_a_reader_in_another_process_sees_results_at_once(
    tmp_path: Path, kept: SqliteStore
) -> None:
    with child("read", tmp_path / "store", 1) as process:
        assert line(process) == "ready"
        assert ask(process) == "True nothing"
        assert ask(process) == "False nothing"
        kept.record([finished("number 1", 1.0)])
        assert ask(process) == "True 1.0"
        assert ask(process) == "False 1.0"


def test_two_processes_that_record_2000_nodes_each_lose_none(tmp_path: Path) -> None:
    with child("write_some", tmp_path, 0) as first, child("write_some", tmp_path, 1000) as second:
        assert (line(first), line(second)) == ("ready", "ready")
        for process in (first, second):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert (line(first), line(second)) == ("done", "done")
    assert is_intact(tmp_path)
    store = open_store(tmp_path)
    numbers = {node_id(f"number {i}"): float(i) for i in range(3000)}
    found = {node: store.value(record) for node, record in store.lookup(numbers).items()}
    store.close()
    assert found == numbers


def test_a_store_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    store = open_store(folder)
    store.record([finished("number 3", 3.0)])
    store.close()
    with readable_by_all(folder), child("read_without_rights", folder, 3) as process:
        assert (line(process), line(process)) == ("3.0", "[]")
        assert "read-only" in line(process)
        assert "results are not kept" in line(process)


def test_a_store_that_cannot_be_written_is_read_while_others_write_it(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    store = open_store(folder)
    store.record([finished("number 3", 3.0)])
    assert Layout(folder).journal.exists()
    with readable_by_all(folder), child("read_without_rights", folder, 3) as process:
        assert (line(process), line(process)) == ("3.0", "[]")
    store.close()


def test_what_a_killed_writer_left_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    with child("write_for_ever", folder, 0) as process:
        assert (line(process), line(process)) == ("ready", "0")
    layout = Layout(folder)
    layout.index.unlink()
    assert layout.journal.exists()
    with readable_by_all(folder), child("read_without_rights", folder, 3) as process:
        assert (line(process), line(process)) == ("3.0", "[]")
    assert not layout.index.exists()


@contextmanager
def readable_by_all(folder: Path) -> Generator[None]:
    """Let every user read, and nobody but root write, what is in `folder`."""
    parents = [*folder.parents]
    modes = {path: path.stat().st_mode for path in [folder, *folder.iterdir(), *parents]}
    mine = [path for path in modes if path.owner() == folder.owner()]
    for path in mine:
        inside = path == folder or folder in path.parents
        path.chmod(0o555 if inside else modes[path] | 0o111)
    yield
    for path in mine:
        path.chmod(modes[path] & 0o7777)


def test_a_full_disk_stops_storing_and_nothing_else(tmp_path: Path) -> None:
    with child("fill_the_disk", tmp_path, 1) as process:
        assert "make room" in line(process)
        count, right = line(process).split()
    assert 0 < int(count) < 400
    assert right == "True"
    assert is_intact(tmp_path)


def test_a_reader_cannot_write(tmp_path: Path, kept: SqliteStore) -> None:
    kept.record([finished("a", 1.0)])
    reader = StoreReader(tmp_path / "store")
    before = Layout(tmp_path / "store").database.read_bytes()
    assert reader.lookup([node_id("a")])
    reader.close()
    assert Layout(tmp_path / "store").database.read_bytes() == before


def test_a_reader_notices_that_the_database_was_replaced(tmp_path: Path) -> None:
    store = open_store(tmp_path / "one")
    store.record([finished("a", 1.0)])
    store.close()
    other = open_store(tmp_path / "two")
    other.record([finished("b", 2.0)])
    other.close()
    reader = StoreReader(tmp_path / "one")
    assert reader.lookup([node_id("a")])
    assert reader.changed()
    Layout(tmp_path / "two").database.replace(Layout(tmp_path / "one").database)
    assert reader.changed()
    assert not reader.lookup([node_id("a")])
    assert reader.lookup([node_id("b")])
    reader.close()


def test_a_writer_whose_database_was_removed_stops_storing(
    tmp_path: Path, kept: SqliteStore
) -> None:
    kept.record([finished("a", 1.0)])
    Layout(tmp_path / "store").database.unlink()
    with pytest.raises(Exception, match="removed or replaced"):
        kept.record([finished("b", 1.0)])


def test_large_payloads_of_a_killed_writer_are_swept_only_by_who_is_alone(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    part = Layout(tmp_path).payloads / "part-1-1"
    part.write_bytes(b"half")
    open_store(tmp_path).close()
    assert part.exists()
    first.close()
    open_store(tmp_path).close()
    assert not part.exists()


def test_a_payload_is_in_its_file_when_its_record_is(tmp_path: Path, kept: SqliteStore) -> None:
    kept.record([finished("a", indexed_image(3))])
    stored = kept.lookup([node_id("a")])[node_id("a")].stored
    assert isinstance(stored, InFile)
    assert Layout(tmp_path / "store").payload(node_id("a")).stat().st_size == stored.size
