"""A program that is run, edited and asked about again: a folder, a store, an engine, no process."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.history import History
from voxlogica_core.engine.run import Run
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.forecast.why import Why, why
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.text.source_text import SourceText


class Rerun:
    """A folder with two images and a program, as it is run time and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue: Catalogue = read_catalogue()
        self.store = SqliteStore(folder / "store")
        self.reader = StoreReader(folder / "store")
        self.past = Past(self.reader)
        self.write_image("a")
        self.write_image("b", brightness=70)

    def write_image(self, name: str, *, brightness: int = 100) -> None:
        """Write a small image of a ball."""
        z, y, x = np.mgrid[:10, :10, :10] - 5
        noise = np.random.default_rng(3).normal(40, 20, (10,) * 3)
        ball = brightness * (x**2 + y**2 + z**2 < 12)
        image = sitk.GetImageFromArray((ball + noise).astype(np.float32))
        sitk.WriteImage(image, str(self.folder / f"{name}.nii.gz"))

    def analysis(self, text: str, catalogue: Catalogue | None = None) -> Analysis:
        """Return the analysis of the program as it stands; it has no errors."""
        source = SourceText(text, str(self.folder / "program.imgql"))
        world = FileSystem(str(self.folder))
        found = analyse(source, catalogue=catalogue or self.catalogue, world=world)
        assert not found.errors, (text, found.errors)
        return found

    def run(self, text: str, *, stopped: bool = False, catalogue: Catalogue | None = None) -> Run:
        """Run the program to its end, or stop it before it begins."""
        analysis = self.analysis(text, catalogue)
        with Engine(self.store, catalogue or self.catalogue, threads=1) as engine:
            path = analysis.source.path or ""
            history = History(self.store, analysis.plan, path, analysis.digest)
            run = engine.run(analysis.plan, folder=self.folder)
            if stopped:
                run.cancel()
            run.wait()
            history.end(run)
        return run

    def why(
        self,
        text: str,
        name: str,
        *,
        activity: Activity = NOTHING,
        catalogue: Catalogue | None = None,
    ) -> Why:
        """Return why the value of a declaration is to be made."""
        analysis = self.analysis(text, catalogue)
        node = analysis.plan.nodes[analysis.plan.declarations[name]]
        return self.why_node(analysis, node, activity=activity, catalogue=catalogue)

    def why_node(
        self,
        analysis: Analysis,
        node: Node,
        *,
        activity: Activity = NOTHING,
        catalogue: Catalogue | None = None,
    ) -> Why:
        """Return why the value of a node is to be made."""
        runs = self.past.runs(analysis.source.path or "")
        return why(analysis, node, self.reader, activity, runs, catalogue or self.catalogue)

    def evict(self, node: NodeId) -> None:
        """Remove the kept value of a node, as making room does."""
        record = self.store.lookup([node])[node]
        assert record.is_kept
        connection = sqlite3.connect(Layout(self.folder / "store").database)
        with connection:
            connection.execute(_EVICT, [bytes.fromhex(node)])
        connection.close()

    def close(self) -> None:
        """Let go of the store."""
        self.reader.close()
        self.store.close()


_EVICT = "UPDATE node SET inline = NULL, codec = NULL, checksum = NULL, size = NULL WHERE id = ?"


@contextmanager
def rerunning(folder: Path) -> Generator[Rerun]:
    """Give a folder to run a program in, time and again."""
    folder.mkdir(exist_ok=True)
    rerun = Rerun(folder)
    try:
        yield rerun
    finally:
        rerun.close()
