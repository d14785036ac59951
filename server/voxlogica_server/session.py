"""What the server knows while a client is connected: documents, their analyses, what is shown.

State changes happen at once, in the loop; analyses follow in a thread. An analysis that is no
longer that of the newest text is dropped.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lsprotocol.types import (
    TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
    ClientCapabilities,
    LSPErrorCodes,
    PublishDiagnosticsParams,
)

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.findings import shown_diagnostics
from voxlogica_core.ide.hover.hover import Form
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.syntax.tree import Import
from voxlogica_core.text.source_text import Encoding, SourceText
from voxlogica_server.analyst import Analyst, Found
from voxlogica_server.convert import diagnostics_of, path_of
from voxlogica_server.desk import Desk
from voxlogica_server.documents import Change, Document, without_mark
from voxlogica_server.guard import Refusal
from voxlogica_server.homes import Home, Homes
from voxlogica_server.reading import Reading

_LOG = logging.getLogger(__name__)
_QUICK = 0.05  # seconds; analyses that take no longer begin at once
_LONGEST_DELAY = 0.02  # seconds an analysis waits for the next key
_TYPING = 0.3  # seconds between changes of somebody who types
_MOST_PAGES = 20  # that are refreshed
_PAUSE = 0.1  # seconds without a change of an import, after which its importers are analysed


class Client(Protocol):
    """Whoever is told things."""

    def notify(self, method: str, params: object = None) -> None:
        """Send a notification."""
        ...

    def send_request_async(self, method: str, params: object = None) -> Awaitable[object]:
        """Send a request and return its answer."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What the client asked for when it started the server.

    Parameters
    ----------
    homes
        Where the user works.
    store
        Folder of the store.
    form
        What hovers may hold.
    encoding
        Units that columns are counted in.
    shows_progress
        Whether the client shows progress that it has not asked for.
    client
        All that the client can do.
    shows_hints, shows_lenses
        Whether texts are wanted behind declarations, and commands over goals.
    warms_runner
        Whether a runner may be started before anybody runs.
    """

    homes: Homes
    store: Path
    form: Form
    encoding: Encoding
    shows_progress: bool = False
    client: ClientCapabilities = field(default_factory=ClientCapabilities)
    shows_hints: bool = True
    shows_lenses: bool = True
    warms_runner: bool = False


@dataclass(slots=True)
class Open:
    """An open document, the analysis of its newest text, and what runs of it do.

    Parameters
    ----------
    analysis
        Perhaps still being made.
    changed
        When the text did, by a clock that only goes forward.
    latest
        The newest analysis that is there, of this text or an earlier one.
    """

    document: Document
    analysis: "asyncio.Task[Analysis]"
    changed: float
    latest: Analysis | None = None
    activity: Activity = field(default=NOTHING)


class Session:
    """The state of one connection.

    Parameters
    ----------
    client
        Who is told of diagnostics and progress.
    clock
        Gives seconds, and never goes back: the hour of the day may.
    """

    def __init__(
        self, settings: Settings, client: Client, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self.homes = settings.homes
        self.reading = Reading(StoreReader(settings.store))
        self.desk = Desk("answers")
        loop = asyncio.get_running_loop()
        self.analyst = Analyst(
            self.reading.store, lambda: loop.call_soon_threadsafe(self.analyse_again)
        )
        self._client = client
        self._clock = clock
        self._open: dict[str, Open] = {}
        self._tidying: asyncio.Task[None] | None = None
        self.listeners: list[Callable[[Analysis], None]] = []
        self.forgetting: list[Callable[[str], None]] = []
        """Who keeps something of open documents, and is told when one is closed."""
        self.given_pages: dict[str, None] = {}
        """Pages about values that the client was given, the latest last."""

    @property
    def client(self) -> Client:
        """Whoever is told things, and can be asked to show a document."""
        return self._client

    def open(self, uri: str, version: int, text: str) -> None:
        """Take over a document from the client."""
        source = SourceText(without_mark(text), path_of(uri))
        document = Document(uri, version, source, self.settings.encoding)
        if uri in self._open:
            self._open[uri].analysis.cancel()
        self._open[uri] = Open(document, self._analysed(document, 0.0), self._clock())
        self._tell_importers(uri, source)

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> None:
        """Apply edits to a document."""
        now = self._clock()
        found = self.find(uri)
        found.document = found.document.edited(version, changes)
        found.analysis.cancel()
        self.reading.forget()
        delay = pause(self.analyst.seconds, now - found.changed)
        found.changed = now
        found.analysis = self._analysed(found.document, delay)
        self._tell_importers(uri, found.document.source)

    def close(self, uri: str) -> None:
        """Forget a document and what was said about it."""
        found = self.find(uri)
        found.analysis.cancel()
        del self._open[uri]
        self.analyst.let_go(found.latest)
        self.reading.forget()
        for forget in self.forgetting:
            forget(uri)
        self._tell_importers(uri, None)
        self._publish(PublishDiagnosticsParams(uri, []))

    def find(self, uri: str) -> Open:
        """Return an open document.

        Raises
        ------
        UsageError
            There is none of this name.
        """
        if uri not in self._open:
            raise UsageError(f"an open document is wanted, {uri} is none")
        return self._open[uri]

    def opened(self) -> Iterable[Open]:
        """Return every open document."""
        return self._open.values()

    async def analysed(self, uri: str) -> tuple[Open, Analysis]:
        """Return a document with the analysis of its text; `Refusal` if that changes meanwhile."""
        found = self.find(uri)
        document = found.document
        while True:
            analysis = found.analysis
            try:
                return found, await asyncio.shield(analysis)
            except asyncio.CancelledError:
                asking = asyncio.current_task()
                if not analysis.cancelled() or (asking and asking.cancelling()):
                    raise
            # A file or a setting changed: the same text is analysed anew, clients do not ask again.
            if found.document is not document or self._open.get(uri) is not found:
                message = f"{uri} has changed since"
                raise Refusal(message, LSPErrorCodes.ContentModified)

    async def tried(
        self, found: Open, text: str, look: Callable[[Callable[[], Analysis]], Found]
    ) -> Found:
        """Return what `look` finds out, given what analyses a text that the document might have.

        Its own text is analysed again behind that; who asks about it meanwhile waits.
        """
        document = found.document
        source = SourceText(text, document.source.path)
        trying = self.analyst.tried(source, self.home(document), found, look)
        trial = asyncio.create_task(trying)
        found.analysis.cancel()
        found.analysis = asyncio.create_task(self._after(trial, document))
        found.analysis.add_done_callback(_log_fault)
        return await asyncio.shield(trial)

    def note_page(self, uri: str) -> None:
        """Note that the client was given a page about a value."""
        self.given_pages.pop(uri, None)
        self.given_pages[uri] = None
        if len(self.given_pages) > _MOST_PAGES:
            del self.given_pages[next(iter(self.given_pages))]

    def home(self, document: Document) -> Home:
        """Return where a document is at home."""
        return self.homes.of(document.source.path)

    def move(self, homes: Homes) -> None:
        """Work in other folders, or with other dialects."""
        if homes != self.homes:
            self.homes = homes
            self.analyse_again()

    def analyse_again(self) -> None:
        """Analyse every open document anew: files it reads have changed."""
        for found in self._open.values():
            found.analysis.cancel()
            found.analysis = self._analysed(found.document, 0.0)

    def show(self, found: Open, analysis: Analysis) -> None:
        """Send the client the diagnostics of a document, those of its runs included."""
        document = found.document
        diagnostics = shown_diagnostics(analysis, found.activity)
        shown = diagnostics_of(diagnostics, document, self.analyst.text_of)
        self._publish(PublishDiagnosticsParams(document.uri, shown, document.version))

    def show_again(self, found: Open) -> None:
        """Send the diagnostics of a document anew, unless an analysis is about to."""
        analysis = found.analysis
        is_made = analysis.done() and not analysis.cancelled() and analysis.exception() is None
        if is_made and self._open.get(found.document.uri) is found:
            self.show(found, analysis.result())

    def end(self) -> None:
        """Let go of everything; nothing is waited for."""
        self.analyst.end()
        for found in self._open.values():
            found.analysis.cancel()

    def _tell_importers(self, uri: str, source: SourceText | None) -> None:
        """Take over the text of an open file, None if it was closed; who imports it gets that."""
        path, texts = path_of(uri), self.analyst.texts
        if path is None:
            return
        before = texts.pop(path, None)
        if source is not None:
            texts[path] = source.text
        if before == texts.get(path) or not self.analyst.is_imported(path):
            return
        for name, found in self._open.items():
            if name != uri and found.latest is not None and _imports(found.latest):
                found.analysis.cancel()
                found.analysis = self._analysed(found.document, _PAUSE)

    def _publish(self, params: PublishDiagnosticsParams) -> None:
        self._client.notify(TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _analysed(self, document: Document, delay: float) -> "asyncio.Task[Analysis]":
        task = asyncio.create_task(self._analysis(document, delay))
        task.add_done_callback(_log_fault)
        return task

    async def _after(self, trial: "asyncio.Task[Found]", document: Document) -> Analysis:
        await asyncio.wait([trial])
        return await self._analysis(document, 0.0)

    async def _analysis(self, document: Document, delay: float) -> Analysis:
        if delay:
            await asyncio.sleep(delay)
        found = self._open[document.uri]
        analysis = await self.analyst.next_analysis(document.source, self.home(document), found)
        if self._open.get(document.uri) is found and found.document is document:
            self.show(found, analysis)
            for listener in self.listeners:
                listener(analysis)
            self._tidy(analysis)
        return analysis

    def _tidy(self, analysis: Analysis) -> None:
        """Have dropped what earlier versions left behind, behind all that somebody waits for."""
        if analysis.session.waste > 1 and (self._tidying is None or self._tidying.done()):
            self._tidying = asyncio.create_task(self.analyst.tidy(analysis))
            self._tidying.add_done_callback(_log_fault)


def pause(analysis: float, since: float) -> float:
    """Return how many seconds an analysis waits for more keys.

    Waiting is hardly needed: of the analyses that wait for the one thread, only the newest is ever
    made.

    Parameters
    ----------
    analysis
        How long the last one took.
    since
        How long ago the text was changed before.
    """
    if since >= _TYPING or analysis <= _QUICK:
        return 0.0
    return min(_LONGEST_DELAY, analysis / 4)


def _imports(analysis: Analysis) -> bool:
    return any(isinstance(statement, Import) for statement in analysis.program.statements)


def _log_fault(task: "asyncio.Task[Analysis] | asyncio.Task[None]") -> None:
    """Log why an analysis broke off, if it did by a fault of ours."""
    if not task.cancelled() and (error := task.exception()):
        _LOG.error("an analysis failed", exc_info=error)
