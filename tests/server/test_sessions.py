"""Whole sessions as an editor has them: write, look, run, cancel, go on writing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.support.editor import begin_run
from tests.support.pictures import write_ball
from tests.support.processes import PATIENCE, processes_of, until, until_it
from tests.support.wire import QuickWire, Wire, environment

PROGRAM = """\
/// As the scanner gave it.
load img = "ball.nii.gz"
let bright = intensity(img) >. 50
print "volume" volume(bright)
"""
LONG = """\
load img = "ball.nii.gz"
let seed = intensity(img) >. 50
print "long" sum(for i in range(0, 4000) do volume(distlt((i + 1) / 7, seed)))
"""
WAITING = """\
from pathlib import Path
from time import sleep

from voxlogica_core.primitives.declare import Number, Text, primitive

NAMESPACE = "waiting"


@primitive("wait", version=1, cost=30_000)
def wait(folder: Text, a: Number) -> Number:
    \"\"\"Wait until somebody says go.\"\"\"
    (Path(folder) / "waits").touch()
    while not (Path(folder) / "go").exists():
        sleep(0.01)
    return a
"""
MISFIT = """\
load one = "ball.nii.gz"
load two = "other.nii.gz"
let both = intensity(one) + intensity(two)
print "both" max(both)
print "one" max(one)
"""


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[LanguageClient]:
    write_ball(tmp_path / "ball.nii.gz")
    write_ball(tmp_path / "other.nii.gz", spacing=3)
    config = ClientServerConfig(
        [sys.executable, "-m", "voxlogica_server"], server_env=environment(tmp_path)
    )
    client = await config.start()
    assert isinstance(client, LanguageClient)
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(accept)
    for method in (types.WORKSPACE_SEMANTIC_TOKENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH):
        client.feature(method)(refresh)
    params = types.InitializeParams(
        capabilities=client_capabilities("visual-studio-code"),
        root_uri=tmp_path.as_uri(),
        initialization_options={"hoverImages": True},
    )
    await client.initialize_session(params)
    yield client
    await client.shutdown_session()
    await client.stop()


def refresh(*params: object) -> None:
    """Ask for nothing again: these tests look at answers they asked for."""


def accept(params: types.RegistrationParams) -> None:
    assert params.registrations[0].method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES


def opened(client: LanguageClient, folder: Path, text: str) -> str:
    uri = (folder / "program.imgql").as_uri()
    item = types.TextDocumentItem(uri, "imgql", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return uri


async def diagnostics(client: LanguageClient) -> None:
    await asyncio.wait_for(
        client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), PATIENCE
    )


async def hovered(client: LanguageClient, uri: str, line: int, column: int) -> str:
    document, position = types.TextDocumentIdentifier(uri), types.Position(line, column)
    answer = await client.text_document_hover_async(types.HoverParams(document, position))
    assert answer is not None
    assert isinstance(answer.contents, types.MarkupContent)
    return answer.contents.value


def run(client: LanguageClient, uri: str) -> "asyncio.Future[Any]":
    return asyncio.ensure_future(command(client, "run", uri))


async def command(client: LanguageClient, name: str, *arguments: object) -> Any:
    params = types.ExecuteCommandParams(f"imgql.server.{name}", list(arguments))
    return await client.workspace_execute_command_async(params)


async def until_running(client: LanguageClient) -> types.ProgressToken:
    """Return the token of the run that shows how many nodes there are."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for token, reports in client.progress_reports.items():
                if any("nodes" in str(report) for report in reports):
                    return token
            await asyncio.sleep(0.02)


@pytest.mark.asyncio
async def test_a_hover_changes_from_to_do_to_a_picture(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path, PROGRAM)
    await diagnostics(client)
    assert "○ to do" in await hovered(client, uri, 2, 6)
    result = await run(client, uri)
    assert [goal["outcome"] for goal in result["goals"]] == ["done"]
    assert result["goals"][0]["value"] > 0
    said = await hovered(client, uri, 2, 6)
    assert "✓ " in said  # kept, or known where making it again is quicker than reading it
    assert "24 × 24 × 24 voxels of 1 × 1 × 2 mm" in said
    assert "data:image/png;base64," in said
    assert f"= {result['goals'][0]['value']}" in await hovered(client, uri, 3, 17)


