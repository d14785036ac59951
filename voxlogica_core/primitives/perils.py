"""Primitives to try whether a system survives them: they crash, fill memory, never end."""

import ctypes
import os
import signal

import numpy as np

from voxlogica_core.primitives.declare import Number, primitive
from voxlogica_core.system import limited_memory

NAMESPACE = "test"
_PIECE = 16_000_000  # bytes
_ROOM = 256_000_000  # bytes


@primitive("crash", version=1, cost=30_000)
def crash(x: Number) -> Number:
    """Read where no memory is, which ends the process: ``test.crash(1)`` has no value.

    Parameters
    ----------
    x
        Any number; different ones crash one by one.
    """
    ctypes.string_at(0)
    return x


@primitive("devour", version=1, cost=30_000)
def devour(x: Number) -> Number:
    """Ask for memory without end: ``test.devour(1)`` fails, as the memory does not suffice.

    It is given no more than 256 MB above what the process uses, so that nothing else suffers.

    Parameters
    ----------
    x
        Any number.
    """
    with limited_memory(_ROOM):
        return _piled_up(None) + x


@primitive("overfill", version=1, cost=30_000)
def overfill(x: Number) -> Number:
    """Fill memory until the process is killed: ``test.overfill(1)`` has no value.

    At 256 MB it does what the system does to a process when memory is short.

    Parameters
    ----------
    x
        Any number.
    """
    return _piled_up(_ROOM) + x


@primitive("forever", version=1, cost=30_000)
def forever(x: Number) -> Number:
    """Compute without end, on one core: ``test.forever(1)`` has no value, and is to be cancelled.

    Parameters
    ----------
    x
        Any number.
    """
    table = np.full(1_000_000, x)
    while True:
        np.multiply(table, 1.0, out=table)


def _piled_up(most: int | None) -> float:
    """Fill memory, up to what a limit allows, or until so many bytes end the process."""
    pile: list[object] = []
    while True:
        pile.append(np.ones(_PIECE // 8))
        if most is not None and len(pile) * _PIECE >= most:
            os.kill(os.getpid(), signal.SIGKILL)
