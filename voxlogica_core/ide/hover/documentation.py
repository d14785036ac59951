"""Documentation of primitives and declarations as Markdown; it is written in numpydoc style."""

import re
from collections.abc import Iterator

_ENTRY = re.compile(r"^(?!\s)(\S.*)$")


def documentation(text: str, *, markdown: bool) -> str:
    """Return documentation for reading: section titles in bold, entries as a list.

    Parameters
    ----------
    text
        Prose, then sections whose titles are underlined with dashes.
    markdown
        Otherwise the text stays as it is.
    """
    if not markdown:
        return text.strip()
    blocks = re.split(r"\n\n(?=[^\n]+\n-{3,}(?:\n|$))", text.strip())
    return "\n\n".join(_block(block) for block in blocks).replace("``", "`")


def _block(block: str) -> str:
    title, _, rest = block.partition("\n")
    line, _, body = rest.partition("\n")
    if not re.fullmatch(r"-{3,}", line.strip()):
        return block
    if title.strip() in ("Examples", "Notes", "References"):
        return f"**{title.strip()}**\n\n{body.strip()}"
    return "\n".join([f"**{title.strip()}**", "", *_entries(body)])


def _entries(body: str) -> Iterator[str]:
    """Yield the entries of a section: what stands at the margin, then what is said about it."""
    for line in body.splitlines():
        if _ENTRY.match(line):
            yield f"- `{line.strip()}`"
        elif line.strip():
            yield f"  {line.strip()}"
