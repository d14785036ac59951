"""The progress that a client shows of a run, and the refreshes of what it shows: few of each."""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Mapping

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from voxlogica_core.plan.export import title_of
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_server.session import Client

SELDOM = 0.25
"""Seconds between two messages of a progress, and between two refreshes."""
_PATIENCE = 2.0
"""Seconds that a client has to say whether it will show a progress."""
_NAMED = 3
"""Nodes that run at a time and are told by name."""


class Seldom:
    """Does something soon after each wish for it, four times a second at most.

    Parameters
    ----------
    action
        What is done.
    """

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._is_wanted = False
        self._timer: asyncio.TimerHandle | None = None

    def wish(self) -> None:
        """Have it done: now, or as soon as it may be."""
        self._is_wanted = True
        if self._timer is None:
            self._act()

    def end(self) -> None:
        """Do nothing more, and let go of what would be done."""
        self._action = _nothing
        if self._timer is not None:
            self._timer.cancel()

    def _act(self) -> None:
        self._timer = None
        if self._is_wanted:
            self._is_wanted = False
            self._timer = asyncio.get_running_loop().call_later(SELDOM, self._act)
            self._action()


def _nothing() -> None:
    """Do nothing."""


class Shown:
    """The progress that the client shows of one run.

    Parameters
    ----------
    token
        None: the client shows none.
    """

    def __init__(self, client: Client, token: types.ProgressToken | None) -> None:
        self.token = token
        self._client = client
        self._latest = ""
        self._percentage = 0
        self._telling = Seldom(self._tell)

    def begin(self, title: str) -> None:
        """Show that the run begins."""
        self._send(types.WorkDoneProgressBegin(title, cancellable=True, message="starting"))

    def report(self, message: str, fraction: float) -> None:
        """Show how far it is: the newest state, four times a second at most."""
        self._latest = message
        self._percentage = max(self._percentage, min(100, int(100 * fraction)))
        self._telling.wish()

    def end(self) -> None:
        """Show nothing more."""
        self._telling.end()
        self._send(types.WorkDoneProgressEnd())

    def _tell(self) -> None:
        step = types.WorkDoneProgressReport(
            cancellable=True, message=self._latest, percentage=self._percentage
        )
        self._send(step)

    def _send(
        self,
        value: types.WorkDoneProgressBegin
        | types.WorkDoneProgressReport
        | types.WorkDoneProgressEnd,
    ) -> None:
        if self.token is not None:
            self._client.notify(types.PROGRESS, types.ProgressParams(self.token, value))


class Refreshing:
    """Asks the client to ask again for what depends on runs. Lenses do not: a click would be lost.

    Parameters
    ----------
    capabilities
        What the client can be asked to refresh.
    """

    def __init__(self, client: Client, capabilities: types.ClientCapabilities) -> None:
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        able = {
            types.WORKSPACE_SEMANTIC_TOKENS_REFRESH: workspace.semantic_tokens,
            types.WORKSPACE_INLAY_HINT_REFRESH: workspace.inlay_hint,
        }
        self._methods = [method for method, has in able.items() if has and has.refresh_support]
        self._client = client
        self._asking: asyncio.Task[None] | None = None
        self._refreshing = Seldom(self._ask)

    def note(self) -> None:
        """Note that something has changed that the client shows."""
        if self._methods:
            self._refreshing.wish()

    def _ask(self) -> None:
        if self._asking is not None and not self._asking.done():
            self._refreshing.wish()  # the client is slower than we are
            return
        self._asking = asyncio.create_task(self._asked())

    async def _asked(self) -> None:
        for method in self._methods:
            try:
                await self._client.send_request_async(method)
            except JsonRpcException:
                return  # a client that will not is not asked again for this change


def naming(message: str, running: Iterable[str], names: Mapping[NodeId, str]) -> str:
    """Return a message with the names of some nodes that run."""
    found = dict.fromkeys(names[NodeId(node)] for node in running if node in names)
    return f"{message}: {', '.join(list(found)[:_NAMED])}" if found else message


def names_of(plan: Plan) -> dict[NodeId, str]:
    """Return what nodes are called: by their declaration, or by what they are."""
    names = {name: title_of(node) for name, node in plan.nodes.items()}
    names.update((node, name) for name, node in plan.declarations.items())
    return names


async def new_token(client: Client) -> types.ProgressToken | None:
    """Return a token that no other progress has, None if the client will not show it.

    Nor if it does not answer: a run does not wait for that.
    """
    token = f"voxlogica-{uuid.uuid4()}"
    params = types.WorkDoneProgressCreateParams(token)
    try:
        async with asyncio.timeout(_PATIENCE):
            await client.send_request_async(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)
    except (JsonRpcException, TimeoutError):
        return None
    return token
