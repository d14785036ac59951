"""What the client is asked once it is ready: to watch files, and for the settings of its folders.

A client that can do neither is asked nothing; what it said at the start, or pushes, holds.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from voxlogica_server.convert import path_of, uri_of
from voxlogica_server.homes import Homes, dialect_named
from voxlogica_server.log import set_level
from voxlogica_server.session import Client, Session

if TYPE_CHECKING:
    from voxlogica_core.syntax.lexis import Dialect

SECTION = "voxlogica"
"""Under which the client keeps our settings."""

WATCHED = "**/*.{imgql,nii,nii.gz,mha,mhd,nrrd,png,jpg,jpeg,bmp,tif,tiff}"
"""Files whose change may change what a program means: imports, and images that are loaded."""

_LOG = logging.getLogger(__name__)


class Workspace:
    """The folders and settings of one session.

    Parameters
    ----------
    capabilities
        What the client can do.
    """

    def __init__(
        self, session: Session, client: Client, capabilities: types.ClientCapabilities
    ) -> None:
        self._session = session
        self._client = client
        self._tasks: set[asyncio.Task[None]] = set()
        self._pulling: asyncio.Task[None] | None = None
        workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
        watching, changing = workspace.did_change_watched_files, workspace.did_change_configuration
        self._watches = bool(watching and watching.dynamic_registration)
        self._tells_changes = bool(changing and changing.dynamic_registration)
        self._can_be_asked = workspace.configuration is True

    def begin(self, params: types.InitializedParams) -> None:
        """Ask for what is wanted; nothing waits for it."""
        del params
        wanted: list[types.Registration] = []
        if self._watches:
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            watchers = [types.FileSystemWatcher(WATCHED)]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            wanted.append(types.Registration("watched-files", method, options))
        if self._tells_changes:
            method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
            about = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
            wanted.append(types.Registration("configuration", method, about))
        if wanted:
            self._start(self._registered(wanted))
        self._pull()

    def folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        """Work in other folders."""
        event = params.event
        homes = self._session.homes
        self._session.move(homes.with_folders(_paths(event.added), _paths(event.removed)))
        self._pull()

    def configuration_changed(self, params: types.DidChangeConfigurationParams) -> None:
        """Look at the settings again: they are asked for, or stand in the message."""
        if self._can_be_asked:
            self._pull()
            return
        section = _part(params.settings, SECTION)
        if section is not None:
            homes = self._session.homes
            everywhere = [None, *(home.folder for home in homes.folders)]
            self._set(everywhere, [section] * len(everywhere))

    def _pull(self) -> None:
        if self._pulling is not None:
            self._pulling.cancel()  # it asks for settings that have changed since
        if self._can_be_asked:
            self._pulling = self._start(self._pulled(self._session.homes))

    async def _pulled(self, homes: Homes) -> None:
        folders = [None, *(home.folder for home in homes.folders)]
        items = [
            types.ConfigurationItem(scope_uri=folder and uri_of(str(folder)), section=SECTION)
            for folder in folders
        ]
        answer = await self._client.send_request_async(
            types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items)
        )
        if not isinstance(answer, list) or len(cast("list[object]", answer)) != len(items):
            _LOG.warning("settings of %d folders were asked for, something else came", len(items))
            return
        self._set(folders, cast("list[object]", answer))

    def _set(self, folders: Iterable[Path | None], sections: Iterable[object]) -> None:
        """Take over settings, folder by folder; what a section does not name stays as it was."""
        dialects: dict[Path | None, Dialect | None] = {}
        for folder, section in zip(folders, sections, strict=True):
            if (dialect := _part(section, "dialect")) is not None:
                dialects[folder] = dialect_named(dialect)
            if folder is None and (level := _part(section, "logLevel")):
                set_level(level)
        self._session.move(self._session.homes.with_dialects(dialects))

    async def _registered(self, wanted: list[types.Registration]) -> None:
        await self._client.send_request_async(
            types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(wanted)
        )

    def _start(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, JsonRpcException):
            _LOG.warning("the client declined what it was asked: %s", error)
        else:
            _LOG.error("the client could not be asked", exc_info=error)


def _paths(folders: Iterable[types.WorkspaceFolder]) -> list[Path]:
    return [Path(path) for folder in folders if (path := path_of(folder.uri))]


def _part(given: object, name: str) -> object:
    match given:
        case Mapping():
            return cast("Mapping[str, object]", given).get(name)
        case _:
            return None
