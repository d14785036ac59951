"""The reference of primitives as pages: ``make docs`` writes them from docstrings.

Of `simpleitk` they tell calls and purpose, not the version: that is of the SimpleITK installed.
"""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from voxlogica_core.cli.primitives import Entry, reference
from voxlogica_core.ide.hover.documentation import documentation
from voxlogica_core.primitives.simpleitk.namespace import left_out

FOLDER = Path(__file__).parents[2] / "docs" / "primitives"
_LIBRARY = "simpleitk"


def pages() -> Mapping[str, str]:
    """Return the text of each page by the name of its file."""
    known = sorted(reference(), key=lambda entry: (entry.namespace, entry.name))
    found: dict[str, str] = {}
    for namespace, entries in groupby(known, key=lambda entry: entry.namespace):
        page = _library_page if namespace == _LIBRARY else _page
        found[f"{namespace}.md"] = page(namespace, list(entries))
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
        "`voxlogica primitives NAME`; in an editor: the pointer over a name. How the filters of",
        "SimpleITK are used stands in [a page of its own](../simpleitk.md).",
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


def _library_page(namespace: str, entries: list[Entry]) -> str:
    """Return the page of functions that another library documents."""
    lines = [
        f"# {namespace}",
        "",
        f'A program says `import "{namespace}"` to use it. Names, parameters, their order and',
        "their defaults are SimpleITK's, whose documentation tells more; what differs stands in",
        "[SimpleITK in programs](../simpleitk.md).",
        "",
    ]
    for entry in entries:
        calls = "\n".join(signature for signature, _ in entry.calls)
        lines += [f"## `{entry.name}`", "", "```text", calls, "```", "", entry.summary, ""]
    lines += ["## What is not offered, and why", ""]
    for reason, names in groupby(sorted(left_out(), key=_reason), key=_reason):
        lines += [f"- {reason}: {', '.join(f'`{name}`' for name in sorted(names))}"]
    return "\n".join(lines) + "\n"


def _reason(name: str) -> str:
    return left_out()[name]


def _heading(entry: Entry) -> str:
    return " ".join([entry.name, *entry.operators])


if __name__ == "__main__":
    main()
