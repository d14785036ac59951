"""``voxlogica explain``: the page of a diagnostic, or the list of them all; knows no program."""

import json
from difflib import get_close_matches
from pathlib import Path

import click
from rich.console import Console
from rich.markdown import Markdown

import voxlogica_core
from voxlogica_core.cli import exits, options
from voxlogica_core.errors import UsageError

VERSION = 1
"""Of the JSON object."""


def _codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the codes that begin with what has been typed, for shells."""
    del ctx, param
    return sorted(p.stem for p in _folder().glob("*.md") if p.stem.startswith(incomplete))


@click.command(
    "explain",
    epilog=options.examples(
        "voxlogica explain",
        "voxlogica explain unbound-name",
        "voxlogica explain --json",
    ),
)
@click.argument("code", required=False, shell_complete=_codes)
@options.as_json
def command(code: str | None, *, as_json: bool) -> int:
    """Say what a diagnostic means and how to cure it; without CODE, list them all."""
    pages = {page.stem: page for page in sorted(_folder().glob("*.md"))}
    if code is not None and code not in pages:
        raise UsageError(_unknown(code, pages))
    if as_json:
        asked = pages if code is None else {code: pages[code]}
        found = [_object(page) for page in asked.values()]
        click.echo(json.dumps({"version": VERSION, "diagnostics": found}))
    elif code is None:
        width = max(map(len, pages))
        for name, page in pages.items():
            click.echo(f"{name:<{width}}  {_meaning(page)}")
    else:
        _show(pages[code].read_text("utf-8"))
    return exits.DONE


def _object(page: Path) -> dict[str, str]:
    return {"code": page.stem, "meaning": _meaning(page), "page": page.read_text("utf-8")}


def _folder() -> Path:
    """Return the folder of the pages: in the package when installed, above it in a checkout."""
    package = Path(voxlogica_core.__file__).parent
    for folder in (package / "diagnostics", package.parent / "docs" / "diagnostics"):
        if (folder / "syntax.md").exists():
            return folder
    raise UsageError("the pages are not installed: install voxlogica from its wheel")


def _meaning(page: Path) -> str:
    """Return the sentence below the title of a page."""
    return page.read_text("utf-8").splitlines()[2]


def _unknown(code: str, pages: dict[str, Path]) -> str:
    near = get_close_matches(code, pages, n=3, cutoff=0.4)
    meant = f"did you mean {' or '.join(near)}?" if near else "`voxlogica explain` lists them"
    return f"there is no diagnostic {code}; {meant}"


def _show(page: str) -> None:
    """Write a page as it is, or with its titles and programs set off at a terminal."""
    console = Console()
    if console.is_terminal:
        console.print(Markdown(page))
    else:
        click.echo(page, nl=False)
