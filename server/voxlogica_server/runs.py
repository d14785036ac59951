"""Runs of open documents: starts and cancels them, shows how they go and how they ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lsprotocol import types

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.choice import Choice, Part, chosen
from voxlogica_server.detached import DetachedRuns
from voxlogica_server.documents import Document
from voxlogica_server.endings import activity_after, result_of
from voxlogica_server.homes import Home
from voxlogica_server.page_refreshes import PageRefreshes
from voxlogica_server.progress import Refreshing, Seldom, Shown, names_of, naming, new_token
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.messages import Sight
from voxlogica_server.runner.order import Ending, Order
from voxlogica_server.runner.tally import Tally
from voxlogica_server.session import Client, Open, Session
from voxlogica_server.warming import Warming

Where = Callable[[Document], Part]
"""Says what part of a document is asked for."""


_MANY = 2000
"""Queued nodes; to take account of more takes more than 0.1 ms, and so is done seldom."""


@dataclass(slots=True, eq=False)
class Running:
    """A run of a document that goes on."""

    found: Open
    analysis: Analysis
    order: Order
    shown: Shown
    choice: Choice


class Runs:
    """The runs of one session.

    Parameters
    ----------
    session
        The documents.
    client
        Who sees the progress.
    """

    def __init__(self, session: Session, client: Client) -> None:
        self._session = session
        self._client = client
        self._runner = RunnerClient(session.settings.store)
        self._refreshing = Refreshing(client, session.settings.client)
        self._running: dict[str, Running] = {}
        self.detached = DetachedRuns(session, client, lambda uri: uri in self._running)
        self._warming = Warming(self._warm)
        self._pages = PageRefreshes(session, client)
        if session.settings.warms_runner:
            session.listeners.append(self._warming.note)

    async def run(
        self, uri: str, token: types.ProgressToken | None, where: Where | None = None
    ) -> Mapping[str, object]:
        """Run the newest text of a document; return the object of ``run --json``.

        Parameters
        ----------
        where
            What part of it is asked for, all goals by default.
        """
        found, analysis = await self._session.analysed(uri)
        part = where(found.document) if where else None
        shown = Shown(self._client, token or await self._token())
        running = self._begin(found, analysis, shown, part)
        if earlier := self._running.get(uri):
            self._runner.drop(earlier.order)
        self._running[uri] = running
        running.shown.begin("Running")
        ending: Ending | None = None
        try:
            ending = await self._runner.run(running.order, self._session.analyst.catalogue)
            return result_of(ending, analysis.plan, running.choice, running.order.tally)
        finally:
            self._finish(running, ending)

    async def see(self, analysis: Analysis, home: Home, sight: Sight) -> Mapping[str, object]:
        """Have a value written for a viewer, beside whatever runs; cancelled with its request."""
        source, texts = analysis.source, self._session.analyst.imported_texts()
        order = Order(source.text, source.path, home.folder, _untold, home.dialect, texts=texts)
        order.sight = sight
        ending: Ending | None = None
        try:
            ending = await self._runner.run(order, self._session.analyst.catalogue)
            return result_of(ending, analysis.plan, Choice((), (sight.node,)), order.tally)
        finally:
            if ending is None:
                self._runner.cancel(order)

    def cancel(self, uri: str) -> bool:
        """Cancel the run of a document; return whether there is one."""
        running = self._running.get(uri)
        if running is not None:
            self._runner.cancel(running.order)
        return self.detached.cancel(uri) or running is not None

    def cancel_shown(self, token: types.ProgressToken) -> None:
        """Cancel the run that a progress belongs to."""
        for uri, running in self._running.items():
            if running.shown.token == token:
                self.cancel(uri)
        self.detached.cancel_shown(token)

    def end(self) -> None:
        """End the runner; what it has recorded stays, and detached runs go on."""
        self._warming.end()
        self._pages.end()
        self.detached.end()
        self._runner.end()

    async def _warm(self) -> None:
        if self._runner.process_id is None:
            await self._runner.warm(self._session.analyst.catalogue)

    @property
    def is_any(self) -> bool:
        """Whether a run of any document goes on."""
        return bool(self._running) or self._runner.is_busy or self.detached.is_any

    @property
    def runner_process(self) -> int | None:
        """The runner's process, None when there is none."""
        return self._runner.process_id

    def _begin(self, found: Open, analysis: Analysis, shown: Shown, part: Part | None) -> Running:
        names = names_of(analysis.plan)
        uri = found.document.uri

        def show() -> None:
            if self._running.get(uri) is running:
                found.activity = order.tally.activity
                self._refreshing.note()

        seldom = Seldom(show)

        def tell(tally: Tally) -> None:
            shown.report(naming(tally.message, tally.foremost, names), tally.fraction)
            if len(tally.queued) < _MANY:
                show()
            else:
                seldom.wish()

        source, home = analysis.source, self._session.home(found.document)
        texts = self._session.analyst.imported_texts()
        order = Order(source.text, source.path, home.folder, tell, home.dialect, part, texts)
        running = Running(found, analysis, order, shown, chosen(analysis, part))
        return running

    async def run_detached(
        self, uri: str, token: types.ProgressToken | None
    ) -> Mapping[str, object]:
        """Have the newest text of a document run by a process that survives this one.

        Returns the object of ``run --json`` when it has ended, as `run` does.
        """
        found, analysis = await self._session.analysed(uri)
        source, home = analysis.source, self._session.home(found.document)
        texts = self._session.analyst.imported_texts()
        order = Order(source.text, source.path, home.folder, _untold, home.dialect, None, texts)
        return await self.detached.begin(uri, order.start, token)

    def _finish(self, running: Running, ending: Ending | None) -> None:
        if ending is None:
            self._runner.cancel(running.order)  # whoever asked does not wait any more
        running.order.tell = _untold  # that one leads back to the run, which would stay for long
        running.shown.end()
        uri = running.found.document.uri
        if self._running.get(uri) is running:
            del self._running[uri]
            running.found.activity = activity_after(ending, running.choice)
            self._session.show_again(running.found)
            self._refreshing.note()
            self._pages.note()

    async def _token(self) -> types.ProgressToken | None:
        """Return a token for a progress, None if the client shows none."""
        return await new_token(self._client) if self._session.settings.shows_progress else None


def _untold(tally: Tally) -> None:
    """Take a state that is told in another way."""
    del tally
