"""Navigation, renaming, structure, colours and formatting over the wire, in several files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.wire import Fields, QuickWire, Wire

LIBRARY = "let helper(x, size) = x + size\nlet limit = 3\n"
PROGRAM = """\
import "lib.imgql"
let a = limit * 2
let b = helper(a, size = limit)
print "b" b + a
"""
ABLE: Fields = {
    "textDocument": {
        "definition": {"linkSupport": True},
        "rename": {"prepareSupport": True},
        "semanticTokens": {
            "requests": {"full": {"delta": True}, "range": True},
            "tokenTypes": [],
            "tokenModifiers": [],
            "formats": ["relative"],
            "augmentsSyntaxTokens": True,
        },
    },
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "textDocumentContent": {"dynamicRegistration": False},
    },
}
OFFERED = (
    "definition",
    "declaration",
    "typeDefinition",
    "references",
    "documentHighlight",
    "documentSymbol",
    "workspaceSymbol",
    "foldingRange",
    "selectionRange",
    "documentLink",
    "callHierarchy",
    "documentFormatting",
    "documentRangeFormatting",
)


@dataclass
class Client:
    """A client of a server that several tests use, each in a folder of its own."""

    wire: Wire
    offered: Fields
    opened: list[str] = field(default_factory=list[str])

    @property
    def folder(self) -> Path:
        return self.wire.folder

    def move(self, folder: Path) -> "Client":
        """Close the folder before, with all documents in it, and open another one."""
        while self.opened:
            self.wire.tell("textDocument/didClose", {"textDocument": {"uri": self.opened.pop()}})
        event = {"added": [named(folder)], "removed": [named(self.folder)]}
        self.wire.tell("workspace/didChangeWorkspaceFolders", {"event": event})
        self.wire.folder = folder
        (folder / "lib.imgql").write_text(LIBRARY)
        return self

    def open(self, text: str, name: str = "program.imgql") -> str:
        self.opened.append(self.wire.open(text, name))
        return self.opened[-1]

    def ask(self, method: str, params: object) -> Fields:
        return self.wire.ask(method, params)


def named(folder: Path) -> Fields:
    return {"uri": folder.as_uri(), "name": folder.name}


def begun(wire: Wire, capabilities: Fields) -> Client:
    """Begin a session with a client that can do what is given."""
    folders = [named(wire.folder)]
    params = {"processId": None, "workspaceFolders": folders, "capabilities": capabilities}
    offered: Fields = wire.ask("initialize", params)["result"]["capabilities"]
    wire.tell("initialized", {})
    return Client(wire, offered)


@pytest.fixture(scope="module")
def able_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with QuickWire(tmp_path_factory.mktemp("able")) as wire:
        yield begun(wire, ABLE)


@pytest.fixture(scope="module")
def plain_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with QuickWire(tmp_path_factory.mktemp("plain")) as wire:
        yield begun(wire, {})


@pytest.fixture
def able(able_client: Client, tmp_path: Path) -> Client:
    """A client that can do everything."""
    return able_client.move(tmp_path)


@pytest.fixture
def plain(plain_client: Client, tmp_path: Path) -> Client:
    """A client that can do little."""
    return plain_client.move(tmp_path)


def ask(client: Client, method: str, uri: str, **more: object) -> Any:
    answer = client.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, **more})
    assert "error" not in answer, answer
    return answer["result"]


def at(line: int, character: int) -> Fields:
    return {"line": line, "character": character}


def span(line: int, start: int, end: int) -> Fields:
    return {"start": at(line, start), "end": at(line, end)}


def test_the_server_says_what_it_can(able: Client) -> None:
    offered = able.offered
    for name in OFFERED:
        assert offered[f"{name}Provider"], name
    assert offered["renameProvider"] == {"prepareProvider": True}
    tokens = offered["semanticTokensProvider"]
    assert tokens["full"] == {"delta": True}
    assert tokens["range"] is True
    assert {"known", "todo", "running", "failed"} <= set(tokens["legend"]["tokenModifiers"])


def test_a_definition_in_another_file_is_linked_with_what_stands_here(able: Client) -> None:
    uri = able.open(PROGRAM)
    (link,) = ask(able, "definition", uri, position=at(2, 10))
    assert link["targetUri"].endswith("/lib.imgql")
    assert link["targetSelectionRange"] == span(0, 4, 10)
    assert link["originSelectionRange"] == span(2, 8, 14)


def test_a_declaration_here_is_linked_whole(able: Client) -> None:
    uri = able.open(PROGRAM)
    (link,) = ask(able, "declaration", uri, position=at(3, 14))
    assert link["targetUri"] == uri
    assert link["targetRange"] == span(1, 0, 17)
    assert link["targetSelectionRange"] == span(1, 4, 5)


def test_a_primitive_leads_to_a_virtual_page_where_the_client_shows_them(able: Client) -> None:
    uri = able.open("let a = sqrt(2)")
    (link,) = ask(able, "definition", uri, position=at(0, 9))
    assert link["targetUri"] == "imgql-primitive:/default.sqrt.md"


def test_a_primitive_leads_to_a_read_only_file_elsewhere(plain: Client) -> None:
    uri = plain.open("let a = sqrt(2)")
    place = ask(plain, "definition", uri, position=at(0, 9))
    path = Path(place["uri"].removeprefix("file://"))
    assert path.match("*/voxlogica/pages/*.md")
    assert path.read_text().startswith("# sqrt\n\n```imgql\nsqrt(")
    assert not path.stat().st_mode & 0o222
    kind = ask(plain, "typeDefinition", uri, position=at(0, 9))
    assert Path(kind["uri"].removeprefix("file://")).read_text().startswith("# number\n")


def test_imports_and_inputs_are_links_to_files(plain: Client) -> None:
    (plain.folder / "a.nii.gz").write_bytes(b"no image, but a file")
    text = 'import "lib"\nload i = "a.nii.gz"\nimport "missing"\nsave "new.nii.gz" i\n'
    uri = plain.open(text)
    found = ask(plain, "documentLink", uri)
    assert [link["target"].rpartition("/")[2] for link in found] == ["lib.imgql", "a.nii.gz"]
    assert found[0]["range"] == span(0, 8, 11)


def test_references_are_found_in_files_that_are_not_open(plain: Client) -> None:
    (plain.folder / "other.imgql").write_text('import "lib.imgql"\nprint "x" limit\n')
    (plain.folder / "apart.imgql").write_text('let limit = 1\nprint "x" limit // no import\n')
    uri = plain.open(PROGRAM)
    context = {"includeDeclaration": True}
    found = ask(plain, "references", uri, position=at(1, 9), context=context)
    places = [(f["uri"].rpartition("/")[2], f["range"]["start"]["line"]) for f in found]
    assert sorted(places) == [
        ("lib.imgql", 1),
        ("other.imgql", 1),
        ("program.imgql", 1),
        ("program.imgql", 2),
    ]
    context = {"includeDeclaration": False}
    assert len(ask(plain, "references", uri, position=at(1, 9), context=context)) == 3


def test_highlights_tell_reading_from_writing(plain: Client) -> None:
    uri = plain.open(PROGRAM)
    found = ask(plain, "documentHighlight", uri, position=at(3, 14))
    assert [(f["range"]["start"]["line"], f["kind"]) for f in found] == [(1, 3), (2, 2), (3, 2)]
    assert ask(plain, "documentHighlight", uri, position=at(1, 17)) == []


def test_a_name_of_an_imported_file_is_renamed_in_every_file(able: Client) -> None:
    (able.folder / "other.imgql").write_text('import "lib.imgql"\nprint "x" limit\n')
    uri = able.open(PROGRAM)
    ready = ask(able, "prepareRename", uri, position=at(1, 9))
    assert ready == {"range": span(1, 8, 13), "placeholder": "limit"}
    edit = ask(able, "rename", uri, position=at(1, 9), newName="most")
    changes = {
        change["textDocument"]["uri"].rpartition("/")[2]: (
            change["textDocument"]["version"],
            [(e["range"]["start"]["line"], e["newText"]) for e in change["edits"]],
        )
        for change in edit["documentChanges"]
    }
    assert changes == {
        "lib.imgql": (None, [(1, "most")]),
        "program.imgql": (1, [(1, "most"), (2, "most")]),
        "other.imgql": (None, [(1, "most")]),
    }


def test_a_parameter_is_renamed_where_a_file_names_it(plain: Client) -> None:
    program = plain.open(PROGRAM)
    uri = plain.open(LIBRARY, "lib.imgql")
    edit = ask(plain, "rename", uri, position=at(0, 14), newName="extent")
    assert {u: len(edits) for u, edits in edit["changes"].items()} == {uri: 2, program: 1}


@pytest.mark.parametrize(
    ("line", "column", "name", "reason"),
    [
        (2, 19, "a", "`a` is taken in"),
        (1, 4, "b", "`b`"),
        (1, 4, "let", "`let` is a keyword"),
        (0, 2, "x", "no name stands here"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(
    plain: Client, line: int, column: int, name: str, reason: str
) -> None:
    uri = plain.open(PROGRAM)
    params = {"textDocument": {"uri": uri}, "position": at(line, column), "newName": name}
    answer = plain.ask("textDocument/rename", params)
    assert reason in answer["error"]["message"]


def test_a_program_is_itself_again_after_a_renaming_was_tried(plain: Client) -> None:
    """A name of capitals, and one that is taken, are tried on the program as it would be."""
    text = "let a = 1\nlet b = a + 2\nlet c = 3\nlet d = a + b + c"
    uri = plain.open(text)
    before = ask(plain, "hover", uri, position=at(3, 4))
    edit = ask(plain, "rename", uri, position=at(0, 4), newName="GTV")
    assert [e["newText"] for e in edit["changes"][uri]] == ["GTV"] * 3
    params = {"textDocument": {"uri": uri}, "position": at(0, 4), "newName": "c"}
    assert "mean something else" in plain.ask("textDocument/rename", params)["error"]["message"]
    assert ask(plain, "hover", uri, position=at(3, 4)) == before
    assert ask(plain, "definition", uri, position=at(3, 8))["range"] == span(0, 4, 5)
    edits = [{"range": e["range"], "text": e["newText"]} for e in reversed(edit["changes"][uri])]
    plain.wire.edit(uri, 2, *edits)
    assert ask(plain, "definition", uri, position=at(3, 8))["range"] == span(0, 4, 7)
    assert ask(plain, "hover", uri, position=at(3, 4)) == before


def test_symbols_of_the_workspace_are_found_by_some_of_their_letters(plain: Client) -> None:
    hidden = plain.folder / ".venv"
    hidden.mkdir()
    (hidden / "far.imgql").write_text("let limited = 1\n")
    uri = plain.open("let unlimited = 1\n")
    answer = plain.ask("workspace/symbol", {"query": "lmt"})
    found = {(s["name"], s["location"]["uri"]) for s in answer["result"]}
    assert found == {("limit", (plain.folder / "lib.imgql").as_uri()), ("unlimited", uri)}
    (plain.folder / "lib.imgql").write_text("let changed = 3\n")
    answer = plain.ask("workspace/symbol", {"query": "chan"})
    assert [s["name"] for s in answer["result"]] == ["changed"]


def test_an_outline_without_levels_is_flat(plain: Client) -> None:
    uri = plain.open(PROGRAM)
    found = ask(plain, "documentSymbol", uri)
    assert [s["name"] for s in found] == ["import lib.imgql", "a", "b", 'print "b"']
    assert found[1]["location"] == {"uri": uri, "range": span(1, 0, 17)}


def test_selections_grow_and_folds_are_lines(plain: Client) -> None:
    uri = plain.open("let a = max(\n    1,\n    2)\n")
    assert ask(plain, "foldingRange", uri) == [{"startLine": 0, "endLine": 2}]
    (found,) = ask(plain, "selectionRange", uri, positions=[at(1, 4)])
    assert found["range"] == span(1, 4, 5)
    assert found["parent"]["range"] == {"start": at(1, 4), "end": at(2, 5)}


def test_dataflow_goes_through_files(plain: Client) -> None:
    uri = plain.open(PROGRAM)
    (item,) = ask(plain, "prepareCallHierarchy", uri, position=at(2, 4))
    needs = plain.ask("callHierarchy/outgoingCalls", {"item": item})["result"]
    named = {call["to"]["name"]: len(call["fromRanges"]) for call in needs}
    assert named == {"helper": 1, "a": 1, "limit": 1}
    (limit,) = [call["to"] for call in needs if call["to"]["name"] == "limit"]
    assert limit["uri"].endswith("/lib.imgql")
    users = plain.ask("callHierarchy/incomingCalls", {"item": limit})["result"]
    assert [call["from"]["name"] for call in users] == ["a", "b"]
    assert plain.ask("callHierarchy/outgoingCalls", {"item": limit})["result"] == []


def test_colours_come_whole_in_part_and_as_a_difference(able: Client) -> None:
    legend = able.offered["semanticTokensProvider"]["legend"]
    uri = able.open(PROGRAM)
    whole = ask(able, "semanticTokens/full", uri)
    assert len(whole["data"]) % 5 == 0
    kinds = [legend["tokenTypes"][kind] for kind in whole["data"][3::5]]
    assert kinds == [
        *("variable", "variable"),
        *("variable", "function", "variable", "parameter", "variable"),
        *("variable", "variable"),
    ]
    known = 1 << legend["tokenModifiers"].index("known")
    assert all(bits & known for bits in whole["data"][4:10:5])
    part = ask(able, "semanticTokens/range", uri, range=span(1, 0, 3))
    assert part["data"] == whole["data"][:10]
    able.wire.edit(uri, 2, {"range": span(1, 16, 17), "text": "3 + a0"})
    changed = {"previousResultId": whole["resultId"]}
    delta = ask(able, "semanticTokens/full/delta", uri, **changed)
    (edit,) = delta["edits"]
    again = ask(able, "semanticTokens/full", uri)
    data = whole["data"]
    stop = edit["start"] + edit["deleteCount"]
    assert [*data[: edit["start"]], *edit["data"], *data[stop:]] == again["data"]
    stale = ask(able, "semanticTokens/full/delta", uri, previousResultId="of another life")
    assert stale["data"] == again["data"]


def test_editors_without_colours_get_every_word(plain: Client) -> None:
    legend = plain.offered["semanticTokensProvider"]["legend"]
    uri = plain.open('print "é𝔘" 1 + 2 // two\n')
    data = ask(plain, "semanticTokens/full", uri)["data"]
    kinds = [legend["tokenTypes"][kind] for kind in data[3::5]]
    assert kinds == ["keyword", "string", "number", "operator", "number", "comment"]
    assert data[5:8] == [0, 6, 5]  # in the client's units: one of the letters takes two


def test_formatting_changes_the_lines_that_need_it(plain: Client) -> None:
    uri = plain.open("let a = 1\nlet  b=2\nlet  c=3\n")
    options = {"tabSize": 4, "insertSpaces": True}
    (edit,) = ask(plain, "formatting", uri, options=options)
    assert edit == {
        "range": {"start": at(1, 0), "end": at(3, 0)},
        "newText": "let b = 2\nlet c = 3\n",
    }
    (part,) = ask(plain, "rangeFormatting", uri, options=options, range=span(2, 0, 3))
    assert part == {"range": span(2, 0, 8), "newText": "let c = 3"}


def test_edits_of_a_text_that_is_gone_are_not_sent(plain: Client) -> None:
    uri = plain.open("".join(f"let  a{n}=max( {n}, 1 )\n" for n in range(3_000)))
    plain.wire.diagnostics(1)
    options = {"tabSize": 4, "insertSpaces": True}
    params = {"textDocument": {"uri": uri}, "options": options}
    asked = plain.wire.begin("textDocument/formatting", params)
    plain.wire.edit(uri, 2, {"range": span(0, 0, 0), "text": "// new\n"})
    assert plain.wire.answer(asked)["error"]["code"] == -32801
    assert plain.ask("textDocument/formatting", params)["result"]


def test_a_file_that_is_there_is_offered_for_one_that_is_not(plain: Client) -> None:
    (plain.folder / "helpers.imgql").write_text("let one = 1\n")
    uri = plain.open('import "helper.imgql"\n')
    place = {"start": at(0, 10), "end": at(0, 10)}
    found = ask(plain, "codeAction", uri, range=place, context={"diagnostics": []})
    assert found[0]["title"] == "Write `helpers.imgql`"
    assert found[0]["isPreferred"]
