"""Findings and results as the objects that ``--json`` prints and the server answers with."""

from collections.abc import Sequence
from pathlib import Path

from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText

VERSION = 1
"""Of every object; more keys may come, none goes without a new version."""


def diagnostic_objects(
    diagnostics: Sequence[Diagnostic], source: SourceText
) -> list[dict[str, object]]:
    """Return diagnostics as JSON objects; lines and columns count from 1, in code points."""
    texts: dict[str | None, SourceText] = {None: source}
    return [_diagnostic_object(found, texts) for found in diagnostics]


def source_of(diagnostic: Diagnostic, texts: dict[str | None, SourceText]) -> SourceText:
    """Return the text a diagnostic is about; files are read once and kept in `texts`."""
    path = diagnostic.path
    if path not in texts:
        texts[path] = SourceText(Path(path or "").read_bytes().decode("utf-8-sig", "replace"), path)
    return texts[path]


def _diagnostic_object(
    diagnostic: Diagnostic, texts: dict[str | None, SourceText]
) -> dict[str, object]:
    source = source_of(diagnostic, texts)
    return {
        "path": source.path,
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "start": _position(source, diagnostic.span.start),
        "end": _position(source, diagnostic.span.end),
        "fixes": [{"title": fix.title} for fix in diagnostic.fixes],
    }


def _position(source: SourceText, offset: int) -> dict[str, int]:
    line, column = source.position(offset)
    return {"line": line + 1, "column": column + 1}
