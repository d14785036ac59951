"""Whole sessions of writing: what is shown follows the text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.wire import Fields, QuickWire, Wire


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        yield wire


def replaced(line: int, start: int, end: int, text: str) -> Fields:
    at = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
    return {"range": at, "text": text}


def test_a_diagnostic_appears_and_disappears_with_its_cause(wire: Wire) -> None:
    uri = wire.open('let a = 1\nprint "a" b')
    (found,) = wire.diagnostics(1)[-1:]
    assert (found["code"], found["source"], found["severity"]) == ("unbound-name", "voxlogica", 1)
    assert found["range"] == {
        "start": {"line": 1, "character": 10},
        "end": {"line": 1, "character": 11},
    }
    wire.edit(uri, 2, replaced(1, 10, 11, "a"))
    assert wire.diagnostics(2) == []


def test_closing_a_document_clears_its_diagnostics(wire: Wire) -> None:
    uri = wire.open('print "a" b')
    assert wire.diagnostics(1)
    wire.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert wire.diagnostics() == []


def test_only_the_newest_text_is_reported_after_many_edits(wire: Wire) -> None:
    uri = wire.open('print "a" 1')
    for version in range(2, 40):
        wire.edit(uri, version, replaced(0, 10, 11, "z" if version % 2 else "1"))
    wire.edit(uri, 40, replaced(0, 10, 11, "2"))
    assert wire.diagnostics(40) == []
    versions = [
        message["params"]["version"]
        for message in wire.seen
        if message.get("method") == "textDocument/publishDiagnostics"
    ]
    assert versions == sorted(versions)


def test_edits_after_unusual_line_characters_stay_in_step(wire: Wire) -> None:
    uri = wire.open('let a = "\u2028\x0c\x85" // \u2029\nlet 🧠 = 1\nprint "a" b')
    wire.diagnostics(1)
    wire.edit(uri, 2, replaced(1, 4, 6, "b"), replaced(2, 7, 8, "🧠"))
    assert [d["code"] for d in wire.diagnostics(2)] == ["unused-declaration"]


def test_columns_are_counted_in_utf_16_units(wire: Wire) -> None:
    wire.open('print "🧠🧠" zz')
    (found,) = wire.diagnostics(1)
    assert found["range"]["start"]["character"] == 13


def test_hover_answers_for_the_text_as_it_is_now(wire: Wire) -> None:
    uri = wire.open('let a = 1\nprint "a" a')
    wire.edit(uri, 2, replaced(0, 8, 9, "41 + 1"))
    hover = wire.at("textDocument/hover", uri, 1, 10)
    assert "a : number = 42" in hover["contents"]["value"]
    assert hover["range"]["start"] == {"line": 1, "character": 10}


def test_hover_says_nothing_where_nothing_stands(wire: Wire) -> None:
    uri = wire.open("\n\nlet a = 1")
    assert wire.at("textDocument/hover", uri, 0, 0) is None


def test_definition_leads_to_the_declaration(wire: Wire) -> None:
    uri = wire.open('let a = 1\nprint "a" a + 1')
    place = wire.at("textDocument/definition", uri, 1, 10)
    assert (place["uri"], place["range"]["start"]) == (uri, {"line": 0, "character": 4})


def test_definition_leads_into_imported_files(wire: Wire, tmp_path: Path) -> None:
    other = tmp_path / "lib.imgql"
    other.write_text("// first line\nlet twice(x) = x + x\n")
    uri = wire.open('import "lib.imgql"\nprint "a" twice(2)')
    place = wire.at("textDocument/definition", uri, 1, 12)
    assert (place["uri"], place["range"]["start"]) == (other.as_uri(), {"line": 1, "character": 4})
    file = wire.at("textDocument/definition", uri, 0, 10)
    assert file["uri"] == other.as_uri()


def test_definition_leads_into_the_standard_library(wire: Wire) -> None:
    uri = wire.open("let f(a, b) = touch(a, b)")
    place = wire.at("textDocument/definition", uri, 0, 16)
    assert place["uri"].endswith("/stdlib/vox1.imgql")


def test_an_error_in_an_import_is_shown_at_the_import_with_a_link(
    wire: Wire, tmp_path: Path
) -> None:
    (tmp_path / "lib.imgql").write_text("let x = yy\n")
    wire.open('import "lib.imgql"\nprint "x" x')
    found = [d for d in wire.diagnostics(1) if d["code"] == "unbound-name"]
    assert found[0]["range"]["start"]["line"] == 0
    link = found[0]["relatedInformation"][0]["location"]
    assert (link["uri"], link["range"]["start"]["character"]) == (
        (tmp_path / "lib.imgql").as_uri(),
        8,
    )


def test_a_changed_import_is_looked_at_again(wire: Wire, tmp_path: Path) -> None:
    other = tmp_path / "lib.imgql"
    other.write_text("let shade = 1\n")
    wire.open('import "lib.imgql"\nprint "s" shade')
    assert wire.diagnostics(1) == []
    other.write_text("let light = 1\n")
    changes = {"changes": [{"uri": other.as_uri(), "type": 2}]}
    wire.tell("workspace/didChangeWatchedFiles", changes)
    assert [d["code"] for d in wire.diagnostics(1)] == ["unbound-name"]


def test_the_outline_names_values_functions_and_goals(wire: Wire) -> None:
    uri = wire.open('let a = 1\nlet f(x) = x\nprint "a" f(a)')
    answer = wire.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    outline = [(symbol["name"], symbol["detail"]) for symbol in answer["result"]]
    assert outline == [("a", "number"), ("f", "(x)"), ('print "a"', "")]


def test_completion_offers_names_above_the_cursor_first(wire: Wire) -> None:
    uri = wire.open('let near_enough = 1\nprint "a" \nlet later = 2')
    items = wire.at("textDocument/completion", uri, 1, 10)["items"]
    labels = [item["label"] for item in items]
    assert labels[0] == "near_enough"
    assert "near" in labels
    assert "later" not in labels
    assert len(labels) == len(set(labels))


def test_the_plan_is_that_of_the_text_on_the_screen(wire: Wire) -> None:
    uri = wire.open('let a = 1\nprint "a" a')
    plan = wire.command_result("plan", uri)
    assert plan["goals"][0]["node"] == plan["declarations"]["a"]


def test_a_client_that_counts_in_utf_8_is_obliged(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        general = {"positionEncodings": ["utf-8", "utf-16"]}
        params = {"processId": None, "rootUri": None, "capabilities": {"general": general}}
        assert wire.ask("initialize", params)["result"]["capabilities"]["positionEncoding"] == (
            "utf-8"
        )
        wire.open('print "🧠" zz')
        (found,) = wire.diagnostics(1)
        assert found["range"]["start"]["character"] == 13


def test_a_client_without_markdown_gets_plain_text(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        wire.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        uri = wire.open("let a = 1")
        hover = wire.at("textDocument/hover", uri, 0, 4)
        assert hover["contents"]["kind"] == "plaintext"
        assert "`" not in hover["contents"]["value"]
