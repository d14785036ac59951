"""Where work is done that takes long: one thing at a time, in a thread, by need. Knows none of it.

The loop stays free for edits, and hovers do not stand behind the outline of ten thousand lines.
"""

import asyncio
import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TypeVar

Answer = TypeVar("Answer")

VISIBLE = 0
"""Somebody looks at what is asked for, or waits for it with his hands off the keys."""

WHOLE = 1
"""Of the whole document, most of which nobody sees."""


class Desk:
    """Makes answers, what is needed most first; what nobody waits for any more is not begun.

    Parameters
    ----------
    name
        Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, name)
        self._is_busy = False
        self._numbers = count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    async def answer(
        self, question: Callable[[], Answer], need: int, check: Callable[[], None] | None = None
    ) -> Answer:
        """Return what `question` returns.

        Parameters
        ----------
        need
            The lowest is first, such as `VISIBLE` before `WHOLE`; of equal ones who came first.
        check
            Called in the loop when it is our turn: raises if the answer is not wanted any more.
        """
        loop = asyncio.get_running_loop()
        await self._turn(loop, need)
        try:
            if check is not None:
                check()
            return await loop.run_in_executor(self._thread, question)
        finally:
            self._next()

    async def _turn(self, loop: asyncio.AbstractEventLoop, need: int) -> None:
        if not self._is_busy:
            self._is_busy = True
            return
        turn: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, (need, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._next()  # called off when it was our turn
            raise

    def _next(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._is_busy = False
