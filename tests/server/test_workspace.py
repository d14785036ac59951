"""Folders, settings and files of a session: with clients that can much, little or nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pictures import write_ball
from tests.support.wire import Fields, QuickWire, Wire

ABLE: Fields = {
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    }
}
READS_OTHERWISE = 'let x = 10 - 3 - 2\nprint "x" x'
"""Five in our dialect, nine in that of VoxLogicA 1."""


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with QuickWire(tmp_path) as wire:
        yield wire


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    made = (tmp_path / "new", tmp_path / "old")
    for folder in made:
        folder.mkdir()
    return made


def named(folder: Path) -> Fields:
    return {"uri": folder.as_uri(), "name": folder.name}


def begin_with_folders(wire: Wire, folders: tuple[Path, ...]) -> None:
    wire.start(ABLE, workspaceFolders=[named(folder) for folder in folders])
    wire.reply(wire.asked("client/registerCapability"), None)


def told_settings(wire: Wire, dialects: dict[str, str]) -> list[str | None]:
    """Answer the server's question for settings; return the folders it asked about."""
    question = wire.asked("workspace/configuration")
    items = question["params"]["items"]
    assert {item["section"] for item in items} == {"voxlogica"}
    scopes = [item.get("scopeUri") for item in items]
    answers = [{"dialect": dialects.get(str(s).rpartition("/")[2], "")} for s in scopes]
    wire.reply(question, answers)
    return scopes


def codes(wire: Wire, version: int | None = None) -> list[str]:
    return [found["code"] for found in wire.diagnostics(version)]


def value(wire: Wire, uri: str) -> str:
    hover = wire.at("textDocument/hover", uri, 0, 4)["contents"]["value"]
    return re.findall(r"x : number = (\d+)", hover)[0]


def until_codes(wire: Wire, wanted: list[str]) -> None:
    """Wait for diagnostics with these codes; an analysis under older settings may come before."""
    while codes(wire) != wanted:
        pass


def test_each_folder_has_its_own_settings(wire: Wire, folders: tuple[Path, Path]) -> None:
    begin_with_folders(wire, folders)
    scopes = told_settings(wire, {"old": "voxlogica1"})
    assert scopes == [None, folders[0].as_uri(), folders[1].as_uri()]
    assert value(wire, wire.open(READS_OTHERWISE, "new/a.imgql")) == "5"
    assert value(wire, wire.open(READS_OTHERWISE, "old/a.imgql")) == "9"


def test_changed_settings_are_asked_for_and_hold_at_once(
    wire: Wire, folders: tuple[Path, Path]
) -> None:
    begin_with_folders(wire, folders)
    told_settings(wire, {})
    uri = wire.open(READS_OTHERWISE, "old/a.imgql")
    assert value(wire, uri) == "5"
    wire.tell("workspace/didChangeConfiguration", {"settings": None})
    told_settings(wire, {"old": "voxlogica1"})
    assert value(wire, uri) == "9"


def test_a_client_that_cannot_be_asked_may_push_settings(wire: Wire) -> None:
    wire.start({})
    uri = wire.open(READS_OTHERWISE)
    assert value(wire, uri) == "5"
    settings = {"voxlogica": {"dialect": "voxlogica1"}}
    wire.tell("workspace/didChangeConfiguration", {"settings": settings})
    assert value(wire, uri) == "9"


@pytest.mark.parametrize("answer", [None, [], {}, [1, 2, 3], ["a", "b", "c"]])
def test_settings_of_no_form_change_nothing(
    wire: Wire, folders: tuple[Path, Path], answer: object
) -> None:
    begin_with_folders(wire, folders)
    wire.reply(wire.asked("workspace/configuration"), answer)
    assert value(wire, wire.open(READS_OTHERWISE, "new/a.imgql")) == "5"


def test_a_client_that_declines_everything_is_served_all_the_same(wire: Wire) -> None:
    wire.start(ABLE)
    for method in ("client/registerCapability", "workspace/configuration"):
        request = wire.asked(method)
        wire.send({"id": request["id"], "error": {"code": -32601, "message": "no"}})
    wire.open('print "a" b')
    assert codes(wire) == ["unbound-name"]


