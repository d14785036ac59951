"""Costs that primitives declare beside those measured, in ns a voxel: the scheduler uses them."""

import time

from tests.support.heads import Head, head
from voxlogica_core.errors import DataError
from voxlogica_core.plan.signature import Overload, Parameter
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.values.kind import BOOL, COLOUR, IMAGE, IMAGE_LIKE, LABELS, MASK, STRING, Kind

_SLOW = ("vox1.n4", "geom.blank")
"""One takes minutes, the other's cost is that of a call."""
_NUMBERS = {"r": 5.0, "k": 100.0, "lo": 0.0, "hi": 1000.0, "bins": 128.0, "axis": 2.0, "c": 0.5}
_ROUNDS = 3


def main() -> dict[str, dict[str, float]]:
    """Print and return the figures of every primitive on images."""
    given = head()
    figures: dict[str, dict[str, float]] = {}
    for primitive in sorted(read_catalogue().at_hand(), key=lambda p: p.qualified):
        on_images = [o for o in primitive.overloads if _takes_images(o)]
        if not on_images or primitive.qualified in _SLOW:
            continue
        declared = max(overload.cost for overload in on_images)
        measured = max(_nanoseconds(overload, given) for overload in on_images)
        figures[primitive.qualified] = {"declared": declared, "measured": measured}
        mark = "" if measured <= 2 * declared + 0.1 and declared <= 3 * measured + 0.1 else "  !"
        print(f"  {primitive.qualified:26} {declared:8.2f} {measured:8.2f}{mark}")
    return figures


def _takes_images(overload: Overload) -> bool:
    return any(p.is_grid or set(p.kinds) & IMAGE_LIKE for p in overload.parameters)


def _nanoseconds(overload: Overload, given: Head) -> float:
    """Return the processor time of the slowest choice of kinds of arguments."""
    found = [0.0]
    for choice in range(max(len(p.kinds) for p in overload.parameters)):
        arguments = [
            _argument(p, p.kinds[min(choice, len(p.kinds) - 1)], given) for p in overload.parameters
        ]
        try:
            kernel(overload)(*arguments)
        except DataError:
            continue
        times: list[float] = []
        for _ in range(_ROUNDS):
            begin = time.process_time()
            kernel(overload)(*arguments)
            times.append(time.process_time() - begin)
        found.append(min(times))
    return max(found) * 1e9 / given.image.geometry.voxel_count


def _argument(parameter: Parameter, kind: Kind, given: Head) -> object:
    images = {IMAGE: given.image, MASK: given.bright, LABELS: given.labels, COLOUR: given.colour}
    if parameter.is_grid:
        return given.image.geometry
    if kind in images:
        return given.brain if kind == MASK and parameter.name == "m" else images[kind]
    if kind == BOOL:
        return True
    if kind == STRING:
        return "nearest"
    return _NUMBERS.get(parameter.name, 3.0)


if __name__ == "__main__":
    main()
