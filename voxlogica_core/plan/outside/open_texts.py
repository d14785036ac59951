"""A world in which some files have another text than on the disk: they are open and not saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voxlogica_core.plan.outside.world import World
from voxlogica_core.values.kind import Kind


@dataclass(frozen=True, slots=True)
class OpenTexts:
    """A world seen through an editor.

    Parameters
    ----------
    world
        Everything else.
    texts
        By path, as `find` returns it.
    """

    world: World
    texts: Mapping[str, str]

    def read_text(self, path: str) -> str:
        """Return the text of a program file: as it is open, or as it is on the disk."""
        return self.texts[path] if path in self.texts else self.world.read_text(path)

    def find(self, path: str, folder: str) -> str | None:
        """Return where `path` is."""
        return self.world.find(path, folder)

    def working_folder(self) -> str:
        """Return the folder the user works in."""
        return self.world.working_folder()

    def digest(self, path: str) -> str | None:
        """Return the digest of a file's bytes."""
        return self.world.digest(path)

    def kind(self, path: str) -> Kind:
        """Return the kind of value that reading a file gives."""
        return self.world.kind(path)

    def grid(self, path: str) -> bytes | None:
        """Return bytes that are equal only for files on one grid."""
        return self.world.grid(path)

    def listing(self, root: str, pattern: str, *, recursive: bool) -> Sequence[str]:
        """Return the paths in a folder that match."""
        return self.world.listing(root, pattern, recursive=recursive)