@pytest.mark.asyncio
async def test_a_second_run_computes_nothing(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path, PROGRAM)
    first = await run(client, uri)
    second = await run(client, uri)
    assert first["nodes"]["computed"] > 0
    assert second["nodes"]["computed"] == 0
    assert second["goals"] == first["goals"]


@pytest.mark.asyncio
async def test_each_run_has_a_progress_of_its_own_that_ends(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path, PROGRAM)
    await run(client, uri)
    await run(client, uri)
    shown = [
        [getattr(report, "kind", "") for report in one] for one in client.progress_reports.values()
    ]
    assert len(shown) == 2
    assert [(kinds[0], kinds[-1]) for kinds in shown] == [("begin", "end")] * 2


def test_progress_is_shown_under_the_token_of_the_request_which_may_come_again(
    tmp_path: Path,
) -> None:
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open('print "a" sqrt(2)')
        params = {"command": "imgql.server.run", "arguments": [uri], "workDoneToken": 17}
        for count in (1, 2):
            assert "error" not in wire.ask("workspace/executeCommand", params)
            told = [m["params"] for m in wire.seen if m.get("method") == "$/progress"]
            assert {params["token"] for params in told} == {17}
            kinds = [params["value"]["kind"] for params in told]
            assert (kinds[0], kinds[-1]) == ("begin", "end")
            assert kinds.count("begin") == kinds.count("end") == count


def test_what_was_computed_is_known_to_the_next_server(tmp_path: Path) -> None:
    """A window that is loaded again loses nothing."""
    write_ball(tmp_path / "ball.nii.gz")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        (goal,) = wire.command_result("run", wire.open(PROGRAM))["goals"]
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open(PROGRAM)
        rows = wire.command_result("status", uri)
        assert {row["status"] for row in rows} <= {"known", "kept"}
        told = wire.at("textDocument/hover", uri, 3, 17)["contents"]["value"]
        assert f"= {goal['value']}" in told
        assert wire.command_result("doctor")["runner"] is None


@pytest.mark.asyncio
async def test_unsaved_text_runs_as_it_stands(client: LanguageClient, tmp_path: Path) -> None:
    (tmp_path / "program.imgql").write_text('print "a" 1')
    uri = opened(client, tmp_path, 'print "a" 2')
    result = await run(client, uri)
    assert result["goals"][0]["value"] == 2


@pytest.mark.asyncio
async def test_a_failure_is_shown_where_it_happened_and_goes_with_its_cause(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path, MISFIT)
    await diagnostics(client)
    result = await run(client, uri)
    assert [goal["outcome"] for goal in result["goals"]] == ["blocked", "done"]
    shown = {d.code: d for d in client.diagnostics[uri]}
    assert shown["run-failed"].range.start == types.Position(2, 11)
    assert shown["blocked"].message == "blocked by line 3"
    assert "✗ failed" in await hovered(client, uri, 2, 5)
    change = types.TextDocumentContentChangePartial(
        types.Range(types.Position(2, 40), types.Position(2, 43)), "one"
    )
    identity = types.VersionedTextDocumentIdentifier(2, uri)
    client.text_document_did_change(types.DidChangeTextDocumentParams(identity, [change]))
    assert await until_it(
        lambda: "run-failed" not in [found.code for found in client.diagnostics[uri]]
    )


@pytest.mark.asyncio
async def test_errors_in_the_text_run_nothing(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path, 'print "a" zz')
    result = await run(client, uri)
    assert result["goals"] == []
    assert result["diagnostics"][0]["code"] == "unbound-name"


@pytest.mark.asyncio
async def test_a_run_is_cancelled_by_command(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path, LONG)
    running = run(client, uri)
    await until_running(client)
    assert await command(client, "cancel", uri) is True
    result = await asyncio.wait_for(running, PATIENCE)
    assert [goal["outcome"] for goal in result["goals"]] == ["cancelled"]
    assert await command(client, "cancel", uri) is False


