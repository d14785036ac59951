"""Open pages follow edits and runs: the server asks the client to ask again."""

from pathlib import Path
from urllib.parse import quote

from tests.support.wire import Fields, Wire

REFRESH = "workspace/textDocumentContent/refresh"
PROGRAM = 'let level = 2 + sqrt(2)\nprint "level" level\n'


def test_a_page_is_asked_for_again_after_an_edit_and_after_a_run(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        wire.start({"workspace": {"textDocumentContent": {}}})
        uri = wire.open(PROGRAM)
        wire.diagnostics(1)
        node = wire.command_result("show", uri, {"line": 0, "character": 5})["node"]
        page = f"imgql-node:/node-{node[:12]}.md?{quote(uri, safe='')}"
        assert "Line 1:" in text_of(wire, page)
        change: Fields = {"range": at(0, 12, 13), "text": "3"}
        wire.edit(uri, 2, change)
        refreshed(wire, page)
        assert "Line 1:" not in text_of(wire, page)  # the value stands nowhere any more
        wire.edit(uri, 3, {**change, "text": "2"})
        refreshed(wire, page)
        assert "Line 1:" in text_of(wire, page)
        number = wire.begin(
            "workspace/executeCommand", {"command": "imgql.server.run", "arguments": [uri]}
        )
        refreshed(wire, page)
        assert wire.answer(number)["result"]["goals"][0]["outcome"] == "done"
        assert wire.ask("workspace/textDocumentContent", {"uri": "imgql-node:/0.md?x"})["error"]


def test_a_client_without_pages_is_asked_nothing(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open(PROGRAM)
        wire.diagnostics(1)
        node = wire.command_result("show", uri, {"line": 0, "character": 5})["node"]
        wire.command_result("page", f"imgql-node:/{node}.md?{quote(uri, safe='')}")
        wire.edit(uri, 2, {"range": at(0, 12, 13), "text": "3"})
        wire.diagnostics(2)
        wire.command_result("show", uri, {"line": 0, "character": 5})
    assert not [m for m in wire.everything() if m.get("method") == REFRESH]


def text_of(wire: Wire, page: str) -> str:
    return wire.ask("workspace/textDocumentContent", {"uri": page})["result"]["text"]


def refreshed(wire: Wire, page: str) -> None:
    request = wire.asked(REFRESH)
    assert request["params"]["uri"] == page
    wire.reply(request, None)


def at(line: int, start: int, end: int) -> Fields:
    return {
        "start": {"line": line, "character": start},
        "end": {"line": line, "character": end},
    }
