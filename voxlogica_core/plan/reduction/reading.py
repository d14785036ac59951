"""What a program reads from outside: images and listings of folders.

A path known while reducing becomes a `Read`, named by the digest of the bytes, and a folder the
list of its files. Where the path is not known it waits as an application of `OUTSIDE_LOAD` or
`OUTSIDE_DIR`: inside a function looked at without its arguments or a loop, until that is applied;
else until a run has found the path. What hangs on it until then is *deferred*, see `NodeTable`.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import cast

from voxlogica_core.errors import DataError, FileError
from voxlogica_core.plan.node import Literal, NodeId, Scalar
from voxlogica_core.plan.nodes.forms import OUTSIDE
from voxlogica_core.plan.nodes.items import RULES
from voxlogica_core.plan.nodes.table import NodeTable, Rule
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.reduction.meaning import Meaning, Scope
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.signature import Catalogue, Overload, Parameter, Primitive
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, BOOL, STRING, accepts, sequence

DECODER = "image"
DECODER_VERSION = "1"
"""Raised when the same bytes give other voxels or another grid than before."""

_PLACES = (Parameter("folder", (STRING,)), Parameter("cwd", (STRING,)))
"""Where a relative path begins: the folder of the file it stands in, then the user's."""

OUTSIDE_LOAD = Primitive(
    "load",
    OUTSIDE,
    DECODER_VERSION,
    (Overload((Parameter("path", (STRING,)), *_PLACES), ANY, "", "", grid="new"),),
)
"""A load whose path is not known yet."""

_LISTED = (
    Parameter("folder", (STRING,)),
    Parameter("pattern", (STRING,)),
    Parameter("recursive", (BOOL,)),
    Parameter("full", (BOOL,)),
)
OUTSIDE_DIR = Primitive(
    "dir",
    OUTSIDE,
    "1",
    (Overload((*_LISTED, *_PLACES), sequence(STRING), "", "", grid="new"),),
)
"""A listing of a folder that is not known yet."""

Opened = Callable[[NodeId, str], None]
"""Told of each file that is opened: its node, and where it is."""


class ReadProblem(DataError):
    """A file that a program names cannot be read; `code` is the diagnostic's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def with_outside(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue that knows what waits for a path, too."""
    primitives = catalogue.primitives.plus((OUTSIDE_LOAD, OUTSIDE_DIR))
    return Catalogue(primitives, catalogue.evaluate, catalogue.broken)


def rules(world: Callable[[str], World], opened: Opened) -> dict[str, Rule]:
    """Return all rules of a table, those that read a path as soon as it is known among them.

    Parameters
    ----------
    world
        Gives files and folders, given the user's folder.
    opened
        Told of each file whose digest has become a node.
    """

    def load_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
        values = _values(table, inputs)
        if values is None:
            return None
        path, folder, cwd = values
        if not isinstance(path, str):
            raise DataError(f"`load` wants a path in quotes, {path} came", "path")
        around = world(str(cwd))
        found, digest = _located(around, path, str(folder))
        node = table.read(DECODER, DECODER_VERSION, digest, around.kind(found))
        opened(node, found)
        return node

    def dir_rule(table: NodeTable, inputs: Sequence[NodeId]) -> NodeId | None:
        values = _values(table, inputs)
        if values is None:
            return None
        paths = _listed(world(str(values[-1])), values)
        return table.array([table.literal(path) for path in paths])

    return {**RULES, OUTSIDE_LOAD.qualified: load_rule, OUTSIDE_DIR.qualified: dir_rule}


def load(reducer: Reducing, nodes: Sequence[NodeId], span: Span, scope: Scope) -> Meaning:
    """Reduce ``load(path)``."""
    if len(nodes) != 1:
        message = f"`load` wants 1 argument, the path of an image; {len(nodes)} came"
        return reducer.failure("wrong-arity", message, span, scope)
    kind = reducer.table.kind(nodes[0])
    if kind not in (STRING, ANY):
        message = f"`load` wants a path in quotes, this is a {kind}"
        return reducer.failure("type-mismatch", message, span, scope)
    return reducer.primitive(OUTSIDE_LOAD, (*nodes, *_places(reducer, scope)), span, scope)


