"""Reads the store in a thread of its own: a look-up may wait while the database is repaired."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from voxlogica_core.store.reader import StoreReader

Answer = TypeVar("Answer")


class Reading:
    """Asks questions whose answer needs the store."""

    def __init__(self, store: StoreReader) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, "store")

    async def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return what `question` returns, asked outside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)
