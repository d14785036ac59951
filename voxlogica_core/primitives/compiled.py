"""Loops compiled by numba: without the interpreter's lock, and kept on disk between processes.

Importing this costs 0.25 s, so only the modules that need it do.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
from numba.core import event

from voxlogica_core.primitives.preparing import PREPARATION
from voxlogica_core.values.image import Voxels

Given = ParamSpec("Given")
Result = TypeVar("Result")


class _Loading(event.Listener):
    """Tells the tally of a thread when it loads or makes machine code: under numba's own lock."""

    def on_start(self, event: event.Event) -> None:
        if (tally := PREPARATION.get()) is not None:
            tally.begin()

    def on_end(self, event: event.Event) -> None:
        if (tally := PREPARATION.get()) is not None:
            tally.end()


event.register("numba:compiler_lock", _Loading())


def compiled(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Compile `function` at its first call for the types it is given.

    The machine code is kept beside the source, or in the user's cache folder where that cannot be
    written; where neither can, every process compiles anew. Rounding is IEEE 754's: no fast
    mathematics, no fused operations, so results are the same on every machine.
    """
    try:
        kept = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba's answer when it finds no folder to write to
        kept = numba.njit(nogil=True)(function)
    return cast("Callable[Given, Result]", kept)


def frozen(voxels: Voxels) -> Voxels:
    """Return an array as compiled code takes it: contiguous, aligned, read-only.

    Arrays that may be written, may not, or lie askew are different types to numba; each would be
    compiled for anew, for seconds.
    """
    view = np.require(voxels, requirements=["C", "A"]).view()
    view.flags.writeable = False
    return view
