"""Programs in tests: analysed with the shipped catalogue and a small world of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePath

from voxlogica_core.errors import FileError
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.node import Node, NodeId, Scalar
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.values.kind import IMAGE, Kind


@dataclass
class SmallWorld:
    """Files by absolute path, in memory; every file that is no text is an image."""

    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def working_folder(self) -> str:
        return "/home"

    def find(self, path: str, folder: str) -> str | None:
        found = str(PurePath(folder) / path)
        return found if found in self.files or self._is_folder(found) else None

    def read_text(self, path: str) -> str:
        return self.files[path].decode()

    def digest(self, path: str) -> str | None:
        if self._is_folder(path):
            raise FileError(f"{path} is a folder; an image file is wanted here")
        return sha256(self.files[path]).hexdigest()

    def kind(self, path: str) -> Kind:
        del path
        return IMAGE

    def grid(self, path: str) -> bytes | None:
        return self.files[path][:5] or None

    def listing(self, root: str, pattern: str, *, recursive: bool) -> Sequence[str]:
        del recursive
        inside = [PurePath(f).relative_to(root) for f in self.files if f.startswith(root + "/")]
        return sorted(str(path) for path in inside if path.match(pattern))

    def _is_folder(self, path: str) -> bool:
        return any(file.startswith(path + "/") for file in self.files)


IMAGES = SmallWorld({"/home/a.nii": b"first image", "/home/b.nii": b"second image"})
LOADS = 'load a = "a.nii"\nload b = "b.nii"\n'


def analysed(
    text: str,
    world: SmallWorld = IMAGES,
    *,
    catalogue: Catalogue | None = None,
    settings: Mapping[str, Scalar] | None = None,
) -> Analysis:
    """Return the analysis of a program in the folder /home."""
    source = SourceText(text, "/home/program.imgql")
    return analyse(source, catalogue=catalogue or read_catalogue(), world=world, settings=settings)


def node_of(text: str, name: str, world: SmallWorld = IMAGES) -> NodeId:
    """Return the id of a declaration of a program."""
    return analysed(text, world).plan.declarations[name]


def found(text: str, world: SmallWorld = IMAGES) -> list[str]:
    """Return the codes of the errors and warnings of a program, in order of text."""
    loud = ("error", "warning")
    return [d.code for d in analysed(text, world).diagnostics if d.severity in loud]


def node(analysis: Analysis, name: str) -> Node:
    """Return the node of a declaration."""
    return analysis.plan.nodes[analysis.plan.declarations[name]]


def analysed_file(text: str, folder: Path) -> Analysis:
    """Return the analysis of a program in a real folder, with the files that are there."""
    source = SourceText(text, str(folder / "program.imgql"))
    return analyse(source, catalogue=read_catalogue(), world=FileSystem(str(folder)))
