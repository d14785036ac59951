"""Compiling: has numba make machine code of a loop written in Python. Loads and keeps none.

Importing this imports numba: 0.25 s, and then seconds for a loop; only where no code is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numba
from numba import types

from voxlogica_core.primitives.machine_code import Machine, MachineCode


def machine_code(
    machine: Machine,
    loop: FunctionType,
    called: Mapping[str, FunctionType],
    argument_types: Sequence[str],
) -> MachineCode | None:
    """Return the machine code of a loop; None if it needs more than machine code.

    Rounding is IEEE 754's: no fast mathematics, no fused operations, so that results are the same
    on every machine.

    Parameters
    ----------
    called
        The loops it calls, and those they call, by the names they have there.
    argument_types
        As `machine_code.type_of` says them.
    """
    signature = tuple(_numba_type(each) for each in argument_types)
    compiler: Any = numba.njit
    lonely = compiler(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # nothing but the loop
    dispatcher = _dispatcher(loop, called, {}, lonely)
    dispatcher.compile(signature)
    made = dispatcher.overloads[signature]
    text: str = dispatcher.inspect_llvm(signature)
    return machine.code(text, made.fndesc.llvm_func_name, str(made.signature.return_type))


def plain(loop: FunctionType, called: Mapping[str, FunctionType]) -> Callable[..., object]:
    """Return a loop as numba compiles and calls it: for what machine code alone cannot do."""
    return _dispatcher(loop, called, {}, numba.njit(nogil=True))


def _dispatcher(
    loop: FunctionType,
    called: Mapping[str, FunctionType],
    made: dict[FunctionType, Any],
    compiler: Callable[[Callable[..., object]], Any],
) -> Any:
    """Return what numba makes of a loop that finds such things under the names it calls."""
    if loop not in made:
        inner = {
            name: _dispatcher(called[name], called, made, compiler)
            for name in loop.__code__.co_names
            if name in called
        }
        copy = FunctionType(loop.__code__, {**loop.__globals__, **inner}, loop.__name__)
        copy.__module__ = loop.__module__
        made[loop] = compiler(copy)
    return made[loop]


def _numba_type(of: str) -> Any:
    name, bracket, axes = of.partition("[")
    number: Any = types.boolean if name == "bool" else getattr(types, name)
    return types.Array(number, int(axes.rstrip("]")), "C") if bracket else number
