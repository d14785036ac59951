"""The programs that may use what one of them declares: those that are open, and those on the disk.

A file is analysed only if the name stands in it.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace

from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.plan.outside.shipped import is_shipped
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_server.convert import uri_of
from voxlogica_server.documents import Document
from voxlogica_server.programs import program_files
from voxlogica_server.requests.places import Place
from voxlogica_server.session import Session

_LOCAL = ("let", "loop variable")


async def neighbours(where: Place, target: Definition) -> list[tuple[Place, Definition]]:
    """Return the programs in which `target` may stand, each with it as it is seen there.

    The program that declares it comes first, unless it is the library.
    """
    home = where.document.source.path if target.path is None else target.path
    if home is None or target.role in _LOCAL:
        return [(where, target)]
    found: list[tuple[Place, Definition]] = []
    own = await _at(where, home) if not is_shipped(home) else None
    if own is not None:
        found.append((own, replace(target, path=None)))
    abroad = replace(target, path=home)
    session = where.session
    paths = await asyncio.to_thread(lambda: list(_users(session, target.name)))
    others = [await _at(where, path) for path in paths if path != home]
    found += [(other, abroad) for other in others if other is not None]
    if where.document.source.path is None and target.path is not None:
        found.append((where, abroad))
    return found


def _users(session: Session, name: str) -> Iterator[str]:
    """Yield the paths of the programs in which a name stands and something is imported."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    unsaved = {
        path: found.document.source.text
        for found in session.opened()
        if (path := found.document.source.path) is not None
    }
    folders = [home.folder for home in session.homes.folders]
    for path in dict.fromkeys([*unsaved, *program_files(folders)]):
        text = unsaved.get(path)
        if text is None:
            source = session.analyst.text_of(path)
            text = source.text if source else ""
        if "import" in text and word.search(text):
            yield path


async def program_at(session: Session, uri: str | None, path: str | None) -> Place | None:
    """Return a program with its analysis: as it is open, or as it is on the disk; None if nowhere.

    Parameters
    ----------
    uri
        Its name where that is known: a text that was never saved has no path.
    """
    for found in list(session.opened()):
        document = found.document
        if document.uri == uri or (path is not None and document.source.path == path):
            _, analysis = await session.analysed(document.uri)
            return Place(session, found.document, analysis, found.activity)
    source = session.analyst.text_of(path) if path is not None else None
    if source is None or path is None:
        return None
    closed = Document(uri_of(path), -1, source, session.settings.encoding)
    analysis = await session.analyst.analysis(source, session.home(closed), None)
    return Place(session, closed, analysis, NOTHING, is_open=False)


async def _at(where: Place, path: str) -> Place | None:
    """Return the program at a path; the one that is asked about stays the version it is."""
    if path == where.document.source.path:
        return where
    return await program_at(where.session, None, path)
