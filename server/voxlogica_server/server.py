"""The server put together: which handler answers what, and what it can do. Handles nothing."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, cast

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.lsp.server import LanguageServer

from voxlogica_core.ide.hover.hover import Form
from voxlogica_core.store.locations import default_folder
from voxlogica_core.text.source_text import Encoding
from voxlogica_server.convert import message_converter, path_of
from voxlogica_server.framing import Inbox, Outlet
from voxlogica_server.homes import Home, Homes, dialect_named
from voxlogica_server.log import set_level
from voxlogica_server.parent import watch_parent
from voxlogica_server.protocol import Protocol, Routes
from voxlogica_server.requests import assistance, commands, documents, features
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session, Settings
from voxlogica_server.workspace import Workspace

NOTIFICATIONS: Mapping[str, Callable[[Session, Any], None]] = {
    types.TEXT_DOCUMENT_DID_OPEN: documents.opened,
    types.TEXT_DOCUMENT_DID_CHANGE: documents.changed,
    types.TEXT_DOCUMENT_DID_CLOSE: documents.closed,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: documents.files_changed,
}
_ENCODINGS: Mapping[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}


class Server(LanguageServer):
    """The language server of VoxLogicA."""

    def __init__(self) -> None:
        super().__init__(
            name="voxlogica",
            version=_version(),
            protocol_cls=Protocol,
            converter_factory=message_converter,
        )
        self._runs: Runs | None = None
        self._session: Session | None = None
        self.connection = cast("Protocol", self.protocol)
        self.connection.routes = Routes({types.INITIALIZE: self._initialize}, {})

    async def serve(self, stdin: BinaryIO, stdout: BinaryIO) -> int:
        """Serve a client until it is gone; return the exit code."""
        outlet = Outlet(stdout)
        self.connection.set_writer(outlet)
        inbox = Inbox()
        inbox.read(stdin)
        try:
            return await self.connection.serve(inbox, outlet)
        finally:
            if self._runs is not None:
                self._runs.end()
            if self._session is not None:
                self._session.end()
            outlet.close()

    async def _initialize(self, params: types.InitializeParams) -> types.InitializeResult:
        client = params.capabilities
        chosen = ServerCapabilitiesBuilder.choose_position_encoding(client)
        encoding = _ENCODINGS[str(getattr(chosen, "value", chosen))]
        self._session = session = Session(_settings(params, encoding), self.connection)
        self._runs = runs = Runs(session, self.connection)
        self.connection.routes = self.routes(
            session, runs, Workspace(session, self.connection, client)
        )
        self.connection.trace = params.trace or types.TraceValue.Off
        builder = ServerCapabilitiesBuilder(
            client,
            {*self.connection.routes.requests, *NOTIFICATIONS},
            {**assistance.OPTIONS, **features.OPTIONS},
            list(commands.COMMANDS),
            types.TextDocumentSyncKind.Incremental,
            None,
            chosen,
        )
        watch_parent(params.process_id, self.connection.stop)
        capabilities = assistance.with_pages(builder.build())
        return types.InitializeResult(capabilities, types.ServerInfo(self.name, self.version))

    def routes(self, session: Session, runs: Runs, workspace: Workspace) -> Routes:
        """Return what is done about each method in a session."""
        return Routes(
            {types.INITIALIZE: self._initialize}
            | assistance.requests(session)
            | features.requests(session)
            | {types.WORKSPACE_EXECUTE_COMMAND: partial(commands.execute, session, runs)},
            {method: partial(handler, session) for method, handler in NOTIFICATIONS.items()}
            | {
                types.TEXT_DOCUMENT_DID_OPEN: partial(documents.opened_anew, session, runs),
                types.INITIALIZED: workspace.begin,
                types.WORKSPACE_DID_CHANGE_CONFIGURATION: workspace.configuration_changed,
                types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: workspace.folders_changed,
                types.WINDOW_WORK_DONE_PROGRESS_CANCEL: partial(commands.progress_cancelled, runs),
            },
        )


def _settings(params: types.InitializeParams, encoding: Encoding) -> Settings:
    options = params.initialization_options
    given: dict[str, object] = dict(options) if isinstance(options, Mapping) else {}
    if level := given.get("logLevel"):
        set_level(level)
    store = given.get("store")
    window = params.capabilities.window
    return Settings(
        homes=_homes(params, given.get("dialect")),
        store=Path(store).expanduser() if isinstance(store, str) and store else default_folder(),
        form=Form(
            _reads_markdown(params.capabilities),
            pictures=given.get("hoverImages") is True,
            links=given.get("hoverLinks") is True,
        ),
        encoding=encoding,
        shows_progress=bool(window and window.work_done_progress),
        client=params.capabilities,
        shows_hints=given.get("inlayHints") is not False,
        shows_lenses=given.get("codeLens") is not False,
        warms_runner=given.get("warmRunner") is True,
    )


def _reads_markdown(capabilities: types.ClientCapabilities) -> bool:
    hover = capabilities.text_document and capabilities.text_document.hover
    return bool(hover and types.MarkupKind.Markdown in (hover.content_format or ()))


def _homes(params: types.InitializeParams, named: object) -> Homes:
    folders = [folder.uri for folder in params.workspace_folders or []]
    uris = folders or ([params.root_uri] if params.root_uri else [])
    dialect = dialect_named(named)
    paths = [path for uri in uris if (path := path_of(uri))]
    homes = tuple(Home(Path(path), dialect) for path in dict.fromkeys(paths))
    return Homes(homes, Home(Path(os.getcwd()), dialect))


def _version() -> str:
    try:
        return version("voxlogica")
    except PackageNotFoundError:
        return "unknown"  # run from a folder that was not installed
