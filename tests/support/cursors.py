"""Programs with a cursor, their analyses, and a memory that was written by hand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath

from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.record import NOT_KEPT, InFile, Inline, Preview, Record, Stored
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.geometry import Geometry, plain_geometry
from voxlogica_core.values.kind import IMAGE, IMAGE_LIKE, Kind

CURSOR = "<CURSOR>"
GRID = plain_geometry((10, 20, 30), (1.0, 1.0, 2.0))


@dataclass(frozen=True)
class FakeWorld:
    """Files by absolute path: texts of programs, and images, whose text stands for their bytes."""

    files: dict[str, str] = field(default_factory=dict[str, str])

    def working_folder(self) -> str:
        return "/home"

    def find(self, path: str, folder: str) -> str | None:
        candidate = str(PurePath(folder) / path)
        return candidate if candidate in self.files else None

    def read_text(self, path: str) -> str:
        return self.files[path]

    def digest(self, path: str) -> str | None:
        return self.files[path].encode().hex().ljust(64, "0")[:64]

    def kind(self, path: str) -> Kind:
        return IMAGE

    def grid(self, path: str) -> bytes | None:
        return None

    def listing(self, root: str, pattern: str, *, recursive: bool) -> list[str]:
        return sorted(path for path in self.files if path.startswith(root))


@dataclass
class FakeMemory:
    """Records and previews by node; counts how many nodes it is asked about."""

    records: dict[NodeId, Record] = field(default_factory=dict[NodeId, Record])
    previews: dict[NodeId, Preview] = field(default_factory=dict[NodeId, Preview])
    asked: int = 0

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        wanted = list(ids)
        self.asked += len(wanted)
        return {node: self.records[node] for node in wanted if node in self.records}

    def preview(self, node: NodeId) -> Preview | None:
        return self.previews.get(node)


@cache
def catalogue() -> Catalogue:
    """Return the shipped primitives."""
    return read_catalogue()


def analysed(text: str, files: dict[str, str] | None = None) -> Analysis:
    """Return the analysis of a program at /home/main.imgql; image b.nii.gz is there."""
    world = FakeWorld({"/home/b.nii.gz": "voxels", **(files or {})})
    source = SourceText(text, "/home/main.imgql")
    return analyse(source, catalogue=catalogue(), world=world)


def at_cursor(text: str, files: dict[str, str] | None = None) -> tuple[Analysis, int]:
    """Return the analysis of a program without its cursor, and where that was."""
    offset = text.index(CURSOR)
    return analysed(text.replace(CURSOR, "", 1), files), offset


def record(
    node: NodeId,
    kind: Kind,
    *,
    stored: Stored | None = None,
    geometry: Geometry | None = None,
    seconds: float = 0.8,
    nbytes: int = 12_000_000,
) -> Record:
    """Return the record of a node that has run; images are kept in a file."""
    grid = geometry or (GRID if kind in IMAGE_LIKE else None)
    place = stored or (InFile("mask", "0" * 64, nbytes) if kind in IMAGE_LIKE else NOT_KEPT)
    return Record(node, "vox1.any", "1", kind, grid, nbytes, seconds, 0.0, place)


def number(node: NodeId, value: float, kind: Kind) -> Record:
    """Return the record of a scalar, which stands in it."""
    return record(node, kind, stored=Inline(value), seconds=0.002, nbytes=8)
