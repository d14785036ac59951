"""The server's end of the runner: starts it, sends runs, hears how they go, ends it.

Started from the server's main thread, which lasts as long as the server: the runner dies when the
thread that started it ends. A runner that has crashed is started anew, with caution, and whatever
ran there begins again; see `caution.py` of the engine.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Sequence
from itertools import count
from pathlib import Path

from voxlogica_core.engine.crashes.caution import CAREFREE, Caution, after
from voxlogica_core.engine.crashes.crash_report import write_report
from voxlogica_core.engine.crashes.flight import Record
from voxlogica_core.errors import EngineError, UsageError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.system import ExitCode
from voxlogica_server.runner.handshake import hello
from voxlogica_server.runner.link import Link, linked
from voxlogica_server.runner.messages import Broken, Cancel, Ended, MessageError, Progress, Warm
from voxlogica_server.runner.order import Again, Crashed, Ending, Order, Stopped
from voxlogica_server.runner.tally import Tally

RUNNER = (sys.executable, "-P", "-m", "voxlogica_server.runner.process")
PATIENCE = 1.0
"""Seconds that a kernel may go on after its run was cancelled, unless said otherwise."""

Late = Callable[[Order, Link], Coroutine[None, None, None]]
"""What is done about a run that goes on after it was cancelled."""

_LOG = logging.getLogger(__name__)


class RunnerClient:
    """Runs programs in another process.

    Parameters
    ----------
    store
        Folder of the store.
    command
        Starts a runner; see `linked`.
    threads, memory
        What a runner may use; None: its own choice.
    patience
        Seconds that a kernel may go on after its run was cancelled.
    """

    def __init__(
        self,
        store: Path,
        command: Sequence[str] = RUNNER,
        *,
        threads: int | None = None,
        memory: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._command = command
        self._threads = threads
        self._memory = memory
        self._patience = patience
        self._numbers = count(1)
        self._orders: dict[int, Order] = {}
        self._connecting: asyncio.Task[Link] | None = None
        self._caution = CAREFREE
        self._lingering: set[int] = set()
        self._heard = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def process_id(self) -> int | None:
        """The runner's process, None when there is none."""
        link = self._link()
        return link.process_id if link else None

    @property
    def is_busy(self) -> bool:
        """Whether a run has not ended yet, somebody waiting for it or not."""
        return bool(self._orders)

    async def warm(self, catalogue: Catalogue) -> None:
        """Start the runner before it is needed, and have it load what runs need.

        Raises
        ------
        EngineError
            It cannot be started, or refuses.
        """
        link = await self._connected(catalogue)
        link.say(Warm())

    async def run(self, order: Order, catalogue: Catalogue) -> Ending:
        """Run a program and return how that ended.

        Raises
        ------
        EngineError
            The runner cannot be started, or refuses.
        UsageError
            The program is too long to be sent.
        """
        order.number = next(self._numbers)
        self._orders[order.number] = order
        try:
            while isinstance(ending := await self._carried_out(order, catalogue), Again):
                order.tally = Tally(crashes=order.tally.crashes, restarted=order.tally.restarted)
        except asyncio.CancelledError:
            order.is_awaited = False
            raise
        finally:
            if not order.is_open:
                self._forget(order)
        return ending

    def cancel(self, order: Order) -> None:
        """Cancel a run: drop what has not begun, and end what goes on for too long.

        What ran for other runs begins again then.
        """
        self._stop(order, self._end_late)

    def drop(self, order: Order) -> None:
        """Cancel a run in favour of others: what they want goes on, whatever else there is."""
        self._stop(order, self._end_unwanted)

    def end(self) -> None:
        """Kill the runner; everything that was recorded stays."""
        for order in list(self._orders.values()):
            order.end(Stopped())
        if link := self._link():
            link.end()
        elif self._connecting is not None:
            self._connecting.cancel()

    async def _carried_out(self, order: Order, catalogue: Catalogue) -> Ending | Again:
        """Have an order carried out; it is known until it has ended, whoever waits for that."""
        ending: asyncio.Future[Ending | Again] = asyncio.get_running_loop().create_future()
        order.ending = ending
        ending.add_done_callback(lambda _: order.is_awaited or self._forget(order))
        try:
            link = await self._connected(catalogue)
            if order.is_open:
                link.say(order.start)
        except EngineError:
            ending.cancel()
            raise
        except MessageError as error:
            ending.cancel()
            raise UsageError(f"this program cannot be run: {error}") from error
        return await asyncio.shield(ending)

    def _forget(self, order: Order) -> None:
        """Let go of an order; when there is none left, so is what crashes have taught."""
        self._orders.pop(order.number, None)
        if not self._orders and self._caution.crashes:
            self._caution = CAREFREE
            if link := self._link():
                link.end()

    def _stop(
        self, order: Order, late: Callable[[Order, Link], Coroutine[None, None, None]]
    ) -> None:
        link = self._link()
        if link is None:
            order.end(Stopped())
        elif order.is_open:
            link.say(Cancel(order.number))
            self._keep(asyncio.create_task(late(order, link)))

    async def _end_late(self, order: Order, link: Link) -> None:
        await asyncio.sleep(self._patience)
        if order.is_open:
            order.end(Stopped())
            if not all(map(self._is_wanted, link.computes)):
                link.end()

    async def _end_unwanted(self, order: Order, link: Link) -> None:
        await asyncio.sleep(self._patience)
        if not order.is_open:
            return
        order.end(Stopped())
        self._lingering.add(order.number)
        while order.number in self._lingering:
            computed = link.computes
            # What was wanted may have its value and be on its way to the store: that is heard of.
            is_idle = bool(computed) and not any(map(self._is_wanted, computed))
            if not await self._hears(self._patience if is_idle else None):
                link.end()
                return

    async def _hears(self, seconds: float | None) -> bool:
        """Return whether the runner says something within some time."""
        self._heard.clear()
        try:
            async with asyncio.timeout(seconds):
                return await self._heard.wait()
        except TimeoutError:
            return False

    def _is_wanted(self, node: NodeId) -> bool:
        """Return whether some run is known to want a node."""
        return any(order.is_open and order.wants(node) for order in self._orders.values())

    def _link(self) -> Link | None:
        task = self._connecting
        is_there = task and task.done() and not task.cancelled() and not task.exception()
        return task.result() if task and is_there else None

    async def _connected(self, catalogue: Catalogue) -> Link:
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect(catalogue))
        task = self._connecting
        try:
            return await asyncio.shield(task)
        except EngineError:
            if self._connecting is task:
                self._connecting = None
            raise

    async def _connect(self, catalogue: Catalogue) -> Link:
        said = hello(catalogue, self._store, self._caution, self._threads, self._memory)
        link = await linked(self._command, said)
        self._keep(asyncio.create_task(self._listen(link)))
        return link

    async def _listen(self, link: Link) -> None:
        while (message := await link.hear()) is not None:
            self._heard.set()
            match message:
                case Progress(run) if order := self._orders.get(run):
                    order.tally.add(message)
                    order.tell(order.tally)
                case Ended(run) | Broken(run) if order := self._orders.get(run):
                    order.end(message)
                case Ended(run) | Broken(run):
                    self._lingering.discard(run)  # nobody waits for it any more
                case _:
                    pass
        self._lose(link)

    def _lose(self, link: Link) -> None:
        """Note that the runner is gone, and have what ran there begin again."""
        code, left = link.closed()
        if self._link() is link:
            self._connecting = None
        self._lingering.clear()
        self._heard.set()
        level = logging.INFO if link.is_ended_by_us else logging.WARNING
        _LOG.log(level, "the runner has ended with %s", code)
        failed = self._caution.failed
        if not link.is_ended_by_us:
            self._caution = self._after_crash(code, left)
        guilty = self._caution.failed.keys() - failed.keys()
        for order in list(self._orders.values()):
            begun = {aboard.node for aboard in left.aboard if order.wants(aboard.node)}
            order.tally.crashes += not link.is_ended_by_us
            order.tally.restarted += len(begun - guilty)
            order.end(Crashed() if self._caution.is_hopeless else Again())

    def _after_crash(self, code: ExitCode, left: Record) -> Caution:
        report = write_report(code, left)
        _LOG.warning("a report of the crash is in %s", report)
        return after(self._caution, code, left)

    def _keep(self, task: "asyncio.Task[None]") -> None:
        """Hold a task until it is done; the loop would let it go."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
