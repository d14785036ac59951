"""The folders a user works in, and what programs in each are written in. Reads nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import get_args

from voxlogica_core.syntax.lexis import Dialect


@dataclass(frozen=True, slots=True)
class Home:
    """Where a program is at home.

    Parameters
    ----------
    folder
        Where its relative paths are looked for after its own folder.
    dialect
        What it is written in if it does not state it.
    """

    folder: Path
    dialect: Dialect | None = None


@dataclass(frozen=True, slots=True)
class Homes:
    """The folders of one session.

    Parameters
    ----------
    folders
        Those that are open in the editor, in its order.
    elsewhere
        Of programs that are in none of them.
    """

    folders: tuple[Home, ...]
    elsewhere: Home

    def of(self, path: str | None) -> Home:
        """Return the home of a program: the innermost open folder that holds it.

        A file outside of them is at home where it is; a text that is no file, in the first folder.
        """
        if path is None:
            return self.folders[0] if self.folders else self.elsewhere
        place = PurePath(path)
        around = [home for home in self.folders if place.is_relative_to(home.folder)]
        if around:
            return max(around, key=lambda home: len(home.folder.parts))
        return replace(self.elsewhere, folder=Path(place.parent))

    def with_folders(self, added: Iterable[Path], removed: Iterable[Path]) -> "Homes":
        """Return the homes after folders were opened and closed."""
        gone, here = set(removed), {home.folder for home in self.folders}
        kept = [home for home in self.folders if home.folder not in gone]
        new = [path for path in dict.fromkeys(added) if path not in here - gone]
        dialect = self.elsewhere.dialect
        return replace(self, folders=(*kept, *(Home(path, dialect) for path in new)))

    def with_dialects(self, given: Mapping[Path | None, Dialect | None]) -> "Homes":
        """Return the homes with other dialects, by folder; None is everywhere else."""
        folders = tuple(
            replace(home, dialect=given.get(home.folder, home.dialect)) for home in self.folders
        )
        rest = replace(self.elsewhere, dialect=given.get(None, self.elsewhere.dialect))
        return Homes(folders, rest)


def dialect_named(given: object) -> Dialect | None:
    """Return the dialect of that name; any other text means that programs must state theirs."""
    return next((dialect for dialect in get_args(Dialect) if dialect == given), None)