def listing(reducer: Reducing, nodes: Sequence[NodeId], span: Span, scope: Scope) -> Meaning:
    """Reduce ``dir(root, glob, recursive, full)``: listed once, sorted."""
    table = reducer.table
    rest = [table.literal(value) for value in _DEFAULTS[max(len(nodes) - 1, 0) :]]
    kinds = [table.kind(node) for node in nodes]
    fits = all(accepts(p.kinds[0], kind) for p, kind in zip(_LISTED, kinds, strict=False))
    if not 1 <= len(nodes) <= len(_LISTED) or not fits:
        message = '`dir` wants (folder, pattern="*", recursive=false, full=false)'
        return reducer.failure("type-mismatch", message, span, scope)
    given = (*nodes, *rest, *_places(reducer, scope))
    node = reducer.primitive(OUTSIDE_DIR, given, span, scope)
    if isinstance(node, str) and table[node] == table[table.array(())]:
        root, pattern = (cast("Literal", table[name]).value for name in given[:2])
        message = f"nothing in {root} matches {pattern}"
        reducer.findings.report("empty-listing", message, span, scope, severity="warning")
    return node


_DEFAULTS: tuple[Scalar, ...] = ("*", False, False)
"""Of ``dir``, its folder aside."""


def _places(reducer: Reducing, scope: Scope) -> tuple[NodeId, NodeId]:
    return reducer.literal(scope.file.folder), reducer.literal(reducer.world.working_folder())


def _values(table: NodeTable, inputs: Sequence[NodeId]) -> list[Scalar] | None:
    """Return the values of literals; None where one is none."""
    found = [table[name] for name in inputs]
    values = [node.value for node in found if isinstance(node, Literal)]
    return values if len(values) == len(found) else None


def _listed(world: World, values: Sequence[Scalar]) -> list[str]:
    root, pattern, recursive, full, folder, _ = values
    if not isinstance(root, str):
        raise DataError(f"`dir` wants a folder in quotes, {root} came", "folder")
    where = world.find(root, str(folder)) if root else None
    if where is None:
        message = f"there is no folder {root}" if root else _EMPTY.format("dir")
        raise ReadProblem("file-not-found", message)
    try:
        names = world.listing(where, str(pattern), recursive=bool(recursive))
    except FileError as problem:
        raise ReadProblem("file-not-found", str(problem)) from problem
    return [f"{where}/{name}" if full else name for name in names]


_EMPTY = '`{}` wants a path, this one is empty; "." is the folder of the program'


def _located(world: World, path: str, folder: str) -> tuple[str, str]:
    found = world.find(path, folder) if path else None
    if found is None:
        message = _absent(world, path, folder) if path else _EMPTY.format("load")
        raise ReadProblem("file-not-found", message)
    try:
        digest = world.digest(found)
    except FileError as problem:
        raise ReadProblem("unreadable-image", str(problem)) from problem
    if digest is None:
        raise ReadProblem("reading-input", f"{path} is still being read")
    return found, digest


def _absent(world: World, path: str, folder: str) -> str:
    """Say that there is no such file, and what its path may have been meant to be."""
    if "://" in path:
        return f"there is no file {path}: addresses are not read, load wants a file that is here"
    if path.startswith("~"):
        return f"there is no file {path}: ~ is not replaced, write the path of your folder"
    if not PurePath(path).is_absolute():
        return f"there is no file {path}: paths are relative to the program's folder"
    parent = str(PurePath(path).parent)
    nor = "" if world.find(parent, folder) else f", nor is there a folder {parent}"
    return f"there is no file {path}{nor}"
