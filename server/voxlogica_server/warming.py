"""Warming: has the runner start before somebody wants to run, while nobody types. Runs nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from voxlogica_core.errors import EngineError
from voxlogica_core.ide.analysis import Analysis

QUIET = 1.5
"""Seconds without a new analysis: whoever types is not disturbed."""

_LOG = logging.getLogger(__name__)


class Warming:
    """Warms once, when there is a program that could be run and nothing has happened for a while.

    Parameters
    ----------
    warm
        Starts the runner.
    quiet
        Seconds.
    """

    def __init__(self, warm: Callable[[], Awaitable[None]], quiet: float = QUIET) -> None:
        self._warm = warm
        self._quiet = quiet
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def note(self, analysis: Analysis) -> None:
        """Note that a document was analysed."""
        if self._task is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if analysis.plan.goals and not analysis.errors:
            self._timer = asyncio.get_running_loop().call_later(self._quiet, self._begin)

    def end(self) -> None:
        """Do nothing more."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.create_task(self._warmed())

    async def _warmed(self) -> None:
        try:
            await self._warm()
        except EngineError as error:
            _LOG.info("no runner was started ahead: %s", error)  # whoever runs is told why
