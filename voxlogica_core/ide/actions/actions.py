"""Code actions: what can be done about a place of the text, as edits. Carries nothing out.

Cures of diagnostics, and changes of the form that leave every node what it is. There is no
"ignore": what is wrong is mended.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.actions.cures import chains, quotes, spellings
from voxlogica_core.ide.actions.extract import extract
from voxlogica_core.ide.actions.inline import inline
from voxlogica_core.ide.actions.lines import whole_lines
from voxlogica_core.ide.actions.swap import swap
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.findings import shown_diagnostics
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.ide.writing.paths import FolderNames
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import way_to
from voxlogica_core.text.diagnostic import Diagnostic, Edit
from voxlogica_core.text.span import Span

SURE = frozenset({"glued-operator", "not-imported"})
"""Findings with one cure that is right wherever they are found: all can be mended at once."""

_FURTHEST = 2  # folders up that a relative path may lead


def actions(
    analysis: Analysis,
    span: Span,
    activity: Activity = NOTHING,
    names_in: FolderNames | None = None,
) -> list[Action]:
    """Return what can be done about a place, cures first.

    Parameters
    ----------
    names_in
        Gives the names in a folder, for files whose names are not spelled right.
    """
    diagnostics = [d for d in shown_diagnostics(analysis, activity) if d.path is None]
    here = [d for d in diagnostics if d.span.start <= span.end and span.start <= d.span.end]
    return [
        *_cures(here),
        *chains(analysis, here),
        *quotes(analysis, here),
        *(spellings(analysis, here, names_in) if names_in else ()),
        *_removals(analysis, here),
        *_all_cures(diagnostics, {d.code for d in here}),
        *_relative_paths(analysis, span),
        *swap(analysis, span),
        *extract(analysis, span),
        *inline(analysis, span),
        *fix_all(diagnostics),
    ]


def fix_all(diagnostics: Iterable[Diagnostic]) -> Iterator[Action]:
    """Yield one action that mends everything whose cure is sure."""
    sure = [d for d in diagnostics if d.code in SURE and len(d.fixes) == 1]
    if sure:
        yield Action("Fix all that is sure", "source.fixAll", _together(sure), tuple(sure))


def _cures(here: Iterable[Diagnostic]) -> Iterator[Action]:
    for diagnostic in here:
        for number, fix in enumerate(diagnostic.fixes):
            is_first = number == 0 and (len(diagnostic.fixes) == 1 or _is_spelling(diagnostic))
            yield Action(fix.title, "quickfix", fix.edits, (diagnostic,), is_preferred=is_first)


def _is_spelling(diagnostic: Diagnostic) -> bool:
    """Return whether the first of several cures is the likeliest one: the nearest name."""
    return diagnostic.code == "unbound-name"


def _removals(analysis: Analysis, here: Iterable[Diagnostic]) -> Iterator[Action]:
    for diagnostic in here:
        if diagnostic.code != "unused-declaration":
            continue
        for statement in statements_at(analysis, diagnostic.span.start):
            if not isinstance(statement, tree.Declaration | tree.Load):
                continue
            if statement.name.span == diagnostic.span:
                edits = (Edit(whole_lines(analysis.source.text, statement.span), ""),)
                title = f"Remove `{statement.name.text}`"
                yield Action(title, "quickfix", edits, (diagnostic,))


def _all_cures(diagnostics: Iterable[Diagnostic], codes: set[str]) -> Iterator[Action]:
    for code in sorted(codes & SURE):
        same = [d for d in diagnostics if d.code == code and len(d.fixes) == 1]
        if len(same) > 1:
            title = f"Fix all {len(same)} of `{code}`"
            yield Action(title, "quickfix", _together(same), tuple(same))


def _together(diagnostics: Iterable[Diagnostic]) -> tuple[Edit, ...]:
    """Return the edits of the only fixes of diagnostics, each edit once."""
    edits = {edit: None for found in diagnostics for edit in found.fixes[0].edits}
    return tuple(sorted(edits, key=lambda edit: edit.span))


def _relative_paths(analysis: Analysis, span: Span) -> Iterator[Action]:
    """Yield the path from the program to a file in the place of one that holds here only."""
    home = analysis.source.path
    for statement in statements_at(analysis, span.start) if home else ():
        text = way_to(statement, span.start)[-1]
        if not isinstance(text, tree.StringLiteral) or not PurePath(text.value).is_absolute():
            continue
        path = os.path.relpath(text.value, PurePath(home or "").parent)
        if path.split(os.sep).count("..") <= _FURTHEST:
            written = path.replace("\\", "/").replace('"', '\\"')
            edit = Edit(text.span, f'"{written}"')
            yield Action("Write the path as seen from the program", "refactor.rewrite", (edit,))
