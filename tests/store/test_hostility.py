"""A store made to do harm runs no code, writes nothing outside and fills no memory."""

import os
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.errors import StoreError
from voxlogica_core.store.files import write_part
from voxlogica_core.store.inventory import entries, find
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.payload import encode_image
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.record import MISSING, NotKept
from voxlogica_core.store.rows import geometry_from_text, kind_named
from voxlogica_core.store.sqlite import SqliteStore

GOOD = "[[4,5,6],[1,1,1],[0,0,0],[1,0,0,0,1,0,0,0,1]]"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[StoreReader]:
    """Give a reader of a store that knows an image and a number, with a preview."""
    store = SqliteStore(tmp_path)
    store.record([finished("image", indexed_image(1), named=True), finished("number", 1.0)])
    store.close()
    found = StoreReader(tmp_path)
    yield found
    found.close()


def craft(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(Layout(folder).database)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(statement, values)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("primitive", b"\xff"),
        ("kind", "sequence of " * 20_000 + "image"),
        ("kind", b"image"),
        ("geometry", GOOD.replace("4,", "1e400,")),
        ("geometry", GOOD.replace("[1,1,1]", "[0,1,1]")),
        ("geometry", GOOD.replace("[0,0,0]", "[NaN,0,0]")),
        ("geometry", GOOD.replace("4,5", "-4,5")),
        ("geometry", "[" * 100_000),
        ("geometry", 7),
        ("nbytes", -1),
        ("nbytes", "many"),
        ("seconds", "inf"),
        ("seconds", -1.0),
        ("created", "x"),
        ("size", -5),
        ("size", "x"),
        ("checksum", b"5"),
        ("codec", b"x"),
    ],
)
def test_a_crafted_row_is_unknown(
    tmp_path: Path, reader: StoreReader, column: str, value: object
) -> None:
    craft(tmp_path, f"UPDATE node SET {column} = ? WHERE codec IS NOT NULL", value)
    found = reader.lookup([node_id("image"), node_id("number")])
    assert found.keys() == {node_id("number")}
    assert [each.record.id for each in entries(reader)] == [node_id("number")]


def test_a_crafted_value_is_a_miss(tmp_path: Path, reader: StoreReader) -> None:
    for text in ("[" * 100_000, "{]", "", '{"a":'):
        craft(tmp_path, "UPDATE node SET inline = ? WHERE inline IS NOT NULL", text)
        assert reader.lookup([node_id("number")])[node_id("number")].stored == NotKept()


def test_a_cell_without_end_is_not_read(tmp_path: Path, reader: StoreReader) -> None:
    craft(tmp_path, "UPDATE node SET inline = ? WHERE inline IS NOT NULL", "1" * 2**25)
    tracemalloc.start()
    assert reader.lookup([node_id("number")]) == {}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "too big" in (reader.problem or "")
    assert peak < 2**23


@pytest.mark.parametrize(
    ("png", "statistics"),
    [
        (b"<svg onload=...>", "{}"),
        ("text", "{}"),
        (b"\x89PNG\r\n\x1a\n", "{}"),
        (b"\x89PNG\r\n\x1a\n", "[" * 100_000),
        (b"\x89PNG\r\n\x1a\n", '{"histogram": 5, "box": 3}'),
        (b"\x89PNG\r\n\x1a\n", '{"unexpected": 1, "histogram": null, "box": null}'),
        (b"\x89PNG\r\n\x1a\n", 5),
    ],
    ids=range(7),
)
def test_a_crafted_preview_is_none(
    tmp_path: Path, reader: StoreReader, png: object, statistics: object
) -> None:
    craft(
        tmp_path,
        "INSERT OR REPLACE INTO preview SELECT number, ?, ? FROM node WHERE codec IS NOT NULL",
        png,
        statistics,
    )
    assert reader.preview(node_id("image")) is None


def test_a_view_in_the_place_of_a_table_gives_nothing_away(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    craft(tmp_path, "DROP TABLE node")
    craft(tmp_path, "CREATE VIEW node AS SELECT load_extension('evil.so') AS id")
    reader = StoreReader(tmp_path)
    assert reader.lookup([node_id("a")]) == {}
    reader.close()


def test_names_with_quotes_stay_names(tmp_path: Path, reader: StoreReader) -> None:
    store = SqliteStore(tmp_path)
    run = store.begin_run("'; DROP TABLE node; --", "x")
    store.seen(run, {"'; DROP TABLE node; --": node_id("number")})
    store.close()
    (found,) = entries(reader, kind="number")
    assert found.names == ("'; DROP TABLE node; --",)
    assert find(reader, node_id("number")[:9]) == node_id("number")


@pytest.mark.parametrize(
    "name", ["store.db", "store.lock", "claims.lock", "payload", "store.db-wal"]
)
def test_a_link_in_the_place_of_a_file_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"symbolic link.*--store"):
        SqliteStore(folder)
    assert not (tmp_path / "elsewhere").exists()


def test_a_link_among_the_folders_of_payloads_is_not_followed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    (tmp_path / "elsewhere").mkdir()
    target = Layout(tmp_path / "store").payload(node_id("image"))
    target.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="leads out of it"):
        store.record([finished("image", indexed_image(1))])
    assert store.lookup([node_id("image")]) == {}
    (tmp_path / "elsewhere" / target.name).write_text("precious")
    assert store.trimmer is not None
    store.trimmer.collect()
    store.trimmer.clear()
    store.close()
    assert (tmp_path / "elsewhere" / target.name).read_text() == "precious"


def test_a_link_with_the_name_of_a_half_written_file_is_not_followed(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    SqliteStore(tmp_path).close()
    encoded = encode_image(indexed_image(1))
    part = write_part(layout, node_id("image"), encoded)
    part.unlink()
    part.symlink_to(tmp_path / "outside")
    write_part(layout, node_id("image"), encoded)
    assert not (tmp_path / "outside").exists()
    assert part.is_file()


def test_a_payload_that_is_replaced_while_it_is_kept_is_a_miss(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    store.record([finished("image", indexed_image(1))])
    record = store.lookup([node_id("image")])[node_id("image")]
    path = Layout(tmp_path).payload(node_id("image"))
    path.write_bytes(os.urandom(path.stat().st_size))
    assert store.value(record) is MISSING
    store.close()


@pytest.mark.parametrize("text", ["", "image" * 100, "sequence of " * 30])
def test_a_kind_that_is_too_long_is_none(text: str) -> None:
    if len(text) > 256:
        with pytest.raises(ValueError, match="none of ours"):
            kind_named(text)
    else:
        assert kind_named(text).item is None


def test_a_good_grid_is_read() -> None:
    assert geometry_from_text(GOOD).size == (4, 5, 6)
