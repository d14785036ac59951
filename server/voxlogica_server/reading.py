"""Reads the store in a thread of its own: a look-up may wait while the database is repaired."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.estimate import Estimate, estimate
from voxlogica_core.ide.status.needed import below_goals, needed
from voxlogica_core.ide.status.status import Demanded
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader
from voxlogica_server.bounds import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from voxlogica_core.plan.node import Node, NodeId

Answer = TypeVar("Answer")
_LOG = logging.getLogger(__name__)


class Reading:
    """Asks questions whose answer needs the store."""

    def __init__(self, store: StoreReader) -> None:
        self.store = store
        self.past = Past(store, GRAPHS)
        self._thread = ThreadPoolExecutor(1, "store")
        self._told: str | None = None
        self._about: Analysis | None = None
        self._below: Mapping[NodeId, Node] | None = None
        self._needed: Demanded | None = None
        self._price: Estimate | None = None
        self._pricing: Future[Estimate] | None = None
        self._others = ThreadPoolExecutor(1, "prices")
        self._lock = threading.Lock()

    def needed(self, analysis: Analysis) -> Demanded:
        """Return what a run of a program would need; to be called by what is asked.

        To find that out takes long in long programs, so it is asked again only where the program
        is another one or the store has changed.
        """
        with self._lock:  # answers about whole documents are made in a thread of their own
            self._renew(analysis)
            known = self._needed  # another thread may `forget` at any moment
            if known is None:
                below = self._below = self._below or below_goals(analysis)
                self._needed = known = needed(analysis, self.store, below)
            return known

    def price(self, analysis: Analysis) -> Estimate:
        """Return what a run of a program would cost: as `needed`, found out once."""
        with self._lock:
            self._renew(analysis)
            known = self._price
        if known is None:
            runs, rates = self.past.runs(analysis.source.path or ""), self.past.rates()
            known = estimate(analysis, self.store, analysis.catalogue, runs, rates)
            with self._lock:
                if self._about is analysis:
                    self._price = known
        return known

    def price_if_known(self, analysis: Analysis) -> Estimate | None:
        """Return what a run of a program would cost, None while that is being found out.

        In a long program of which nothing is known that takes 0.1 s: too long for a hover.
        """
        with self._lock:
            self._renew(analysis)
            known = self._price
        if known is None and (self._pricing is None or self._pricing.done()):
            self._pricing = self._others.submit(self.price, analysis)
        return known

    def forget(self) -> None:
        """Let go of the analysis that was asked about last: its text is being edited."""
        self._about = self._below = self._needed = self._price = None

    def _renew(self, analysis: Analysis) -> None:
        """Let go of what was found out about another program, or before something was written."""
        if self._about is not analysis:
            self._about, self._below = analysis, None
            self._needed = self._price = None
        if self.store.changed():
            self._needed = self._price = None

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