def test_files_and_settings_are_watched_where_the_client_can(wire: Wire) -> None:
    wire.start(ABLE)
    wanted = wire.asked("client/registerCapability")["params"]["registrations"]
    assert [(r["method"], list(r["registerOptions"])) for r in wanted] == [
        ("workspace/didChangeWatchedFiles", ["watchers"]),
        ("workspace/didChangeConfiguration", ["section"]),
    ]


def test_a_client_with_nothing_but_the_minimum_is_asked_nothing(wire: Wire) -> None:
    offered = wire.start({})
    assert offered["positionEncoding"] == "utf-16"
    uri = wire.open("let a = 1\nlet b = a")
    wire.diagnostics(1)
    hover = wire.at("textDocument/hover", uri, 1, 8)
    assert hover["contents"]["kind"] == "plaintext"
    assert wire.command_result("run", uri)["goals"] == []
    assert not [message for message in wire.seen if "method" in message and "id" in message]


def test_relative_files_are_found_in_the_folder_of_the_program(
    wire: Wire, folders: tuple[Path, Path]
) -> None:
    (folders[1] / "lib.imgql").write_text("let shade = 1\n")
    begin_with_folders(wire, folders)
    (folders[0] / "inner").mkdir()
    (folders[1] / "inner").mkdir()
    text = 'import "lib.imgql"\nprint "s" shade'
    wire.open(text, "old/inner/a.imgql")
    assert codes(wire) == []
    wire.open(text, "new/inner/a.imgql")
    assert "import-not-found" in codes(wire)


def test_folders_come_and_go(wire: Wire, folders: tuple[Path, Path]) -> None:
    new, old = folders
    (old / "lib.imgql").write_text("let shade = 1\n")
    begin_with_folders(wire, (new,))
    text = 'import "lib.imgql"\nprint "s" shade'
    (old / "inner").mkdir()
    wire.open(text, "old/inner/a.imgql")
    assert "import-not-found" in codes(wire)
    change = {"event": {"added": [named(old)], "removed": [named(new)]}}
    wire.tell("workspace/didChangeWorkspaceFolders", change)
    until_codes(wire, [])
    change = {"event": {"added": [], "removed": [named(old)]}}
    wire.tell("workspace/didChangeWorkspaceFolders", change)
    while "import-not-found" not in codes(wire):
        pass


def test_a_text_that_is_no_file_is_written_hovered_and_run(wire: Wire, tmp_path: Path) -> None:
    write_ball(tmp_path / "ball.nii.gz")
    wire.initialize()
    uri = "untitled:Untitled-1"
    text = 'load i = "ball.nii.gz"\nprint "v" volume(intensity(i) >. 50)'
    document = {"uri": uri, "languageId": "imgql", "version": 1, "text": text}
    wire.tell("textDocument/didOpen", {"textDocument": document})
    assert wire.diagnostics(1) == []
    assert "i : image" in wire.at("textDocument/hover", uri, 0, 5)["contents"]["value"]
    assert wire.command_result("run", uri)["goals"][0]["outcome"] == "done"


def test_a_file_outside_every_folder_finds_what_is_beside_it(
    wire: Wire, folders: tuple[Path, Path]
) -> None:
    new, old = folders
    (old / "lib.imgql").write_text("let shade = 1\n")
    begin_with_folders(wire, (new,))
    wire.open('import "lib.imgql"\nprint "s" shade', "old/a.imgql")
    assert codes(wire) == []


def test_a_file_deleted_while_it_is_open_is_edited_on(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "program.imgql").write_text("let a = 1")
    wire.initialize()
    uri = wire.open('print "a" b')
    assert codes(wire, 1) == ["unbound-name"]
    (tmp_path / "program.imgql").unlink()
    wire.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
    wire.edit(uri, 2, {"text": 'print "a" 1'})
    assert codes(wire, 2) == []


