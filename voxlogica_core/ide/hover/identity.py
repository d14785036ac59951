"""The last lines of a hover: the node id, other names of the node, links to pages about it."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.plan.node import NodeId

COPY = "imgql.copyNodeId"
"""Command of the editor extension that puts its argument into the clipboard."""

OPEN = "imgql.openPage"
"""Command of the editor extension that opens the page about a node: scheme and node."""

_SHORT = 12
_MOST_NAMESAKES = 3


def identity(analysis: Analysis, node: NodeId, title: str, *, markdown: bool, links: bool) -> str:
    """Return the id of a node and the declarations that are the same node.

    Parameters
    ----------
    title
        The name that is hovered: it is no other one.
    links
        Whether commands can be linked to: the whole id is then copied by one, else it stands on a
        line of its own.
    """
    same = ", ".join(_namesakes(analysis, node, title, markdown=markdown))
    note = f" · same node as {same}" if same else ""
    if not markdown:
        return f"node {node[:_SHORT]}{note}\n{node}"
    if not links:
        return f"---\n\nnode `{node[:_SHORT]}`{note}  \n`{node}`"
    copy = f'[`{node[:_SHORT]}`]({_command(COPY, node)} "Copy {node}")'
    pages = (f"[{page}]({_command(OPEN, page, node)})" for page in ("node", "why", "plan"))
    return f"---\n\nnode {copy}{note} · {' · '.join(pages)}"


def _namesakes(analysis: Analysis, node: NodeId, title: str, *, markdown: bool) -> Iterator[str]:
    quoted = "`" if markdown else ""
    plan, source = analysis.plan, analysis.source
    names = {name for name, other in plan.declarations.items() if other == node} - {title}
    if not names:
        return
    same = [s.name for s in declarations(analysis) if s.name.text in names]
    for name in same[:_MOST_NAMESAKES]:
        yield f"line {source.line_of(name.span.start) + 1} ({quoted}{name.text}{quoted})"
    if len(same) > _MOST_NAMESAKES:
        yield f"{len(same) - _MOST_NAMESAKES} more"


def _command(name: str, *arguments: str) -> str:
    return f"command:{name}?{quote(json.dumps(arguments))}"
