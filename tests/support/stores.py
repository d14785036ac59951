"""Nodes that have run, for tests of the store: ids, values and the records of them."""

from hashlib import sha256

import numpy as np

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Finished, Value
from voxlogica_core.values.geometry import Geometry, plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import ANY, COLOUR, IMAGE, LABELS, MASK, NUMBER, Kind

GRID = Geometry(
    (7, 6, 5),
    (0.9, 1.1, 2.5),
    (-10.25, 3.0, 1 / 3),
    (-1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0),
)


def node_id(text: object) -> NodeId:
    """Return an id that is the same for equal texts."""
    return NodeId(sha256(str(text).encode()).hexdigest())


def finished(
    name: object, value: Value, *, keep: bool = True, named: bool = False, kind: Kind | None = None
) -> Finished:
    """Return a node that has run, its id made from `name`."""
    if kind is None:
        kind = value.kind if isinstance(value, Image) else ANY
        kind = NUMBER if isinstance(value, float) else kind
    inputs = (node_id("first"), node_id("second"))
    return Finished(node_id(name), "test.made", "1", inputs, kind, value, 0.25, keep, named)


def random_image(kind: Kind, dtype: str, seed: int = 0, grid: Geometry = GRID) -> Image:
    """Return an image of random voxels."""
    random = np.random.default_rng(seed)
    shape = (*grid.shape, 3) if kind == COLOUR else grid.shape
    if dtype == "float32":
        voxels = random.normal(0, 100, shape).astype(np.float32)
    else:
        voxels = random.integers(0, 2 if dtype == "bool" else 250, shape).astype(dtype)
    return Image(kind, voxels, grid)


def indexed_image(index: int) -> Image:
    """Return a small image that tells its index."""
    voxels = np.full((6, 5, 4), index, np.float32)
    return Image(IMAGE, voxels, plain_geometry((4, 5, 6)))


def every_image() -> list[Image]:
    """Return an image of each kind and type of voxels, in three dimensions and two."""
    types = [(IMAGE, "float32"), (MASK, "bool"), (COLOUR, "float32")]
    types += [(LABELS, name) for name in ("uint8", "uint16", "uint32")]
    types += [(COLOUR, name) for name in ("uint8", "uint16")]
    plane = plain_geometry((9, 4), (0.5, 0.25))
    return [random_image(kind, name, 1, grid) for grid in (GRID, plane) for kind, name in types]
