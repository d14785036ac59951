"""Primitives that leave marks in a file, so that a test sees which process ran them how often."""

import os
import signal
from pathlib import Path
from time import monotonic, sleep

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Number, ScalarImage, Text, primitive

NAMESPACE = "far"

_PATIENCE = 300.0  # as that of tests; the file is read where there may be no tests


def _mark(folder: str, key: float) -> None:
    with (Path(folder) / "marks").open("a") as file:
        file.write(f"{key:g} {os.getpid()}\n")


@primitive("mark", version=1, cost=40_000)
def mark_number(folder: Text, key: Number, a: Number) -> Number:
    """Leave a mark; add two numbers."""
    _mark(folder, key)
    sleep(0.01)
    return key + a


@primitive("linger", version=1, cost=40_000)
def linger_number(folder: Text, key: Number, a: Number) -> Number:
    """Leave a mark; add two numbers once there is a file `go`."""
    _mark(folder, key)
    end = monotonic() + _PATIENCE
    while not (Path(folder) / "go").exists():
        if monotonic() > end:
            raise TimeoutError("nobody said go")
        sleep(0.005)
    return key + a


@primitive("spoil", version=1, cost=40_000)
def spoil_number(folder: Text, key: Number) -> Number:
    """Leave a mark, then fail."""
    _mark(folder, key)
    raise DataError(f"another number than {key:g} is wanted", "key")


@primitive("vanish", version=1, cost=40_000)
def vanish_number(folder: Text, key: Number) -> Number:
    """Leave a mark, then end the process."""
    _mark(folder, key)
    os.kill(os.getpid(), signal.SIGKILL)
    return key


@primitive("tell", version=1, cost=30)
def tell_image(folder: Text, key: Number, a: ScalarImage) -> ScalarImage:
    """Leave a mark; add a number to each voxel, so slowly that the image is kept."""
    _mark(folder, key)
    sleep(0.1)
    return a.image(a.voxels + a.voxels.dtype.type(key))
