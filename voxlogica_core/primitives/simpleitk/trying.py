"""Tries one function of SimpleITK with small images of every kind; prints what it gives as JSON.

``python -m voxlogica_core.primitives.simpleitk.trying Median``. A process of its own, because a
call may end it.
"""

import itertools
import json
import sys
from collections.abc import Iterator, Sequence

import numpy as np
import SimpleITK

from voxlogica_core.primitives.simpleitk import calls
from voxlogica_core.primitives.simpleitk.described import Argument
from voxlogica_core.primitives.simpleitk.signatures import Signature, signatures
from voxlogica_core.primitives.sitk_images import geometry_of, one_thread, to_sitk
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import COLOUR, IMAGE, LABELS, MASK

_SIZE = (40, 36, 32)
"""Large enough for ITK to share the work among threads, so that it shows where that matters."""
_DIRECTION = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
_GRID = Geometry(_SIZE, (1.0, 1.5, 2.0), (3.0, 4.0, 5.0), _DIRECTION)
_MANY = 7
"""Threads that a call is compared with; the number of processors must not matter."""


def main() -> None:
    """Print a list of the forms, each a mapping of kinds of images to an answer."""
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(_MANY)
    name = sys.argv[1]
    found = [dict(_answers(name, signature)) for signature in signatures(name)]
    sys.stdout.write(json.dumps(found))


def samples() -> dict[str, Image]:
    """Return a small image of every kind: a ball in noise."""
    z, y, x = np.indices(_GRID.shape)
    far = np.hypot(np.hypot(x - 18.0, y - 17.0), z - 15.0)
    ball = far < 9
    noise = np.random.default_rng(1).normal(0, 5, _GRID.shape)
    image = (100.0 * ball + noise + 20.0).astype(np.float32)
    labels = ball.astype(np.uint16) + (far < 4).astype(np.uint16)
    return {
        "image": Image(IMAGE, image, _GRID),
        "mask": Image(MASK, ball, _GRID),
        "labels": Image(LABELS, labels, _GRID),
        "colour": Image(COLOUR, np.stack([image, image / 2, image / 3], axis=-1), _GRID),
    }


def _answers(name: str, signature: Signature) -> Iterator[tuple[str, tuple[str, bool, bool]]]:
    images = [each for each in signature.arguments if each.codec in ("image", "images")]
    function = getattr(SimpleITK, name)
    for kinds in itertools.product(samples(), repeat=len(images)):
        try:
            arguments = list(_arguments(signature, kinds))
            first = function(*arguments)
            with one_thread():
                second = function(*arguments)
        except (RuntimeError, TypeError, NotImplementedError):
            continue
        yield " ".join(kinds), (_given(first), _keeps_grid(first), _are_equal(first, second))


def _arguments(signature: Signature, kinds: Sequence[str]) -> Iterator[object]:
    left = list(kinds)
    given = samples()
    for argument in signature.arguments:
        match argument.codec:
            case "image":
                yield to_sitk(given[left.pop(0)])
            case "images":
                yield [to_sitk(given[left.pop(0)])] * 2
            case "points":
                yield [[18, 17, 15]]
            case _:
                yield calls.handed(argument, _usual(argument), 3)


def _usual(argument: Argument) -> object:
    return 1.0 if argument.default is None else argument.default


def _given(result: object) -> str:
    if not isinstance(result, SimpleITK.Image):
        return type(result).__name__
    words = result.GetPixelIDTypeAsString()
    known = {"32-bit float": "float32", "64-bit float": "float64"}
    for sign, bits in itertools.product(("unsigned", "signed"), (8, 16, 32, 64)):
        known[f"{bits}-bit {sign} integer"] = f"{'u' * (sign == 'unsigned')}int{bits}"
    known |= {f"vector of {long}": f"vector of {short}" for long, short in known.items()}
    return known.get(words) or words


def _keeps_grid(result: object) -> bool:
    if not isinstance(result, SimpleITK.Image):
        return True
    return result.GetDimension() == 3 and _GRID.difference(geometry_of(result)) is None


def _are_equal(first: object, second: object) -> bool:
    if not isinstance(first, SimpleITK.Image) or not isinstance(second, SimpleITK.Image):
        return bool(first == second)
    one, two = SimpleITK.GetArrayFromImage(first), SimpleITK.GetArrayFromImage(second)
    return np.array_equal(one, two, equal_nan=one.dtype.kind == "f")


if __name__ == "__main__":
    main()
