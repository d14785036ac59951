"""The output of every kernel on a fixed input: it may change only together with its version.

After a change that is meant, raise the `version` in the declarations and run::

    python -m tests.primitives.test_golden_outputs

which rewrites ``golden_outputs.json``; it refuses where an output changed and its version did not.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from voxlogica_core.errors import DataError
from voxlogica_core.plan.signature import Overload, Parameter, Primitive
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import ANY, BOOL, COLOUR, IMAGE, LABELS, MASK, NUMBER, STRING, Kind

GOLDEN = Path(__file__).with_name("golden_outputs.json")
GRID = Geometry((9, 8, 7), (0.9, 0.7, 1.2), (0.0, 0.0, 0.0), (1, 0, 0, 0, 1, 0, 0, 0, 1))
NUMBERS = {
    "q": 0.4,
    "c": 0.5,
    "lo": 1.0,
    "k": 3.0,
    "sides": 5.0,
    "bins": 16.0,
    "axis": 2.0,
    "i": 1.0,
}
"""Arguments by parameter name; others are counted from 2."""
TEXTS = {"method": "nearest", "text": " Case_07", "part": "07", "old": "_", "separator": "_"}
FLAT = Geometry((9, 8), (0.9, 0.7), (0.0, 0.0), (1, 0, 0, 1))
"""The grid for the namespace that draws."""
PERILS = "voxlogica_core.primitives.perils"
"""Its primitives have no output: they end the process, or never end."""


def pattern(factor: int, modulus: int) -> np.ndarray:
    """Return whole numbers that look random and are the same for every version of numpy."""
    steps = np.arange(GRID.voxel_count, dtype=np.int64)
    return ((steps * steps * factor + steps * 31) % 10007 % modulus).reshape(GRID.shape)


def argument(parameter: Parameter, kind: Kind, position: int) -> Any:
    """Return a fixed argument of a kind, another one at every position."""
    voxels = pattern(position + 3, 23)
    match kind:
        case _ if parameter.is_grid:
            return GRID
        case Kind(name="sequence"):
            return [argument(parameter, kind.item or NUMBER, i) for i in (3, 1, 2)]
        case _ if kind in (NUMBER, ANY):
            return NUMBERS.get(parameter.name, position + 2.0)
        case _ if kind == BOOL:
            return position % 2 == 0
        case _ if kind == STRING:
            return TEXTS.get(parameter.name, "{}-{}")
        case _ if kind == IMAGE:
            return Image(IMAGE, voxels.astype(np.float32) / np.float32(2), GRID)
        case _ if kind == MASK:
            return Image(MASK, voxels > 14, GRID)
        case _ if kind == LABELS:
            return Image(LABELS, voxels.astype(np.uint8), GRID)
        case _ if kind == COLOUR:
            stacked = np.stack([pattern(position + i, 200) for i in (5, 6, 7)], axis=-1)
            return Image(COLOUR, stacked.astype(np.uint8), GRID)
        case Kind(name="record"):
            return {"{}-{}": 7.0, "other": 8.0}
        case _:
            raise AssertionError(f"no argument of kind {kind}: add one here")


def described(value: object) -> str:
    """Return a text that differs whenever a value differs in a bit."""
    match value:
        case Image():
            grid = f"{value.kind} {value.voxels.dtype} {value.geometry}"
            return f"{grid} {hashlib.sha256(value.voxels.tobytes()).hexdigest()}"
        case Sequence() if not isinstance(value, str):
            return f"[{', '.join(map(described, value))}]"
        case Mapping():
            return described([f"{name}: {described(value[name])}" for name in value])
        case float():
            return f"{value:.13g}"  # the last bits of exp, log and pow are the C library's
        case _:
            return repr(value)


def outputs(overload: Overload) -> Iterator[str]:
    """Yield the outputs for the first, second, ... kind of every parameter."""
    most = max([len(p.kinds) for p in overload.parameters], default=1)
    for choice in range(most):
        given = [
            argument(p, p.kinds[min(choice, len(p.kinds) - 1)], position)
            for position, p in enumerate(overload.parameters)
        ]
        if any(p.repeats for p in overload.parameters):
            given.append(given[-1])
        if overload.module.endswith(".shapes"):
            given = [Image(IMAGE, g.voxels[0], FLAT) if isinstance(g, Image) else g for g in given]
        try:
            yield described(kernel(overload)(*given))
        except DataError as refusal:
            yield f"refused for {refusal.argument}"


def digest(primitive: Primitive) -> str:
    """Return a digest of all outputs of a primitive."""
    found = [line for overload in primitive.overloads for line in outputs(overload)]
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()[:16]


def current() -> dict[str, str]:
    """Return, by qualified name, version and digest of every primitive with kernels here."""
    return {
        p.qualified: f"{p.version} {digest(p)}"
        for p in sorted(read_catalogue().at_hand(), key=lambda p: p.qualified)
        if not any(overload.module == PERILS for overload in p.overloads)
    }


def test_outputs_change_only_with_their_version() -> None:
    assert current() == json.loads(GOLDEN.read_text())


def rewrite() -> None:
    """Write the golden file anew, unless a version was forgotten."""
    kept = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    found = current()
    for name in kept.keys() & found.keys():
        same_version = kept[name].split()[0] == found[name].split()[0]
        if same_version and kept[name] != found[name]:
            raise SystemExit(f"the output of {name} changed: raise its version first")
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    rewrite()
