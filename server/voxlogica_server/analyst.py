"""Analyses texts, one after the other, in a thread of its own. Decides nothing about when."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path, PurePath

from voxlogica_core.errors import FileError
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.world import EditorWorld, ReadOnlyMemo


class Analyst:
    """Makes analyses.

    Parameters
    ----------
    folder
        Where the user works: relative paths are looked for here too.
    reader
        The store, for the digests of input files it remembers.
    digested
        Called, in some thread, when a large file has been read that an analysis needed.
    dialect
        What programs are written in that do not state it.
    """

    def __init__(
        self,
        folder: Path,
        reader: StoreReader,
        digested: Callable[[], object],
        dialect: Dialect | None = None,
    ) -> None:
        self._dialect: Dialect | None = dialect
        self._world = EditorWorld(FileSystem(str(folder), ReadOnlyMemo(reader)), digested)
        self._thread = ThreadPoolExecutor(1, "analysis")
        self.seconds = 0.0
        """How long the last analysis took."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The primitives; read when first asked for, about 25 ms."""
        return read_catalogue()

    async def analysis(self, source: SourceText, before: Analysis | None) -> Analysis:
        """Return the analysis of a text, made as soon as those asked for earlier are.

        Parameters
        ----------
        before
            That of an earlier version of the text: what did not change is not done again.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._made, source, before)

    def find(self, name: str, program: str | None) -> str | None:
        """Return where a file is that the program at `program` names, None if nowhere."""
        folder = str(PurePath(program).parent) if program else self._world.working_folder()
        return self._world.find(name, folder)

    def text_of(self, path: str) -> SourceText | None:
        """Return the text of a file, None if it cannot be read."""
        try:
            return SourceText(self._world.read_text(path), path)
        except FileError:
            return None

    def _made(self, source: SourceText, before: Analysis | None) -> Analysis:
        begin = time.perf_counter()
        made = analyse(
            source,
            catalogue=self.catalogue,
            world=self._world,
            dialect=self._dialect,
            before=before,
        )
        self.seconds = time.perf_counter() - begin
        return made
