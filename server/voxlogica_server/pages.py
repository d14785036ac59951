"""Pages that are generated: under which name a client finds them, and how it gets to see them.

A client that shows virtual documents is given a name of the scheme `imgql-primitive`. Any other
one is given a file in the cache folder: the page is written there, read-only, when it is first
asked for.
"""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from platformdirs import user_cache_path

from voxlogica_core.errors import FileError
from voxlogica_core.ide.pages.reference_pages import kind_page, namespace_page, primitive_page
from voxlogica_core.plan.signature import Catalogue, Primitive
from voxlogica_core.values.kind import Kind
from voxlogica_server.bounds import VIEWS
from voxlogica_server.convert import uri_of
from voxlogica_server.session import Session

SCHEME = "imgql-primitive"
CatalogueOf = Callable[[str], Catalogue]
"""Gives a catalogue that has a qualified name."""
_ENDING = ".md"


def page_uri(subject: Primitive | Kind | str, session: Session) -> str:
    """Return the URI of the page about a primitive, a kind or a namespace."""
    name = page_name(subject)
    workspace = session.settings.client.workspace
    if workspace and workspace.text_document_content:
        return f"{SCHEME}:/{quote(name)}{_ENDING}"
    return uri_of(str(written(name, _page(name, session.analyst.catalogue_of) or "")))


def page_name(subject: Primitive | Kind | str) -> str:
    """Return the name of a page: ``vox1.sqrt``, ``kind/mask``, ``namespace/simpleitk``."""
    match subject:
        case Primitive():
            return subject.qualified
        case Kind(name=name):
            return f"kind/{name}"
        case _:
            return f"namespace/{subject}"


def page(uri: str, catalogue_of: CatalogueOf) -> str | None:
    """Return the text of a page by its URI, None if there is none of this name."""
    parts = urlsplit(uri)
    if parts.scheme != SCHEME:
        return None
    return _page(unquote(parts.path).removeprefix("/").removesuffix(_ENDING), catalogue_of)


def written(name: str, text: str) -> Path:
    """Return a file with a page; the text is that of this version, whatever was there.

    Those that were written first are removed where all together take too much room.
    """
    folder = user_cache_path("voxlogica", appauthor=False) / "pages"
    path = folder / f"{name}{_ENDING}"
    try:
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            beside.write_text(text, "utf-8")
            beside.chmod(0o444)
            beside.replace(path)
            _thin_out(folder, path)
    except OSError as problem:
        raise FileError(f"the page {path} cannot be written: {problem.strerror}") from problem
    return path


def _thin_out(folder: Path, newest: Path) -> None:
    pages = [(page.stat(), page) for page in folder.rglob(f"*{_ENDING}") if page != newest]
    pages.sort(key=lambda page: page[0].st_mtime_ns, reverse=True)
    taken = newest.stat().st_size
    for state, page in pages:
        taken += state.st_size
        if taken > VIEWS:
            page.unlink(missing_ok=True)


def _page(name: str, catalogue_of: CatalogueOf) -> str | None:
    catalogue = catalogue_of(name.removeprefix("namespace/"))
    if name in catalogue.primitives:
        return primitive_page(catalogue.primitives[name])
    match name.partition("/"):
        case "kind", _, kind:
            return kind_page(Kind(kind), catalogue)
        case "namespace", _, namespace if namespace in catalogue.namespaces():
            return namespace_page(namespace, catalogue)
        case _:
            return None
