"""The log: a file in the user's log folder, grave things on stderr too; no program text."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from voxlogica_server.bounds import LINE, LOG, LOGS

_FORM = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
_LEVELS = {
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
}
_LOG = logging.getLogger(__name__)


def start_log(folder: Path) -> None:
    """Write the log to a file in `folder`, where that can be, and grave things to stderr."""
    root = logging.getLogger()
    screen = logging.StreamHandler()
    screen.setLevel(logging.WARNING)
    _add(root, screen)
    set_level(os.environ.get("VOXLOGICA_LOG", "info"))
    # pygls writes the body of every message at lower levels: programs are the user's business.
    logging.getLogger("pygls").setLevel(logging.WARNING)
    # A full disk is no reason to write a trace for every line that does not fit.
    logging.raiseExceptions = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "server.log"
        _add(
            root, RotatingFileHandler(file, "a", LOG, LOGS - 1, "utf-8", errors="backslashreplace")
        )
    except OSError as problem:
        _LOG.warning("no log file is kept in %s: %s", folder, problem.strerror)


def set_level(name: object) -> None:
    """Write what is as grave as `name` says: error, warning, info or debug."""
    level = _LEVELS.get(str(name).lower())
    if level is None:
        _LOG.warning("the log knows %s; %r came, so nothing changes", ", ".join(_LEVELS), name)
    else:
        logging.getLogger().setLevel(level)


class _Short(logging.Formatter):
    """Writes no entry longer than `LINE`: what clients send may be of any length."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an entry, its middle left out where it is too long."""
        whole = super().format(record)
        half = LINE // 2
        return whole if len(whole) <= LINE else f"{whole[:half]} … {whole[-half:]}"


def _add(logger: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(_Short(_FORM))
    logger.addHandler(handler)
