"""Paths inside texts: the files that `load`, `import`, `save` and their like may name."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.writing.cursor import Cursor
from voxlogica_core.ide.writing.proposal import Proposal
from voxlogica_core.plan.outside.shipped import shipped_namespaces
from voxlogica_core.plan.reduction.names import ALWAYS
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.text.span import Span

FolderNames = Callable[[str], Sequence[str]]
"""Gives the names in a folder, those of folders with a slash at the end."""

_IMAGES = (
    *(".nii", ".nii.gz", ".mha", ".mhd", ".nrrd", ".hdr", ".dcm"),
    *(".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"),
)
_READERS = frozenset({"load", "ReadImage"})
_MOST = 300


def paths(
    analysis: Analysis, where: Cursor, catalogue: Catalogue, names_in: FolderNames | None
) -> Iterator[Proposal]:
    """Yield what may stand in the text at the cursor, where that names a file."""
    endings = _endings(where)
    if endings is None:
        return
    typed = analysis.source.text[where.word.start : where.word.end]
    if ".imgql" in endings and "/" not in typed:
        for name in sorted(catalogue.namespaces() - {*ALWAYS} | shipped_namespaces()):
            yield Proposal(name, "path", "namespace", span=where.word)
    folder, _, _ = typed.rpartition("/")
    span = Span(where.word.start + len(folder) + bool(folder or "/" in typed), where.word.end)
    inside = PurePath(analysis.session.circumstances.folder) / (folder or "")
    root = PurePath("/") if typed.startswith("/") and not folder else inside
    names = names_in(str(root)) if names_in else ()
    fitting = (n for n in names if n.endswith("/") or n.lower().endswith(endings))
    for name in sorted(fitting, key=lambda n: (n.endswith("/"), n.casefold()))[:_MOST]:
        yield Proposal(name, "path", "folder" if name.endswith("/") else "file", span=span)


def _endings(where: Cursor) -> tuple[str, ...] | None:
    """Return the endings of files that may be named here, none for folders only."""
    types = [token.type for token in where.tokens]
    if types[-1:] == ["IMPORT"]:
        return (".imgql",)
    if types[-3:-2] == ["LOAD"] and types[-1] == "EQUALS":
        return _IMAGES
    if types[-1:] == ["SAVE"]:
        return ()
    if where.call and where.call.position == 0 and types[-1:] == ["CALL"]:
        name = where.call.function.text.rpartition(".")[2]
        return _IMAGES if name in _READERS else () if name == "dir" else None
    return None
