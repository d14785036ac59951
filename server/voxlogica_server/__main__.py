"""Starts the language server on standard input and output, and ends it with the right exit code."""

import asyncio
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import BinaryIO

from platformdirs import user_log_dir

from voxlogica_server.server import Server

_LARGEST_LOG = 2_000_000  # bytes
_LOG = logging.getLogger(__name__)


def main() -> None:
    """Serve one client."""
    stdin, stdout = claimed_streams()
    start_log(Path(user_log_dir("voxlogica", appauthor=False)))
    code = asyncio.run(Server().serve(stdin, stdout))
    logging.shutdown()
    sys.stderr.flush()
    # Threads that analyse or wait for a stream are not waited for: there is nothing to lose.
    os._exit(code)


def claimed_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return streams for the protocol; whatever else prints, C code included, goes to stderr."""
    protocol = os.dup(1)
    os.dup2(2, 1)
    own_input = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(own_input, "rb"), os.fdopen(protocol, "wb")


def start_log(folder: Path) -> None:
    """Write the log to a file in `folder`, where that can be, and grave things to stderr."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    form = logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    screen = logging.StreamHandler()
    screen.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [screen]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "server.log"
        handlers.append(RotatingFileHandler(path, "a", _LARGEST_LOG, 3, "utf-8", delay=True))
    except OSError as problem:
        _LOG.warning("no log is kept: %s", problem)
    for handler in handlers:
        handler.setFormatter(form)
        root.addHandler(handler)
    # pygls writes the body of every message at lower levels: programs are the user's business.
    logging.getLogger("pygls").setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
