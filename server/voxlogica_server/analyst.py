"""Analyses texts, one at a time, in a thread of its own: the newest wish first."""

import time
from collections.abc import Callable
from functools import cached_property
from itertools import count
from pathlib import Path, PurePath
from typing import Protocol, TypeVar

from voxlogica_core.errors import FileError
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import Catalogues, read_catalogue
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.bounds import CATALOGUES
from voxlogica_server.desk import Desk
from voxlogica_server.homes import Home
from voxlogica_server.upkeep import Upkeep
from voxlogica_server.world import EditorWorld, FileMemory, editor_world

Found = TypeVar("Found")

_LAST = 1
"""Need of what nobody waits for; analyses have numbers from 0 downwards."""


class Versions(Protocol):
    """A text that is edited, and the newest analysis there is of it."""

    @property
    def latest(self) -> Analysis | None:
        """The analysis, None where there is none yet."""
        ...

    @latest.setter
    def latest(self, found: Analysis) -> None:
        """Keep the analysis of a later version."""


class Analyst:
    """Makes analyses.

    Parameters
    ----------
    reader
        The store, for the digests of input files it remembers.
    digested
        Called, in some thread, when a large file has been read that an analysis needed.
    """

    def __init__(self, reader: StoreReader, digested: Callable[[], object]) -> None:
        self._reader = reader
        self._memory = FileMemory(digested)
        self._desk = Desk("analysis")
        self._newest = count(0, -1)
        self._upkeep = Upkeep()
        self.seconds = 0.0
        """How long the last analysis took."""
        self.texts: dict[str, str] = {}
        """Files that are open, by path: whoever imports them gets what stands there."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The primitives; read when first asked for, about 25 ms."""
        return read_catalogue()

    async def analysis(self, source: SourceText, home: Home, before: Analysis | None) -> Analysis:
        """Return the analysis of a text, made before those that were asked for earlier.

        So who edits one of two hundred documents that were just opened does not wait for the rest.

        Parameters
        ----------
        before
            That of an earlier version of the text: what did not change is not done again.
        """
        return await self._in_turn(lambda: self._made(source, home, before))

    async def next_analysis(self, source: SourceText, home: Home, versions: Versions) -> Analysis:
        """Return the analysis of a text's next version, and keep it as its latest.

        It is kept also where nobody waits for it any more: in a text of 10,000 lines that is edited
        as soon as it is open, each version would else be analysed from the beginning.
        """

        def made() -> Analysis:
            versions.latest = found = self._made(source, home, versions.latest)
            return found

        return await self._in_turn(made)

    async def tried(
        self,
        source: SourceText,
        home: Home,
        versions: Versions,
        look: Callable[[Callable[[], Analysis]], Found],
    ) -> Found:
        """Return what `look` finds out, given what analyses a text as if it were the next version.

        What was known of the latest version is to be asked again afterwards.
        """

        def made() -> Analysis:
            versions.latest = found = self._made(source, home, versions.latest)
            return found

        return await self._in_turn(lambda: look(made))

    async def tidy(self, found: Analysis) -> None:
        """Drop what versions before this one left behind, once nothing else is wanted."""
        await self._desk.answer(found.session.prune, _LAST)

    def find(self, name: str, program: str | None, home: Home) -> str | None:
        """Return where a file is that the program at `program` names, None if nowhere."""
        folder = str(PurePath(program).parent if program else home.folder)
        return self._world(home).find(name, folder)

    def text_of(self, path: str) -> SourceText | None:
        """Return the text of a file, None if it cannot be read."""
        if path in self.texts:
            return SourceText(self.texts[path], path)
        try:
            return SourceText(FileSystem(str(PurePath(path).parent)).read_text(path), path)
        except FileError:
            return None

    def imported_texts(self) -> dict[str, str]:
        """Return the texts of files that are open and that some program imports, by path."""
        return {path: text for path, text in self.texts.items() if self.is_imported(path)}

    def is_imported(self, path: str) -> bool:
        """Return whether some program imports a file."""
        return path in self._memory.imported

    def let_go(self, found: Analysis | None) -> None:
        """Note that a document was closed of which this is the newest analysis."""
        if found is not None:
            self._upkeep.note_closed(len(found.source.text))

    def end(self) -> None:
        """Begin nothing more."""
        self._upkeep.end()

    async def _in_turn(self, work: Callable[[], Found]) -> Found:
        try:
            return await self._desk.answer(work, next(self._newest))
        finally:
            self._upkeep.note()

    def _world(self, home: Home) -> EditorWorld:
        return editor_world(str(home.folder), self._reader, self._memory, self.texts)

    def _made(self, source: SourceText, home: Home, before: Analysis | None) -> Analysis:
        begin = time.perf_counter()
        made = self._analysed(source, home, before)
        self.seconds = time.perf_counter() - begin
        if before is None:
            self._upkeep.settle()
        return made

    def catalogue_of(self, name: str) -> Catalogue:
        """Return a catalogue that has a qualified name, among those of the programs seen so far."""
        return self._catalogues.with_namespace(name)

    @cached_property
    def _catalogues(self) -> Catalogues:
        """The primitives by folder, as settings beside the programs name more."""
        return Catalogues(self.catalogue, CATALOGUES)

    def _folder(self, source: SourceText, home: Home) -> Path:
        return Path(source.path).parent if source.path else home.folder

    def _analysed(self, source: SourceText, home: Home, before: Analysis | None) -> Analysis:
        return analyse(
            source,
            catalogue=self._catalogues.of(self._folder(source, home)),
            world=self._world(home),
            dialect=home.dialect,
            before=before,
        )
