"""The server put together: which handler answers what, and what it can do. Handles nothing."""

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, cast, get_args

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from voxlogica_core.ide.hover import Form
from voxlogica_core.store.locations import default_folder
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.source_text import Encoding
from voxlogica_server.convert import path_of
from voxlogica_server.framing import Outlet, read_in_thread
from voxlogica_server.parent import watch_parent
from voxlogica_server.protocol import Protocol, Routes
from voxlogica_server.requests import commands, documents, hover, navigation, writing
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session, Settings

NOTIFICATIONS: Mapping[str, Callable[[Session, Any], None]] = {
    types.TEXT_DOCUMENT_DID_OPEN: documents.opened,
    types.TEXT_DOCUMENT_DID_CHANGE: documents.changed,
    types.TEXT_DOCUMENT_DID_CLOSE: documents.closed,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: documents.files_changed,
}
REQUESTS: Mapping[str, Callable[[Session, Any], Awaitable[Any]]] = {
    types.TEXT_DOCUMENT_HOVER: hover.hover,
    types.TEXT_DOCUMENT_DEFINITION: navigation.definition,
    types.TEXT_DOCUMENT_DECLARATION: navigation.definition,
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: navigation.document_symbols,
    types.TEXT_DOCUMENT_COMPLETION: writing.completion,
}
WATCHED = "**/*.{imgql,nii,nii.gz,mha,mhd,nrrd,png,jpg,jpeg,bmp,tif,tiff}"
"""Files whose change may change what a program means: imports, and images that are loaded."""

OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=["."]),
}
_ENCODINGS: Mapping[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}


class Server(LanguageServer):
    """The language server of VoxLogicA."""

    def __init__(self) -> None:
        super().__init__(
            name="voxlogica",
            version=_version(),
            protocol_cls=Protocol,
            converter_factory=default_converter,
        )
        self._runs: Runs | None = None
        self.connection = cast("Protocol", self.protocol)
        self.connection.routes = Routes({types.INITIALIZE: self._initialize}, {})

    async def serve(self, stdin: BinaryIO, stdout: BinaryIO) -> int:
        """Serve a client until it is gone; return the exit code."""
        outlet = Outlet(stdout)
        self.connection.set_writer(outlet)
        messages = read_in_thread(stdin)
        try:
            return await self.connection.serve(messages)
        finally:
            if self._runs is not None:
                self._runs.end()
            outlet.close()

    async def _initialize(self, params: types.InitializeParams) -> types.InitializeResult:
        chosen = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        session = Session(
            _settings(params, _ENCODINGS[str(getattr(chosen, "value", chosen))]), self.connection
        )
        self._runs = runs = Runs(session, self.connection)
        self.connection.routes = Routes(
            {types.INITIALIZE: self._initialize}
            | {method: partial(handler, session) for method, handler in REQUESTS.items()}
            | {types.WORKSPACE_EXECUTE_COMMAND: partial(commands.execute, session, runs)},
            {method: partial(handler, session) for method, handler in NOTIFICATIONS.items()}
            | {types.WINDOW_WORK_DONE_PROGRESS_CANCEL: partial(commands.progress_cancelled, runs)}
            | ({types.INITIALIZED: self._watch_files} if _lets_watch(params) else {}),
        )
        builder = ServerCapabilitiesBuilder(
            params.capabilities,
            {*REQUESTS, *NOTIFICATIONS, types.WORKSPACE_EXECUTE_COMMAND},
            dict(OPTIONS),
            list(commands.COMMANDS),
            types.TextDocumentSyncKind.Incremental,
            None,
            chosen,
        )
        watch_parent(params.process_id, self.connection.stop)
        return types.InitializeResult(builder.build(), types.ServerInfo(self.name, self.version))

    def _watch_files(self, params: types.InitializedParams) -> None:
        """Ask the client to tell of changed files."""
        del params
        watcher = types.FileSystemWatcher(WATCHED)
        options = types.DidChangeWatchedFilesRegistrationOptions([watcher])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("watched-files", method, options)
        wanted = types.RegistrationParams([registration])
        self.connection.send_request(types.CLIENT_REGISTER_CAPABILITY, wanted)


def _lets_watch(params: types.InitializeParams) -> bool:
    workspace = params.capabilities.workspace
    watching = workspace and workspace.did_change_watched_files
    return bool(watching and watching.dynamic_registration)


def _settings(params: types.InitializeParams, encoding: Encoding) -> Settings:
    options = params.initialization_options
    given: dict[str, object] = dict(options) if isinstance(options, Mapping) else {}
    store = given.get("store")
    window = params.capabilities.window
    return Settings(
        folder=_folder(params),
        store=Path(store).expanduser() if isinstance(store, str) and store else default_folder(),
        form=Form(_reads_markdown(params.capabilities), given.get("hoverImages") is True),
        encoding=encoding,
        shows_progress=bool(window and window.work_done_progress),
        dialect=_dialect(given.get("dialect")),
    )


def _dialect(given: object) -> Dialect | None:
    """Return the dialect of that name; any other text means that files must state theirs."""
    return next((dialect for dialect in get_args(Dialect) if dialect == given), None)


def _reads_markdown(capabilities: types.ClientCapabilities) -> bool:
    hover = capabilities.text_document and capabilities.text_document.hover
    return bool(hover and types.MarkupKind.Markdown in (hover.content_format or ()))


def _folder(params: types.InitializeParams) -> Path:
    folders = [folder.uri for folder in params.workspace_folders or []]
    uris = [*folders, *([params.root_uri] if params.root_uri else [])]
    paths = [path for uri in uris if (path := path_of(uri))]
    return Path(paths[0]) if paths else Path(os.getcwd())


def _version() -> str:
    try:
        return version("voxlogica")
    except PackageNotFoundError:
        return "unknown"  # run from a folder that was not installed
