"""What a program reads from outside: images, listings; and loops whose bodies read.

A path known while reducing becomes a `Read`, named by the digest of the bytes. Inside a loop, or in
a function looked at without its arguments, it waits as an application of `OUTSIDE_LOAD`; a loop
that contains one is unrolled, for its id must be that of what was read.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voxlogica_core.errors import DataError, FileError
from voxlogica_core.plan.items import items
from voxlogica_core.plan.meaning import UNKNOWN, Meaning, Unknown
from voxlogica_core.plan.node import Apply, Literal, NodeId, free_of, inputs_of, is_closed
from voxlogica_core.plan.scope import Scope
from voxlogica_core.plan.signature import Overload, Parameter, Primitive
from voxlogica_core.plan.substitute import substitute
from voxlogica_core.plan.table import NodeTable
from voxlogica_core.plan.world import World
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, STRING

if TYPE_CHECKING:
    from voxlogica_core.plan.reducer import Reducer

DECODER = "image"
DECODER_VERSION = "1"
"""Raised when the same bytes give other voxels or another grid than before."""

OUTSIDE_LOAD = Primitive(
    "load",
    "outside",
    DECODER_VERSION,
    (
        Overload(
            (Parameter("path", (STRING,)), Parameter("folder", (STRING,))), ANY, "", "", grid="new"
        ),
    ),
)
"""A load whose path is not known yet; never part of a finished plan."""


class ReadProblem(DataError):
    """A file that a program names cannot be read; `code` is the diagnostic's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def opened(
    table: NodeTable, inputs: Sequence[NodeId], world: World, loads: dict[NodeId, str]
) -> NodeId | None:
    """Return the node of a file as soon as its path is known; where it is goes into `loads`."""
    path, folder = table[inputs[0]], table[inputs[1]]
    if not (isinstance(path, Literal) and isinstance(folder, Literal)):
        return None
    found, digest = _located(world, str(path.value), str(folder.value))
    node = table.read(DECODER, DECODER_VERSION, digest, world.kind(found))
    loads[node] = found
    return node


def load(reducer: "Reducer", nodes: Sequence[NodeId], span: Span, scope: Scope) -> Meaning:
    """Reduce ``load(path)``."""
    if len(nodes) != 1:
        message = f"`load` wants 1 argument, the path of an image; {len(nodes)} came"
        return reducer.failure("wrong-arity", message, span, scope)
    kind = reducer.table.kind(nodes[0])
    if kind not in (STRING, ANY):
        message = f"`load` wants a path in quotes, this is a {kind}"
        return reducer.failure("type-mismatch", message, span, scope)
    folder = reducer.literal(scope.file.folder)
    node = reducer.primitive(OUTSIDE_LOAD, (nodes[0], folder), span, scope)
    if isinstance(node, str) and _waits(reducer.table, node):
        message = "this path is known only while running, which is not available yet"
        return reducer.failure("not-available", message, span, scope)
    return node


def listing(reducer: "Reducer", nodes: Sequence[NodeId], span: Span, scope: Scope) -> Meaning:
    """Reduce ``dir(root, glob, recursive, full)``: listed once, now, sorted."""
    defaults: list[float | bool | str] = ["", "*", False, False]
    values: list[float | bool | str] = []
    for node in nodes:
        found = reducer.table[node]
        if not isinstance(found, Literal):
            if not is_closed(found):
                return UNKNOWN
            message = "`dir` wants a folder that is known before running"
            return reducer.failure("not-available", message, span, scope)
        values.append(found.value)
    if not 1 <= len(values) <= len(defaults) or not _are_like(values, defaults):
        message = '`dir` wants (folder, pattern="*", recursive=false, full=false)'
        return reducer.failure("type-mismatch", message, span, scope)
    root, pattern, recursive, full = [*values, *defaults[len(values) :]]
    reducer.unit.is_volatile = True
    where = reducer.world.find(str(root), scope.file.folder)
    if where is None:
        message = f"there is no folder {root}"
        return reducer.failure("file-not-found", message, span, scope)
    names = reducer.world.listing(where, str(pattern), recursive=bool(recursive))
    if not names:
        message = f"nothing in {root} matches {pattern}"
        reducer.findings.report("empty-listing", message, span, scope, severity="warning")
    paths = [f"{where}/{name}" if full else name for name in names]
    return reducer.table.array([reducer.literal(path) for path in paths])


def reads_item(table: NodeTable, body: NodeId, item: NodeId) -> bool:
    """Return whether a loop's body reads a file whose path depends on the item."""
    seen: set[NodeId] = set()
    stack = [body]
    while stack:
        node = table[stack.pop()]
        if node.id in seen or item not in free_of(node):
            continue
        seen.add(node.id)
        if isinstance(node, Apply) and node.primitive == OUTSIDE_LOAD.qualified:
            return True
        stack.extend(inputs_of(node))
    return False


def unrolled(
    reducer: "Reducer",
    operation: str,
    body: NodeId,
    item: NodeId,
    source: NodeId,
    span: Span,
    scope: Scope,
) -> NodeId | Unknown:
    """Return the items of a loop that reads outside, written one by one."""
    table = reducer.table
    known = items(table, source)
    if known is None and not is_closed(table[source]):
        return UNKNOWN
    if known is None or operation != "map":
        message = "this loop reads files whose paths are known only while running: not available"
        return reducer.failure("not-available", message, span, scope)
    results: list[NodeId] = []
    for node in known:
        try:
            results.append(substitute(table, body, {item: node}))
        except DataError as problem:
            return reducer.refused(problem, span, scope)
    for result in results:
        reducer.place(result, span, scope)
    return table.array(results)


def _waits(table: NodeTable, node: NodeId) -> bool:
    found = table[node]
    return (
        isinstance(found, Apply) and found.primitive == OUTSIDE_LOAD.qualified and is_closed(found)
    )


def _located(world: World, path: str, folder: str) -> tuple[str, str]:
    found = world.find(path, folder)
    if found is None:
        message = f"there is no file {path}: paths are relative to the program's folder"
        raise ReadProblem("file-not-found", message)
    try:
        digest = world.digest(found)
    except FileError as problem:
        raise ReadProblem("unreadable-image", str(problem)) from problem
    if digest is None:
        raise ReadProblem("reading-input", f"{path} is still being read")
    return found, digest


def _are_like(values: Sequence[float | bool | str], defaults: Sequence[float | bool | str]) -> bool:
    return all(type(v) is type(d) for v, d in zip(values, defaults, strict=False))
