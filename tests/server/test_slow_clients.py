"""Clients that do not read, do not answer, or ask for more than can be done: no memory is taken."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from lsprotocol import types

from tests.support.processes import PATIENCE
from tests.support.sessions import Listener, session
from voxlogica_server import bounds
from voxlogica_server.framing import Inbox, Outlet, read_message
from voxlogica_server.progress import new_token
from voxlogica_server.protocol import Routes
from voxlogica_server.server import Server
from voxlogica_server.workspace import Workspace

_ASKS = {"textDocument": {"uri": "file:///a"}, "position": {"line": 0, "character": 0}}


class Gated(BytesIO):
    """An output that nobody reads before `gate` opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def write(self, content: Any) -> int:
        assert self.gate.wait(PATIENCE)
        return super().write(content)

    def answers(self) -> list[dict[str, Any]]:
        stream, found = BytesIO(self.getvalue()), list[dict[str, Any]]()
        while (body := read_message(stream)) is not None:
            found.append(json.loads(body))
        return found


class Held(BytesIO):
    """An input that does not end before it may."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.may_end = threading.Event()

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        assert line or self.may_end.wait(PATIENCE)
        return line


class Loop(asyncio.SelectorEventLoop):
    """A loop whose clock is set by the test."""

    now = 0.0

    def time(self) -> float:
        return self.now


def stream_of(*messages: object) -> Held:
    bodies = [json.dumps(message).encode() for message in messages]
    return Held(b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(b), b) for b in bodies))


def ended_stream_of(*messages: object) -> BinaryIO:
    stream = stream_of(*messages)
    stream.may_end.set()
    return stream


def request(number: int, method: str = "textDocument/hover", params: object = None) -> object:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params or _ASKS}


async def until(happens: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not happens():
            await asyncio.sleep(0.001)


@pytest.mark.asyncio
async def test_no_more_is_read_than_there_is_room_for_and_nothing_is_lost() -> None:
    stream = stream_of(*(request(n) for n in range(500)))
    one = len(json.dumps(request(100)))
    inbox = Inbox(10 * one)
    inbox.read(stream)
    await until(lambda: inbox.bytes > 9 * one)
    assert inbox.bytes <= 10 * one
    assert stream.tell() < 12 * (one + 30)
    numbers: list[int] = []
    while (body := await inbox.get()) is not None:
        numbers.append(json.loads(body)["id"])
        assert inbox.bytes <= 10 * one
        if len(numbers) == 500:
            stream.may_end.set()
    assert numbers == list(range(500))


@pytest.mark.asyncio
async def test_a_message_larger_than_all_there_is_room_for_comes_through() -> None:
    inbox = Inbox(100)
    inbox.read(ended_stream_of("x", "y" * 10_000, "z"))
    lengths: list[int] = []
    while (body := await inbox.get()) is not None:
        lengths.append(len(body))
    assert lengths == [3, 10_002, 3]


def test_what_came_before_the_end_is_handled_for_a_little_while_only() -> None:
    async def numbers(loop: Loop, seconds: float) -> list[int]:
        inbox, found = Inbox(), list[int]()
        inbox.read(ended_stream_of(*(request(n) for n in range(100))))
        while (body := await inbox.get()) is not None:
            found.append(json.loads(body)["id"])
            if len(found) == 5:
                await all_is_read_and_time_passes(inbox, loop, seconds)
        return found

    async def all_is_read_and_time_passes(inbox: Inbox, loop: Loop, seconds: float) -> None:
        while inbox.bytes < 90 * len(json.dumps(request(0))):
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0)
        loop.now += seconds
        for _ in range(3):
            await asyncio.sleep(0)

    for seconds, count in ((0.0, 100), (2.0, 5)):
        loop = Loop()
        assert len(loop.run_until_complete(numbers(loop, seconds))) == count
        loop.close()


class _Waiting:
    """A server that has answered more of 300 requests than its client reads."""

    def __init__(self) -> None:
        self.stdout, self.protocol = Gated(), Server().connection
        self.outlet = Outlet(self.stdout, 1000)
        self.stream = stream_of(*(request(n) for n in range(300)))
        inbox = Inbox()
        self.protocol.set_writer(self.outlet)
        inbox.read(self.stream)
        self.serving = asyncio.create_task(self.protocol.serve(inbox, self.outlet))


@pytest.mark.asyncio
async def test_a_client_that_reads_nothing_is_waited_for_and_then_told_everything() -> None:
    here = _Waiting()
    await until(lambda: here.outlet.is_full)
    for _ in range(100):
        await asyncio.sleep(0)
    assert here.outlet.bytes < 1500
    assert not here.serving.done()
    here.stdout.gate.set()
    await until(lambda: len(here.stdout.answers()) == 300)
    here.stream.may_end.set()
    assert await here.serving == 1
    here.outlet.close()
    assert [answer["id"] for answer in here.stdout.answers()] == list(range(300))


@pytest.mark.asyncio
async def test_a_client_that_reads_nothing_and_goes_is_not_waited_for() -> None:
    here = _Waiting()
    await until(lambda: here.outlet.is_full)
    here.protocol.stop()
    async with asyncio.timeout(PATIENCE):
        assert await here.serving == 1
    here.stream.may_end.set()
    here.stdout.gate.set()
    here.outlet.close()


@pytest.mark.asyncio
async def test_what_was_written_before_the_end_is_flushed() -> None:
    class Buffered(Gated):
        pending = b""

        def write(self, content: Any) -> int:
            assert self.gate.wait(PATIENCE)
            self.pending += content
            return len(content)

        def flush(self) -> None:
            pending, self.pending = self.pending, b""
            BytesIO.write(self, pending)

    outlet = Outlet(stdout := Buffered())
    outlet.write(b"last words")
    closing = asyncio.create_task(asyncio.to_thread(outlet.close))
    await asyncio.sleep(0.02)  # the end is there before the words are written
    stdout.gate.set()
    await closing
    assert stdout.getvalue() == b"last words"


@pytest.mark.asyncio
async def test_more_requests_than_there_is_room_for_are_refused_and_each_is_answered() -> None:
    stdout, protocol = Gated(), Server().connection
    stdout.gate.set()
    count, never = 6000, asyncio.Event()

    async def begin(params: object) -> types.InitializeResult:
        del params
        return types.InitializeResult(types.ServerCapabilities())

    async def wait(params: object) -> None:
        del params
        await never.wait()

    protocol.routes = Routes({"initialize": begin, "textDocument/hover": wait}, {})
    inbox, outlet = Inbox(), Outlet(stdout)
    protocol.set_writer(outlet)
    first = request(-1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    last = (request(-2, "shutdown"), {"jsonrpc": "2.0", "method": "exit"})
    inbox.read(stream := stream_of(first, *(request(n) for n in range(count)), *last))
    assert await protocol.serve(inbox, outlet) == 0
    stream.may_end.set()
    for _ in range(10):
        await asyncio.sleep(0)
    outlet.close()
    answers = stdout.answers()
    assert Counter(answer["id"] for answer in answers) == Counter([-1, -2, *range(count)])
    codes = Counter(answer["error"]["code"] for answer in answers if "error" in answer)
    waited = bounds.ASKED // 8000
    assert set(codes) == {types.LSPErrorCodes.RequestFailed, types.LSPErrorCodes.RequestCancelled}
    assert 0.9 * waited < codes[types.LSPErrorCodes.RequestCancelled] <= waited


def test_a_client_that_never_says_whether_it_shows_progress_holds_up_no_run() -> None:
    async def asked(loop: Loop) -> object:
        asking = asyncio.create_task(cast("Any", new_token(Listener())))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not asking.done()
        loop.now += 60
        return await asking

    loop = Loop()
    assert loop.run_until_complete(asked(loop)) is None
    loop.close()


@pytest.mark.asyncio
async def test_settings_are_asked_for_once_however_often_they_change(tmp_path: Path) -> None:
    class Silent(Listener):
        def __init__(self) -> None:
            super().__init__()
            self.asked: list[asyncio.Future[object]] = []

        def send_request_async(
            self, method: str, params: object = None
        ) -> "asyncio.Future[object]":
            assert method == types.WORKSPACE_CONFIGURATION
            self.asked.append(asyncio.get_running_loop().create_future())
            return self.asked[-1]

    able = types.ClientCapabilities(types.WorkspaceClientCapabilities(configuration=True))
    made = session(tmp_path, client := Silent())
    workspace = Workspace(made, client, able)
    before = len(asyncio.all_tasks())
    for _ in range(200):
        workspace.configuration_changed(types.DidChangeConfigurationParams(None))
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before + 1
    assert sum(not asked.done() for asked in client.asked) == 1
    client.asked[-1].set_result([{"dialect": "voxlogica1"}, {"dialect": "voxlogica1"}])
    for _ in range(3):
        await asyncio.sleep(0)
    assert {home.dialect for home in made.homes.folders} == {"voxlogica1"}
    made.end()
