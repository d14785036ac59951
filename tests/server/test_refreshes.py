"""A run asks the client to ask again four times a second at most, by a clock of the test."""

import asyncio
from collections.abc import Awaitable
from itertools import pairwise

from lsprotocol import types

from voxlogica_server.progress import SELDOM, Refreshing

_STEP = 0.01
_SECONDS = 10
ABLE = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        semantic_tokens=types.SemanticTokensWorkspaceClientCapabilities(refresh_support=True),
        inlay_hint=types.InlayHintWorkspaceClientCapabilities(refresh_support=True),
        code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True),
    )
)


class Loop(asyncio.SelectorEventLoop):
    now = 0.0

    def time(self) -> float:
        return self.now


class Client:
    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.asked: dict[str, list[float]] = {}

    def notify(self, method: str, params: object = None) -> None:
        raise AssertionError(method)

    def send_request_async(self, method: str, params: object = None) -> Awaitable[object]:
        self.asked.setdefault(method, []).append(self._loop.now)
        return asyncio.sleep(0)


async def _run(loop: Loop, client: Client) -> None:
    refreshing = Refreshing(client, ABLE)
    for _ in range(round(_SECONDS / _STEP)):
        refreshing.note()
        for _ in range(8):  # whatever is due now
            await asyncio.sleep(0)
        loop.now += _STEP
    for _ in range(40):
        await asyncio.sleep(0)


def test_each_kind_is_refreshed_four_times_a_second_at_most_while_all_changes() -> None:
    loop = Loop()
    client = Client(loop)
    try:
        loop.run_until_complete(_run(loop, client))
    finally:
        loop.close()
    assert set(client.asked) == {
        types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
    }, "lenses say the same during a run"
    for times in client.asked.values():
        assert 3 * _SECONDS <= len(times) <= 4 * _SECONDS + 1
        assert all(later - earlier > SELDOM - 2 * _STEP for earlier, later in pairwise(times))
