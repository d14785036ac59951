"""What the client sees of a run while it goes on: few messages, the newest state, names."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lsprotocol import types

from tests.support.processes import PATIENCE
from tests.support.wire import QuickWire
from voxlogica_core.engine.events import Finished, Queued, RunEnded, Started
from voxlogica_core.engine.outcome import Counts, Done
from voxlogica_core.plan.node import NodeId
from voxlogica_server.progress import Refreshing, Shown, naming
from voxlogica_server.runner.messages import Progress
from voxlogica_server.runner.tally import Tally
from voxlogica_server.runner.telling import progress_of

ABLE = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        inlay_hint=types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    )
)
CRASHING = """import "test"
let bad = crash(1)
let slow = timewaste(400, 400)
print "a" bad + 1
print "b" slow
"""


@dataclass
class FakeClient:
    told: "asyncio.Queue[object]" = field(default_factory=lambda: asyncio.Queue[object]())
    asked: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue[str]())
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    def notify(self, method: str, params: object = None) -> None:
        assert method == types.PROGRESS
        assert isinstance(params, types.ProgressParams)
        self.told.put_nowait(params.value)

    def send_request_async(self, method: str, params: object = None) -> Awaitable[object]:
        self.asked.put_nowait(method)
        return self.answers.wait()


def node(letter: str) -> NodeId:
    return NodeId(letter * 64)


@pytest.mark.asyncio
async def test_of_many_states_the_first_and_the_last_are_shown() -> None:
    client = FakeClient()
    shown = Shown(client, "token")
    for number in range(200):
        shown.report(f"{number} of 200 nodes", number / 200)
    async with asyncio.timeout(PATIENCE):
        messages = [await client.told.get(), await client.told.get()]
    shown.end()
    assert [getattr(message, "message", None) for message in messages] == [
        "0 of 200 nodes",
        "199 of 200 nodes",
    ]
    assert isinstance(await client.told.get(), types.WorkDoneProgressEnd)
    assert client.told.empty()


@pytest.mark.asyncio
async def test_a_percentage_never_falls() -> None:
    client = FakeClient()
    shown = Shown(client, "token")
    shown.report("half", 0.5)
    shown.report("begun again", 0.1)
    async with asyncio.timeout(PATIENCE):
        messages = [await client.told.get(), await client.told.get()]
    shown.end()
    assert [getattr(message, "percentage", None) for message in messages] == [50, 50]


@pytest.mark.asyncio
async def test_many_changes_are_one_refresh() -> None:
    client = FakeClient()
    refreshing = Refreshing(client, ABLE)
    for _ in range(100):
        refreshing.note()
    async with asyncio.timeout(PATIENCE):
        first = await client.asked.get()
        refreshing.note()  # while the client has not answered yet
        client.answers.set()
        second = await client.asked.get()
    assert (first, second) == (types.WORKSPACE_INLAY_HINT_REFRESH,) * 2
    assert client.asked.empty()


@pytest.mark.asyncio
async def test_a_client_that_cannot_refresh_is_not_asked() -> None:
    client = FakeClient()
    Refreshing(client, types.ClientCapabilities()).note()
    await asyncio.sleep(0)
    assert client.asked.empty()


def test_what_runs_is_told_by_name() -> None:
    names = {node("a"): "tumour", node("b"): "distance", node("c"): "c", node("d"): "d"}
    message = "12 of 61 nodes, 49 reused, about 40 s left"
    told = naming(
        message, [node("a"), node("x"), node("b"), node("a"), node("c"), node("d")], names
    )
    assert told == f"{message}: tumour, distance, c"
    assert naming(message, [node("x")], names) == message


def test_what_was_begun_again_is_counted_in_the_message() -> None:
    tally = Tally(crashes=1, restarted=3)
    tally.add(Progress(1, (node("a"),), ((node("a"),),), (), 0.0))
    assert tally.message == "0 of 1 nodes, 0 reused, 3 begun again"
    assert tally.foremost == [node("a")]


def test_a_thousand_events_are_a_few_messages() -> None:
    nodes = [NodeId(f"{number:064x}") for number in range(1000)]
    events = [
        Queued(tuple(nodes), 1000, 1.0),
        *(Started((each,)) for each in nodes),
        *(Finished(each, Done(0.0, "computed"), 8, 0.5) for each in nodes),
        RunEnded(Counts(1000), 1.0, cancelled=False),
    ]
    messages = list(progress_of(events, 1))
    assert len(messages) < 20
    tally = Tally()
    for message in messages:
        tally.add(message)
    assert (tally.finished, tally.running, tally.queued, tally.fraction) == (1000, {}, {}, 1.0)


def test_the_server_answers_while_kernels_crash_and_shows_who_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open(CRASHING)
        number = wire.begin(
            "workspace/executeCommand", {"command": "imgql.server.run", "arguments": [uri]}
        )
        answered = 0
        while not any(m.get("id") == number for m in wire.seen):
            assert wire.at("textDocument/hover", uri, 1, 4)
            answered += 1
        result = next(m for m in wire.seen if m.get("id") == number)["result"]
        assert answered > 3
        assert {g["label"]: g["outcome"] for g in result["goals"]} == {"a": "blocked", "b": "done"}
        assert result["crashes"] == 2
        rows = {row["name"]: row["status"] for row in wire.command_result("status", uri)}
        assert rows == {"bad": "failed", "slow": "kept"}
        published = [m for m in wire.seen if m.get("method") == "textDocument/publishDiagnostics"]
        shown = {d["code"]: d for d in published[-1]["params"]["diagnostics"]}
        assert shown["run-failed"]["range"]["start"] == {"line": 1, "character": 10}
        assert shown["blocked"]["message"] == "blocked by line 2"


def test_an_import_that_is_open_counts_as_it_stands_there(tmp_path: Path) -> None:
    (tmp_path / "library.imgql").write_text("let a = 1")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        program = wire.open('import "library"\nprint "a" a + 1')
        assert wire.command_result("run", program)["goals"][0]["value"] == 2
        library = wire.open("let a = 41", "library.imgql")
        assert wire.command_result("run", program)["goals"][0]["value"] == 42
        wire.edit(library, 2, {"text": "let b = 1"})
        wire.until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics"
                and m["params"]["uri"] == program
                and any(d["code"] == "unbound-name" for d in m["params"]["diagnostics"])
            )
        )
        wire.tell("textDocument/didClose", {"textDocument": {"uri": library}})
        wire.until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics"
                and m["params"]["uri"] == program
                and m["params"]["diagnostics"] == []
            )
        )
        assert wire.command_result("run", program)["goals"][0]["value"] == 2
