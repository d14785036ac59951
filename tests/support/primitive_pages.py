"""The reference of primitives as pages: ``make docs`` writes them from docstrings.

The namespace `simpleitk` has none: what is in it depends on the SimpleITK that is installed.
"""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from voxlogica_core.cli.primitives import Entry, reference
from voxlogica_core.ide.documentation import documentation

FOLDER = Path(__file__).parents[2] / "docs" / "primitives"
_UNLISTED = frozenset({"simpleitk"})


def pages() -> Mapping[str, str]:
    """Return the text of each page by the name of its file."""
    known = [entry for entry in reference() if entry.namespace not in _UNLISTED]
    known.sort(key=lambda entry: (entry.namespace, entry.name))
    found: dict[str, str] = {}
    for namespace, entries in groupby(known, key=lambda entry: entry.namespace):
        found[f"{namespace}.md"] = _page(namespace, list(entries))
    return {"README.md": _contents(known), **found}


def main() -> None:
    """Write the pages; remove those of namespaces that are no more."""
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for stale in {page.name for page in FOLDER.glob("*.md")} - written.keys():
        (FOLDER / stale).unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, "utf-8")


def _contents(known: list[Entry]) -> str:
    lines = [
        "# Primitives",
        "",
        "What programs may call, made from the docstrings by `make docs`. At a terminal:",
        "`voxlogica primitives NAME`; in an editor: the pointer over a name. The filters of",
        "SimpleITK have [a page of their own](../simpleitk.md).",
    ]
    for namespace, entries in groupby(known, key=lambda entry: entry.namespace):
        lines += ["", f"## [{namespace}]({namespace}.md)", ""]
        lines += [f"- `{_heading(entry)}`: {entry.summary}" for entry in entries]
    return "\n".join(lines) + "\n"


def _page(namespace: str, entries: list[Entry]) -> str:
    lines = [f"# {namespace}", ""]
    if entries[0].needs_import:
        lines += [f'A program says `import "{namespace}"` to use it.', ""]
    for entry in entries:
        version = f" (version {entry.version})" if entry.version else ""
        lines += [f"## `{_heading(entry)}`{version}", ""]
        for signature, text in entry.calls:
            lines += ["```text", signature, "```", ""]
            if text:
                lines += [documentation(text, markdown=True).rstrip(), ""]
    return "\n".join(lines).rstrip() + "\n"


def _heading(entry: Entry) -> str:
    return " ".join([entry.name, *entry.operators])


if __name__ == "__main__":
    main()
