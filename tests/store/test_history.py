"""Runs, what they saw, digests of files: the history beside the values."""

import sqlite3
from pathlib import Path

from tests.support.stores import finished, indexed_image, node_id
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.store.store import Store

Rows = list[tuple[object, ...]]


def rows(folder: Path, question: str) -> Rows:
    connection = sqlite3.connect(Layout(folder / "store").database)
    answer = connection.execute(question).fetchall()
    connection.close()
    return answer


def test_a_run_notes_what_its_declarations_and_goals_were(
    tmp_path: Path, kept: SqliteStore
) -> None:
    first = kept.begin_run("brain.imgql", "digest 1")
    kept.seen(first, {"dice": node_id("a")}, [("Dice", node_id("a")), ("Dice", node_id("b"))])
    kept.end_run(first, "done")
    second = kept.begin_run("brain.imgql", "digest 2")
    assert second > first
    noted = rows(tmp_path, "SELECT run, role, name, lower(hex(node)) FROM seen ORDER BY 1, 2, 4")
    goals = [(first, "goal", "Dice", node) for node in sorted((node_id("a"), node_id("b")))]
    assert noted == [(first, "declaration", "dice", node_id("a")), *goals]
    runs = rows(tmp_path, "SELECT document, program, outcome, ended >= started FROM run")
    assert runs == [
        ("brain.imgql", "digest 1", "done", 1),
        ("brain.imgql", "digest 2", None, None),
    ]


def test_the_end_of_a_run_notes_when_nodes_were_used(tmp_path: Path, kept: SqliteStore) -> None:
    kept.record([finished("used", 1.0), finished("not", 1.0)])
    run = kept.begin_run("a", "b")
    kept.end_run(run, "done", [node_id("used"), node_id("unknown")])
    used = rows(tmp_path, "SELECT lower(hex(id)) FROM node WHERE last_used > created")
    assert used == [(node_id("used"),)]


def test_inputs_are_recorded_in_order_and_once(tmp_path: Path, kept: SqliteStore) -> None:
    kept.record([finished("a", 1.0)])
    kept.record([finished("a", 1.0)])
    question = "SELECT position, lower(hex(input)) FROM dependency ORDER BY position"
    assert rows(tmp_path, question) == [(0, node_id("first")), (1, node_id("second"))]


def test_a_node_remembers_with_which_simpleitk_it_was_made(
    tmp_path: Path, kept: SqliteStore
) -> None:
    kept.record([finished("a", indexed_image(1))])
    [(version,)] = rows(tmp_path, "SELECT simpleitk FROM node")
    assert str(version)[0].isdigit()


def test_the_digest_of_a_file_holds_while_the_file_is_what_it_was(store: Store) -> None:
    assert store.digest_memo("/a", 1, 2, 3) is None
    store.remember_digest("/a", 1, 2, 3, "d")
    assert store.digest_memo("/a", 1, 2, 3) == "d"
    changed = [("/b", 1, 2, 3), ("/a", 9, 2, 3), ("/a", 1, 9, 3), ("/a", 1, 2, 9)]
    assert [store.digest_memo(*file) for file in changed] == [None] * 4


def test_a_changed_file_has_a_new_digest(tmp_path: Path, kept: SqliteStore) -> None:
    kept.remember_digest("/a", 1, 2, 3, "d")
    kept.remember_digest("/a", 1, 5, 3, "e")
    reader = StoreReader(tmp_path / "store")
    assert reader.digest_memo("/a", 1, 5, 3) == "e"
    assert reader.digest_memo("/a", 1, 2, 3) is None
    reader.close()
