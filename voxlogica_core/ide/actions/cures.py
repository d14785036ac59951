"""Cures that need more than a finding: the text it is about, or folders. Carries nothing out."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import PurePath

from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.ide.writing.paths import FolderNames
from voxlogica_core.plan.outside.shipped import shipped_namespaces
from voxlogica_core.plan.reduction.names import ALWAYS
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import way_to
from voxlogica_core.text.diagnostic import Diagnostic, Edit
from voxlogica_core.text.span import Span

_CHAIN = re.compile(r"([.=!<>]+)([^\n]*?)([.=!<>]+)")
_FILES = frozenset({"file-not-found", "import-not-found"})
_ALIKE = 0.6  # as difflib counts: of ten letters, four may be others
_MOST = 3


def chains(analysis: Analysis, here: Iterable[Diagnostic]) -> Iterator[Action]:
    """Yield ``a < b & b < c`` for ``a < b < c``."""
    for diagnostic in here:
        span = diagnostic.span
        chain = _CHAIN.fullmatch(analysis.source.text[span.start : span.end])
        if diagnostic.code != "syntax" or chain is None or "//" in chain[2]:
            continue
        middle = chain[2].strip()
        end = span.start + len(chain[1]) + len(chain[2].rstrip())
        edit = Edit(Span(end, end), f" & {middle}")
        title = f"Write `{chain[1]} {middle} & {middle} {chain[3]}`"
        yield Action(title, "quickfix", (edit,), (diagnostic,), is_preferred=True)


def quotes(analysis: Analysis, here: Iterable[Diagnostic]) -> Iterator[Action]:
    """Yield ``load t = "t1.nii.gz"`` for ``load t = t1.nii.gz``."""
    for diagnostic in here:
        span = diagnostic.span
        text = analysis.source.text[span.start : span.end]
        if diagnostic.code != "unbound-name" or "." not in text:
            continue
        for statement in statements_at(analysis, span.start):
            if isinstance(statement, tree.Load) and statement.path.span == span:
                edit = Edit(span, f'"{text}"')
                yield Action(f'Write `"{text}"`', "quickfix", (edit,), (diagnostic,))


def spellings(
    analysis: Analysis, here: Iterable[Diagnostic], names_in: FolderNames
) -> Iterator[Action]:
    """Yield the names of files that are there in the place of one that is not, the nearest first.

    Parameters
    ----------
    names_in
        Asked for one folder: the one that the name leads to.
    """
    for diagnostic in here:
        text = _path_at(analysis, diagnostic) if diagnostic.code in _FILES else None
        if text is None:
            continue
        folder, slash, name = text.value.rpartition("/")
        root = PurePath(analysis.session.circumstances.folder) / (folder or slash)
        known = {n.casefold(): n for n in names_in(str(root)) if not n.endswith("/")}
        if diagnostic.code == "import-not-found":
            known = {key: each for key, each in known.items() if key.endswith(".imgql")}
            known |= {} if slash else {each: each for each in _namespaces(analysis)}
        near = get_close_matches(name.casefold(), known, _MOST, _ALIKE)
        for number, key in enumerate(near):
            path = f"{folder}{slash}{known[key]}"
            edit = Edit(text.span, '"' + path.replace('"', '\\"') + '"')
            title = f"Write `{path}`"
            yield Action(title, "quickfix", (edit,), (diagnostic,), is_preferred=not number)


def _namespaces(analysis: Analysis) -> frozenset[str]:
    return (analysis.catalogue.namespaces() - {*ALWAYS}) | shipped_namespaces()


def _path_at(analysis: Analysis, diagnostic: Diagnostic) -> tree.StringLiteral | None:
    """Return the text that names a file, where the finding is about one."""
    for statement in statements_at(analysis, diagnostic.span.start):
        for node in reversed(way_to(statement, diagnostic.span.start)):
            if isinstance(node, tree.StringLiteral):
                return node
    return None
