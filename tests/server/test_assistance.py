"""Completion, signatures, hints, lenses and pages at the wire: what a client gets to see."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support.wire import Fields, QuickWire, Wire

PROGRAM = """\
let level = 3 + 4
let twice(x) = x + x
print "n" twice(level)
"""


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Generator[Wire]:
    folder = tmp_path_factory.mktemp("assistance")
    (folder / "scan.nii.gz").write_bytes(b"bytes")
    with QuickWire(folder) as wire:
        wire.initialize()
        yield wire


def opened(wire: Wire, text: str, name: str) -> str:
    uri = wire.open(text, name)
    wire.diagnostics(1)
    return uri


def asked(wire: Wire, method: str, params: Fields) -> Any:
    answer = wire.ask(method, params)
    assert "error" not in answer, answer
    return answer["result"]


def test_a_proposal_carries_its_edit_and_is_explained_when_it_is_looked_at(wire: Wire) -> None:
    uri = opened(wire, "let a = smoot", "completion.imgql")
    items = wire.at("textDocument/completion", uri, 0, 13)["items"]
    item = next(item for item in items if item["label"] == "smoothen")
    start = {"line": 0, "character": 8}
    assert item["textEdit"]["range"]["start"] == start
    assert "documentation" not in item
    resolved = asked(wire, "completionItem/resolve", item)
    assert "thinner" in resolved["documentation"]["value"]


def test_files_beside_the_program_are_offered_in_its_paths(wire: Wire) -> None:
    uri = opened(wire, 'load a = "s', "paths.imgql")
    items = wire.at("textDocument/completion", uri, 0, 11)["items"]
    assert items[0]["label"] == "scan.nii.gz"


def test_snippets_are_plain_texts_for_a_client_that_cannot_fill_them_in(wire: Wire) -> None:
    uri = opened(wire, "le", "snippets.imgql")
    items = wire.at("textDocument/completion", uri, 0, 2)["items"]
    texts = [item["textEdit"]["newText"] for item in items if item["label"] == "let"]
    assert texts == ["let name = "]


def test_the_active_parameter_is_told(wire: Wire) -> None:
    uri = opened(wire, "let a = distleq(2, ", "signature.imgql")
    found = wire.at("textDocument/signatureHelp", uri, 0, 19)
    assert found["signatures"][0]["label"] == "distleq(r: number, a: mask) → mask"
    assert found["activeParameter"] == 1


def test_hints_stand_at_the_ends_of_visible_lines(wire: Wire) -> None:
    uri = opened(wire, PROGRAM, "hints.imgql")
    screen = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    found = asked(wire, "textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": screen})
    assert [(hint["position"], hint["label"]) for hint in found] == [
        ({"line": 0, "character": 17}, "number = 7")
    ]


def test_lenses_are_resolved_to_commands_that_the_server_knows(wire: Wire) -> None:
    uri = opened(wire, PROGRAM, "lenses.imgql")
    found = asked(wire, "textDocument/codeLens", {"textDocument": {"uri": uri}})
    assert all("command" not in lens for lens in found)
    commands = [asked(wire, "codeLens/resolve", lens)["command"] for lens in found]
    assert [command["title"] for command in commands] == ["Run", "Run to here", "Show", "Why?"]
    page = asked(
        wire,
        "workspace/executeCommand",
        {"command": commands[2]["command"], "arguments": commands[2]["arguments"]},
    )
    assert "number · 14" in page


def test_the_schemes_of_the_pages_are_told(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        schemes = wire.initialize()["workspace"]["textDocumentContent"]["schemes"]
    assert set(schemes) == {"imgql-primitive", "imgql-node", "imgql-why", "imgql-plan"}


def test_pages_are_given_by_their_uri_and_by_command(wire: Wire) -> None:
    uri = opened(wire, PROGRAM, "pages.imgql")
    node = wire.command_result("show", uri, {"line": 0, "character": 5})["node"]
    quoted = uri.replace(":", "%3A").replace("/", "%2F")
    for scheme in ("imgql-node", "imgql-why", "imgql-plan"):
        about = f"{scheme}:/{node}.md?{quoted}"
        text = asked(wire, "workspace/textDocumentContent", {"uri": about})["text"]
        assert node in text
        assert wire.command_result("page", about) == text
    text = wire.command_result("page", "imgql-primitive:/vox1.near.md")
    assert text.startswith("# near")


def test_a_page_is_opened_in_an_editor_that_can_show_it(tmp_path: Path) -> None:
    for has_pages in (True, False):
        with QuickWire(tmp_path) as wire:
            workspace = {"textDocumentContent": {}} if has_pages else {}
            window = {"showDocument": {"support": True}}
            capabilities = {"window": window, "workspace": workspace}
            folder = tmp_path.as_uri()
            asked(wire, "initialize", {"capabilities": capabilities, "rootUri": folder})
            wire.tell("initialized", {})
            uri = opened(wire, PROGRAM, "open.imgql")
            arguments = [uri, {"line": 0, "character": 5}, "plan"]
            about = {"command": "imgql.server.open", "arguments": arguments}
            number = wire.begin("workspace/executeCommand", about)
            request = wire.until(lambda message: message.get("method") == "window/showDocument")
            wire.send({"id": request["id"], "result": {"success": True}})
            assert wire.answer(number)["result"] is None
        page = request["params"]["uri"]
        if has_pages:
            assert page.startswith("imgql-plan:/")
        else:
            assert "# Plan of level" in Path(page.removeprefix("file://")).read_text("utf-8")


def test_who_asks_for_a_page_where_no_value_stands_is_told_so(wire: Wire) -> None:
    uri = opened(wire, "// nothing but a comment\n" + PROGRAM, "nowhere.imgql")
    about = {"command": "imgql.server.open", "arguments": [uri, {"line": 0, "character": 5}, "why"]}
    answer = wire.answer(wire.begin("workspace/executeCommand", about))
    assert "no value stands here" in answer["error"]["message"]


def test_a_cure_is_an_edit_of_the_document_and_names_what_it_mends(wire: Wire) -> None:
    uri = opened(wire, 'print "n" sqrtt(4)', "actions.imgql")
    place = {"line": 0, "character": 12}
    about: Fields = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}}
    found = asked(wire, "textDocument/codeAction", {**about, "context": {"diagnostics": []}})
    cure = found[0]
    assert cure["title"] == "Write `sqrt`"
    assert cure["isPreferred"]
    assert cure["diagnostics"][0]["code"] == "unbound-name"
    assert cure["edit"]["changes"][uri][0]["newText"] == "sqrt"
    only = {"diagnostics": [], "only": ["refactor"]}
    assert not asked(wire, "textDocument/codeAction", {**about, "context": only})


def test_a_page_that_is_not_there_is_said_to_be_missing(wire: Wire) -> None:
    for uri in ("imgql-primitive:/vox1.nothing.md", "imgql-other:/x.md", "imgql-node:/0.md?file:"):
        answer = wire.ask("workspace/textDocumentContent", {"uri": uri})
        assert "wanted" in answer["error"]["message"]


def test_hints_and_lenses_can_be_switched_off(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        wire.initialize(inlayHints=False, codeLens=False)
        uri = opened(wire, PROGRAM, "calm.imgql")
        screen = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        document = {"textDocument": {"uri": uri}}
        assert asked(wire, "textDocument/inlayHint", {**document, "range": screen}) == []
        assert asked(wire, "textDocument/codeLens", document) == []
