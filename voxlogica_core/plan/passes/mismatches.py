"""Images on grids that differ for certain, told from their headers before anything runs.

Only sizes are compared: whether two placements in space are the same grid is a question of
tolerances, which the engine answers when it has the images.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from voxlogica_core.plan.node import Apply, NodeId, Read, is_closed
from voxlogica_core.plan.outside.headers import size_of_grid
from voxlogica_core.plan.reduction.meaning import Scope
from voxlogica_core.plan.reduction.unit import Origin, Unit
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import IMAGE_LIKE

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.reducer import Reducer

Size = tuple[int, ...]


def report(reducer: "Reducer", units: Sequence[Unit], sources: Mapping[NodeId, str]) -> None:
    """Report where images are combined whose files, given by node, have grids of other sizes."""
    if len(sources) < 2:
        return
    sizes = dict(_sizes(reducer, sources))
    if len(set(sizes.values())) < 2:
        return
    for unit in units:
        for name, origin in unit.places.items():
            pair = _pair(reducer, name, sizes)
            span = _span(origin, unit)
            if pair is not None and span is not None:
                message = _message(reducer, name, [(sources[n], sizes[n]) for n in pair])
                reducer.findings.report("geometry-mismatch", message, span, Scope(unit.root))


def _sizes(reducer: "Reducer", sources: Mapping[NodeId, str]) -> Iterator[tuple[NodeId, Size]]:
    for node, path in sources.items():
        grid = reducer.world.grid(path)
        if grid is not None and (size := size_of_grid(grid)):
            yield node, size


def _pair(
    reducer: "Reducer", name: NodeId, sizes: Mapping[NodeId, Size]
) -> tuple[NodeId, NodeId] | None:
    """Return two reads of other sizes whose grids meet in a node, though they must be one."""
    table = reducer.table
    node = table[name]
    if not isinstance(node, Apply) or not is_closed(node):
        return None
    kinds = [table.kind(given) for given in node.inputs]
    overloads = table.catalogue.primitives[node.primitive].fitting(kinds)
    if not overloads or any(overload.grid != "same" for overload in overloads):
        return None
    images = [n for n, kind in zip(node.inputs, kinds, strict=True) if kind in IMAGE_LIKE]
    origins = [n for n in map(table.origin, images) if isinstance(table[n], Read) and n in sizes]
    others = (n for n in origins[1:] if sizes[n] != sizes[origins[0]])
    other = next(others, None)
    return None if other is None else (origins[0], other)


def _span(origin: Origin, unit: Unit) -> Span | None:
    """Return where in the statement itself a node was made: at the call, if a function did."""
    if origin.site is not None:
        return origin.site.outermost
    return origin.spot.span if origin.spot.root is unit.root else None


def _message(reducer: "Reducer", name: NodeId, pair: Sequence[tuple[str, Size]]) -> str:
    node = reducer.table[name]
    assert isinstance(node, Apply)
    primitive = node.primitive.partition(".")[2]
    grids = " and ".join(
        f"that of {PurePath(path).name} ({'×'.join(map(str, size))} voxels)" for path, size in pair
    )
    return (
        f"`{primitive}` wants images on one grid, and it is given {grids}; bring one to the other: "
        'resampleTo(image, reference, "linear"), or "nearest" for masks and labels'
    )
