"""A session of the language server without a process: a client that keeps what it is told."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from lsprotocol import types

from voxlogica_core.ide.hover.hover import Form
from voxlogica_server.homes import Home, Homes
from voxlogica_server.session import Session, Settings


@dataclass
class Listener:
    """A client: what it was told, in order."""

    told: list[tuple[str, object]] = field(default_factory=list[tuple[str, object]])

    def notify(self, method: str, params: object = None) -> None:
        self.told.append((method, params))

    def send_request_async(self, method: str, params: object = None) -> "asyncio.Future[object]":
        self.told.append((method, params))
        return asyncio.get_running_loop().create_future()

    @property
    def versions(self) -> list[int | None]:
        """Of the texts whose diagnostics were published."""
        return [
            cast("types.PublishDiagnosticsParams", params).version
            for method, params in self.told
            if method == types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
        ]


def session(folder: Path, client: Listener, clock: Callable[[], float] = time.monotonic) -> Session:
    """Return a session whose store, in `folder`, is not there."""
    homes = Homes((Home(folder, None),), Home(folder, None))
    settings = Settings(homes, folder / "store", Form(markdown=True), "utf-16")
    return Session(settings, client, clock)
