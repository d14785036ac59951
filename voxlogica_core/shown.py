"""How images, runs and analyses show themselves in notebooks. Needs no IPython, draws no picture.

A notebook asks the class of a value for methods such as ``_repr_png_``. The classes stand in rooms
that know neither pictures nor HTML, so they get these methods here, once the library is used.
"""

from collections.abc import Callable, Sequence
from html import escape

from voxlogica_core.engine.run import Run
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.store.preview import picture
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.values.image import Image
from voxlogica_core.values.written import written


def show_in_notebooks() -> None:
    """Have notebooks show images by their pictures, runs and analyses as tables."""
    for shown, name, show in _WAYS:
        setattr(shown, name, show)


def html_of_image(image: Image) -> str:
    """Return what an image is, in words."""
    return f"<code>{escape(written(image))}</code>"


def html_of_run(run: Run) -> str:
    """Return the goals of a run as a table: label, value, how it ended."""
    rows = [
        (result.label or "?", written(result.value), result.message or result.outcome)
        for result in run.results
    ]
    return _table(("goal", "value", "outcome"), rows) + f"<code>{escape(repr(run))}</code>"


def html_of_analysis(analysis: Analysis) -> str:
    """Return what was found in a program as a table: place, code, message."""
    found = [placed(analysis, diagnostic) for diagnostic in analysis.diagnostics]
    table = _table(("place", "found", "message"), found) if found else ""
    return f"{table}<code>{escape(repr(analysis))}</code>"


def placed(analysis: Analysis, found: Diagnostic) -> tuple[str, str, str]:
    """Return where something was found, what it is called and what it says."""
    line, column = analysis.source.position(found.span.start)
    return f"{line + 1}:{column + 1}", f"{found.severity}[{found.code}]", found.message


def _png_of_image(image: Image) -> bytes:
    return picture(image)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"

    return f"<table>{row(titles, 'th')}{''.join(row(cells, 'td') for cells in rows)}</table>"


_WAYS: Sequence[tuple[type, str, Callable[..., str | bytes]]] = (
    (Image, "_repr_png_", _png_of_image),
    (Image, "_repr_html_", html_of_image),
    (Run, "_repr_html_", html_of_run),
    (Analysis, "_repr_html_", html_of_analysis),
)
