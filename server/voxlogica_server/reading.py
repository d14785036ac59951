"""Reads the store in a thread of its own: a look-up may wait while the database is repaired."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.needed import needed
from voxlogica_core.ide.status import Demanded
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader

Answer = TypeVar("Answer")
_LOG = logging.getLogger(__name__)


class Reading:
    """Asks questions whose answer needs the store."""

    def __init__(self, store: StoreReader) -> None:
        self.store = store
        self.past = Past(store)
        self._thread = ThreadPoolExecutor(1, "store")
        self._told: str | None = None
        self._needed: tuple[Analysis, Demanded] | None = None
        self._lock = threading.Lock()

    def needed(self, analysis: Analysis) -> Demanded:
        """Return what a run of a program would need; to be called by what is asked.

        To find that out takes long in long programs, so it is asked again only where the program
        is another one or the store has changed.
        """
        with self._lock:  # answers about whole documents are made in a thread of their own
            known = self._needed
            if self.store.changed() or known is None or known[0] is not analysis:
                self._needed = known = analysis, needed(analysis, self.store)
            return known[1]

    def forget(self) -> None:
        """Let go of the analysis that was asked about last: its text is being edited."""
        self._needed = None

    async def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return what `question` returns, asked outside the loop."""
        answer = await asyncio.get_running_loop().run_in_executor(self._thread, question)
        self._tell()
        return answer

    def _tell(self) -> None:
        """Write to the log, once, why nothing is known of any value."""
        problem = self.store.problem
        if problem != self._told and problem is not None:
            _LOG.warning("nothing is known of what was computed: %s", problem)
        self._told = problem
