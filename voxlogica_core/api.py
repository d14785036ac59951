"""VoxLogicA from Python: a program's text to its analysis, an engine on a store of its own.

Decides nothing: what is here is put together from the rooms below. Use it as `voxlogica_core`.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from voxlogica_core.engine.crashes.flights import Flights, told
from voxlogica_core.engine.crashes.gate import watch
from voxlogica_core.engine.engine import Engine as EngineOnStore
from voxlogica_core.errors import UsageError
from voxlogica_core.ide import analysis
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import catalogue_for, read_catalogue
from voxlogica_core.shown import show_in_notebooks
from voxlogica_core.store.locations import default_folder
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.sides import Orientation

show_in_notebooks()

IN_MEMORY = ":memory:"
"""Instead of a folder: what is known is forgotten at the end, as with ``--no-cache``."""


def analyse(
    text: str,
    path: str | Path | None = None,
    *,
    settings: Mapping[str, Scalar] | None = None,
    dialect: Dialect | None = None,
) -> Analysis:
    """Return the tree, the plan and the diagnostics of a program; run nothing.

    Wrong programs raise nothing: see ``Analysis.diagnostics``, and ``Analysis.errors`` for those
    that stand in the way of a run.

    Parameters
    ----------
    text
        The program.
    path
        Where it stands: relative paths in it begin there. By default in the working folder.
    settings
        Values that replace those of constant declarations, by name.
    dialect
        What it is written in when it does not say so itself.

    Raises
    ------
    UsageError
        A setting has the name of no declaration.
    """
    place = None if path is None else str(Path(path).expanduser().absolute())
    found = analysis.analyse(
        SourceText(text, place),
        catalogue=catalogue_for(Path(place).parent if place else Path.cwd()),
        world=FileSystem(os.getcwd()),
        settings=settings,
        dialect=dialect,
    )
    for name in settings or {}:
        if name not in found.plan.declarations:
            raise UsageError(f"a setting of `{name}` came, but the program declares no such value")
    return found


class Engine(EngineOnStore):
    """Runs plans, with the shipped primitives, on a store that it opens and closes itself.

    A context manager. One engine a process and store is enough: its runs take turns.

    Parameters
    ----------
    store
        Folder of what is known, made when it is not there; the user's own by default, shared with
        the command line and the editor. ``":memory:"``: nothing is kept.
    threads
        Tasks at a time; the number of cores by default.
    memory
        Budget in bytes; half of the machine's memory by default.
    scheduler
        Address of a Dask scheduler to use instead of threads of this process.
    store_limit
        Bytes of large values that the store keeps.
    orientation
        How pictures of volumes are turned, ``"neurological"`` or ``"radiological"``, the default.

    Raises
    ------
    StoreError
        The folder cannot be used, or its store was made by a newer VoxLogicA.
    UsageError
        Running on other machines is not there yet.
    """

    def __init__(
        self,
        store: str | Path | None = None,
        *,
        threads: int | None = None,
        memory: int | None = None,
        scheduler: str | None = None,
        store_limit: int | None = None,
        orientation: Orientation | None = None,
    ) -> None:
        folder = _folder(store)
        opened = open_store(folder, store_limit, orientation)
        self._flights = Flights(None if opened.notes else folder)
        lost = self._flights.lost()
        try:
            super().__init__(
                opened,
                read_catalogue(),
                threads=threads,
                memory=memory,
                scheduler=scheduler,
                prepared=watch(self._flights.begin()),
            )
        except BaseException:
            self._flights.end()
            opened.close()
            raise
        self._opened = opened
        self._lost = tuple(told(record) for record in lost)

    @property
    def notes(self) -> tuple[str, ...]:
        """What its user should know: that the store cannot be written, that a process crashed."""
        return (*self._opened.notes, *self._lost)

    def close(self) -> None:
        """End what runs in the background, write what is left to write, close the store."""
        super().close()
        self._flights.end()
        self._opened.close()


def _folder(store: str | Path | None) -> Path | None:
    if store is None:
        return default_folder()
    return None if str(store) == IN_MEMORY else Path(store).expanduser()
