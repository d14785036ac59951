"""Primitives for tests of the engine: none is folded, so that all of them run."""

import os
import signal
import threading
from pathlib import Path
from time import sleep

import numpy as np

from tests.support.processes import until
from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import (
    Grid,
    Items,
    Mask,
    Number,
    Record,
    ScalarImage,
    Text,
    Truth,
    primitive,
)
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE

NAMESPACE = "test"


@primitive("next", version=1, cost=1)
def next_number(a: Number) -> Number:
    """Add 1."""
    return a + 1


@primitive("plus", version=1, cost=1, commutative=True)
def plus_numbers(a: Number, b: Number) -> Number:
    """Add two numbers."""
    return a + b


@primitive("over", version=1, cost=1)
def over_numbers(a: Number, b: Number) -> Truth:
    """Say whether a number is greater than another."""
    return a > b


@primitive("total", version=1, cost=100)
def total_numbers(a: Items[Number]) -> Number:
    """Add the numbers of a sequence."""
    return float(sum(a))


@primitive("steps", version=1, cost=10)
def step_numbers(a: Number) -> Items[Number]:
    """Make the sequence 0, 1, … below a number."""
    return [float(i) for i in range(int(a))]


@primitive("word", version=1, cost=1)
def word_number(a: Number) -> Text:
    """Make a file name of a number."""
    return f"made{a:g}.json"


@primitive("broken", version=1, cost=1)
def broken_number(a: Number) -> Number:
    """Have no answer."""
    raise DataError(f"another number than {a:g} is wanted", "a")


@primitive("bug", version=1, cost=1)
def bug_number(a: Number) -> Number:
    """Be wrong itself."""
    return a / 0


@primitive("hoard", version=1, cost=1)
def hoard_number(a: Number) -> Number:
    """Want more memory than there is."""
    raise MemoryError(a)


@primitive("nap", version=1, cost=30_000)
def nap_number(a: Number, key: Number) -> Number:
    """Sleep for some milliseconds: a heavy kernel that lets others run."""
    sleep(a / 1000)
    return key


@primitive("noted", version=1, cost=30_000)
def noted_nap(path: Text, a: Number, key: Number) -> Number:
    """Add a line to a file, then sleep for some milliseconds: says how often it was started."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{key:g}\n")
    sleep(a / 1000)
    return key


@primitive("dawdle", version=1, cost=30_000)
def dawdle_number(path: Text, key: Number) -> Number:
    """Add a line to a file, then wait until there is one of the same name that ends in `.go`."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{key:g}\n")
    _wait_for(Path(f"{path}.go"))
    return key


@primitive("after", version=1, cost=30_000)
def after_number(path: Text, key: Number) -> Number:
    """Wait until there is a file."""
    _wait_for(Path(path))
    return key


@primitive("rest", version=1, cost=300_000)
def rest_number(a: Number, key: Number) -> Number:
    """Sleep for some milliseconds, expected to take so long that Dask is worth starting."""
    sleep(a / 1000)
    return key


@primitive("die", version=1, cost=30_000)
def die_number(a: Number) -> Number:
    """End the process as a crash would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return a


@primitive("thread", version=1, cost=30_000)
def thread_number(a: Number) -> Number:
    """Say which thread runs this."""
    sleep(0.02)
    return float(threading.get_ident()) + 0 * a


@primitive("company", version=1, cost=30_000)
def company_number(path: Text, count: Number, key: Number) -> Number:
    """Add a line to a file, wait until it has some number of them; say which thread runs this."""
    file, me = Path(path), threading.get_ident()
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"{key:g}\n")
    if not until(lambda: len(file.read_text().splitlines()) >= count):
        raise TimeoutError(f"{count:g} at once are wanted in {file.name}")
    return float(me)


@primitive("noise", version=1, grid="new", cost=10)
def noise_image(seed: Number, length: Number) -> ScalarImage:
    """Make a cube of noise."""
    length = int(length)
    voxels = np.random.default_rng(int(seed)).normal(size=(length,) * 3).astype(np.float32)
    return Image(IMAGE, voxels, plain_geometry((length,) * 3))


@primitive("shift", version=1, cost=10)
def shift_image(a: ScalarImage, by: Number) -> ScalarImage:
    """Add a number to each voxel."""
    return a.image(a.voxels + np.float32(by))


@primitive("both", version=1, cost=10)
def both_images(a: ScalarImage, b: ScalarImage) -> ScalarImage:
    """Add two images."""
    return a.image(a.voxels + b.voxels)


@primitive("above", version=1, cost=2)
def above_number(a: ScalarImage, level: Number) -> Mask:
    """Find the voxels above a number."""
    return a.mask(a.voxels > level)


@primitive("average", version=1, cost=2)
def mean_image(a: ScalarImage) -> Number:
    """Average the voxels."""
    return float(a.voxels.mean(dtype=np.float64))


@primitive("ramp", version=1, cost=2)
def ramp_image(grid: Grid) -> ScalarImage:
    """Count along x."""
    voxels = np.broadcast_to(np.arange(grid.size[0], dtype=np.float32), grid.shape)
    return Image(IMAGE, voxels, grid)


@primitive("pieces", version=1, grid="new", cost=10)
def piece_images(a: ScalarImage) -> Items[ScalarImage]:
    """Halve and double an image."""
    return [a.image(a.voxels / 2), a.image(a.voxels * 2)]


@primitive("about", version=1, cost=10)
def about_image(a: ScalarImage) -> Record:
    """Say the least and the greatest voxel."""
    return {"least": float(a.voxels.min()), "greatest": float(a.voxels.max())}


def _wait_for(file: Path) -> None:
    if not until(file.exists):
        raise TimeoutError(f"nobody made {file.name}")