@pytest.mark.asyncio
async def test_a_run_is_cancelled_by_its_progress(client: LanguageClient, tmp_path: Path) -> None:
    uri = opened(client, tmp_path, LONG)
    running = run(client, uri)
    token = await until_running(client)
    client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    result = await asyncio.wait_for(running, PATIENCE)
    assert [goal["outcome"] for goal in result["goals"]] == ["cancelled"]


@pytest.mark.asyncio
async def test_hovers_are_answered_while_a_run_goes_on(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path, LONG)
    running = run(client, uri)
    await until_running(client)
    assert "seed : mask" in await hovered(client, uri, 1, 6)
    assert not running.done()
    await command(client, "cancel", uri)
    await asyncio.wait_for(running, PATIENCE)


@pytest.mark.asyncio
async def test_the_run_of_a_runner_that_dies_goes_on_in_another(
    client: LanguageClient, tmp_path: Path
) -> None:
    (tmp_path / "voxlogica.toml").write_text('primitives = ["waiting.py"]\n')
    (tmp_path / "waiting.py").write_text(WAITING)
    uri = opened(client, tmp_path, f'import "waiting"\n{PROGRAM}print "w" wait("{tmp_path}", 1)')
    running = run(client, uri)
    assert await until_it((tmp_path / "waits").exists)
    os.kill((await command(client, "doctor"))["runner"], signal.SIGKILL)
    (tmp_path / "go").touch()
    result = await asyncio.wait_for(running, PATIENCE)
    assert [goal["outcome"] for goal in result["goals"]] == ["done"] * 2
    assert result["crashes"] == 1
    assert list(client.diagnostics[uri]) == []
    client.text_document_did_close(
        types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    uri = opened(client, tmp_path, PROGRAM)
    result = await asyncio.wait_for(run(client, uri), PATIENCE)
    assert [goal["outcome"] for goal in result["goals"]] == ["done"]


@pytest.mark.asyncio
async def test_status_of_the_declarations_follows_the_run(
    client: LanguageClient, tmp_path: Path
) -> None:
    uri = opened(client, tmp_path, PROGRAM)
    before = await command(client, "status", uri)
    await run(client, uri)
    after = await command(client, "status", uri)
    assert [(row.name, row.status) for row in map(Row, before)] == [
        ("img", "to do"),
        ("bright", "to do"),
    ]
    assert {row.status for row in map(Row, after)} <= {"kept", "known"}


class Row:
    """A line of the status command, whatever the client made of its object."""

    def __init__(self, given: Any) -> None:
        fields = given if isinstance(given, dict) else vars(given)
        self.name, self.status = fields["name"], fields["status"]


def test_cancelling_the_request_cancels_the_run_and_the_next_one_works(tmp_path: Path) -> None:
    write_ball(tmp_path / "ball.nii.gz")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open(LONG)
        params = {"command": "imgql.server.run", "arguments": [uri], "workDoneToken": "t"}
        request = wire.begin("workspace/executeCommand", params)
        wire.until(lambda m: "nodes" in str(m.get("params", {}).get("value")))
        wire.tell("$/cancelRequest", {"id": request})
        assert wire.answer(request)["error"]["code"] == -32800
        assert wire.command_result("cancel", uri) is False
        wire.edit(uri, 2, {"text": 'print "a" sqrt(2) + sqrt(3)'})
        assert wire.command_result("run", uri)["goals"][0]["outcome"] == "done"


@pytest.mark.parametrize("way", ["input ends", "server is killed", "exit"])
def test_no_process_is_left_behind(tmp_path: Path, way: str) -> None:
    write_ball(tmp_path / "ball.nii.gz")
    with Wire(tmp_path) as wire:
        begin_run(wire, LONG)
        assert until(lambda: len(processes_of(tmp_path)) == 2)
        match way:
            case "input ends":
                assert wire.process.stdin is not None
                wire.process.stdin.close()
            case "server is killed":
                wire.process.kill()
            case _:
                wire.tell("exit")
        wire.process.wait(PATIENCE)
        assert until(lambda: processes_of(tmp_path) == [])