def test_a_renamed_file_begins_anew(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open('print "a" b', "before.imgql")
    assert codes(wire, 1) == ["unbound-name"]
    wire.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert codes(wire) == []
    renamed = wire.open('print "a" b', "after.imgql")
    last = wire.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")["params"]
    assert (last["uri"], len(last["diagnostics"])) == (renamed, 1)


def test_an_import_deleted_and_made_again_is_noticed(wire: Wire, tmp_path: Path) -> None:
    other = tmp_path / "lib.imgql"
    other.write_text("let shade = 1\n")
    wire.initialize()
    wire.open('import "lib.imgql"\nprint "s" shade')
    assert codes(wire) == []
    other.unlink()
    changed = {"changes": [{"uri": other.as_uri(), "type": 3}]}
    wire.tell("workspace/didChangeWatchedFiles", changed)
    assert "import-not-found" in codes(wire)
    other.write_text("let shade = 2\n")
    wire.tell("workspace/didChangeWatchedFiles", changed)
    assert codes(wire) == []


def test_two_hundred_open_documents_are_all_looked_after(wire: Wire) -> None:
    wire.initialize()
    uris = [wire.open(f'let a = {n}\nprint "a" b', f"p{n}.imgql") for n in range(200)]
    wire.edit(uris[7], 2, {"text": 'print "a" 1'})
    seen: dict[str, list[str]] = {}
    while set(seen) != set(uris) or seen[uris[7]]:
        published = wire.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
        params = published["params"]
        seen[params["uri"]] = [found["code"] for found in params["diagnostics"]]
    others = {tuple(seen[uri]) for uri in uris if uri != uris[7]}
    assert {code for codes in others for code in codes} == {"unbound-name", "unused-declaration"}


def test_a_line_of_a_million_characters_is_edited_and_hovered(wire: Wire) -> None:
    wire.initialize()
    text = '"' + 500_000 * "🧠" + '"'
    uri = wire.open(f"let a = {text} let b = 1 print (a) b" + " + b" * 1000)
    assert wire.diagnostics(1) == []
    place = {"line": 0, "character": 8 + 1_000_002 + 1}
    wire.edit(uri, 2, {"range": {"start": place, "end": place}, "text": 'print "z" zz '})
    (found,) = [one for one in wire.diagnostics(2) if one["code"] == "unbound-name"]
    assert found["range"]["start"]["character"] == place["character"] + 10
    end = {**place, "character": place["character"] + 13}
    wire.edit(uri, 3, {"range": {"start": place, "end": end}, "text": ""})
    assert wire.diagnostics(3) == []
    hover = wire.at("textDocument/hover", uri, 0, place["character"] + 4)
    assert hover["range"]["start"]["character"] == place["character"] + 4
    assert "b : number" in hover["contents"]["value"]


def test_nothing_is_written_into_the_folders_of_the_user(
    wire: Wire, folders: tuple[Path, Path]
) -> None:
    new, _ = folders
    (new / "a.imgql").write_text("let a = 1")
    (new / "a.imgql").chmod(0o444)
    new.chmod(0o555)
    begin_with_folders(wire, folders)
    uri = wire.open("let a = 1", "new/a.imgql")
    wire.edit(uri, 2, {"text": "let b = 1"})
    wire.diagnostics(2)
    wire.ask("shutdown")
    new.chmod(0o755)
    assert [path.name for path in new.iterdir()] == ["a.imgql"]
    assert (new / "a.imgql").read_text() == "let a = 1"


def test_a_document_that_may_only_be_read_is_looked_at_as_any_other(
    wire: Wire, tmp_path: Path
) -> None:
    """A file without the right to write it, and the state of one that an editor shows of Git."""
    write_ball(tmp_path / "ball.nii.gz")
    text = 'load i = "ball.nii.gz"\nlet x = intensity(i) >. 50\nprint "v" volume(x)'
    file = tmp_path / "program.imgql"
    file.write_text(text)
    file.chmod(0o444)
    wire.initialize()
    for uri in (file.as_uri(), f"git:{file}?ref=HEAD"):
        document = {"uri": uri, "languageId": "imgql", "version": 1, "text": text}
        wire.tell("textDocument/didOpen", {"textDocument": document})
        assert codes(wire, 1) == []
        assert "x : mask" in wire.at("textDocument/hover", uri, 1, 4)["contents"]["value"]
        assert wire.at("textDocument/definition", uri, 2, 17)
        assert wire.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})["result"]
        assert wire.command_result("run", uri)["goals"][0]["outcome"] == "done"
        wire.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert codes(wire) == []
    assert file.read_text() == text
    assert not file.stat().st_mode & 0o222
