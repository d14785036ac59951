"""Machine code of compiled loops: loaded, called, kept on disk. Makes none, and imports no numba.

To import numba and have it load what it keeps takes half a second of processor time and 90 MB; to
load the same machine code by llvmlite alone takes a tenth of both. So loops may use nothing that
lives in numba: no memory of their own, no Python.
"""

import ctypes
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from voxlogica_core import made_before

if TYPE_CHECKING:
    from voxlogica_core.values.image import Voxels

_SUFFIX = ".machine"
_Number = ctypes.c_bool | ctypes.c_int64 | ctypes.c_uint32 | ctypes.c_uint64 | ctypes.c_double
_NUMBERS: dict[str, type[_Number]] = {
    "bool": ctypes.c_bool,
    "int64": ctypes.c_int64,
    "uint32": ctypes.c_uint32,
    "uint64": ctypes.c_uint64,
    "float64": ctypes.c_double,
}
_POINTER, _SIZE = ctypes.c_void_p, ctypes.c_int64
_FREES = "NRT_MemInfo_call_dtor"
"""numba's; frees an array's memory once nobody refers to it. What a loop is given, nobody owns."""
_NEVER_CALLED = "voxlogica_frees_nothing"
"""Stands for it: under its own name it would be taken from users' kernels, who may use numba."""
FOREIGN_ALLOWED = frozenset({_NEVER_CALLED, "memset", "memcpy", "memmove", "sqrt"})
"""What machine code may call beside itself, for there is nobody else but the C library."""


@dataclass(frozen=True, slots=True)
class MachineCode:
    """A loop for arguments of certain types, as an object file.

    Parameters
    ----------
    symbol
        Its name there.
    result
        Type of what it returns: a type of number, or ``none``.
    content
        The object file.
    """

    symbol: str
    result: str
    content: bytes


def type_of(argument: object) -> str:
    """Return what an argument is to machine code: ``float32[3]``, ``int64``.

    Raises
    ------
    TypeError
        It cannot be given to a loop.
    """
    match argument:
        case np.ndarray():
            if not (argument.flags.c_contiguous and argument.flags.aligned):
                raise TypeError("compiled loops take contiguous, aligned arrays only")
            return f"{argument.dtype.name}[{argument.ndim}]"
        case bool():
            pass
        case int():
            return "int64"
        case float():
            return "float64"
        case np.generic() if argument.dtype.name in _NUMBERS:
            return argument.dtype.name
        case _:
            pass
    raise TypeError(f"compiled loops take arrays and numbers, and a {type(argument).__name__} came")


class Machine:
    """The processor that machine code is for, and this process as the place of it."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        features = ""
        with suppress(RuntimeError):  # llvmlite's answer where it cannot tell
            features = llvm.get_host_cpu_features().flatten()
        self.processor = llvm.get_host_cpu_name(), features

    @property
    def identity(self) -> tuple[str, ...]:
        """What machine code depends on, beside its source."""
        return (llvmlite.__version__, llvm.get_process_triple(), *self.processor)

    def code(self, text: str, symbol: str, result: str) -> MachineCode | None:
        """Return machine code for an optimised module of LLVM; None if it calls what is not here.

        Parameters
        ----------
        text
            The module.
        symbol, result
            See `MachineCode`.
        """
        module = llvm.parse_assembly(text.replace(f"@{_FREES}(", f"@{_NEVER_CALLED}("))
        for function in module.functions:
            name = function.name
            is_foreign = function.is_declaration and not name.startswith("llvm.")
            if is_foreign and name not in FOREIGN_ALLOWED:
                return None
        return MachineCode(symbol, result, self._target().emit_object(module))

    def load(self, code: MachineCode, types: Sequence[str]) -> Callable[..., object]:
        """Return a function that calls machine code with arguments of these types.

        The code runs without the interpreter's lock.
        """
        # Nothing a loop is given is ever freed by it; if that were wrong, the process would end.
        end = ctypes.cast(ctypes.pythonapi.Py_FatalError, _POINTER).value
        llvm.add_symbol(_NEVER_CALLED, end)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self._target())
        engine.add_object_file(llvm.ObjectFileRef.from_data(code.content))
        engine.finalize_object()
        address = engine.get_function_address(code.symbol)
        return _Loaded(engine, address, types, code.result)

    def _target(self) -> llvm.TargetMachine:
        name, features = self.processor
        target = llvm.Target.from_default_triple()
        return target.create_target_machine(
            cpu=name, features=features, opt=3, jit=True, codemodel="jitdefault"
        )


class _Loaded:
    """Machine code that can be called as numba calls its own.

    First come the place for the result and the place for a raised error, then each argument:
    a number as itself, an array as who owns it (nobody), its size, the bytes of an element, its
    elements, its shape and its strides. What comes back is 0, or says that something was raised.
    """

    def __init__(
        self, engine: llvm.ExecutionEngine, address: int, types: Sequence[str], result: str
    ) -> None:
        self._engine = engine  # goes with its code
        self._result = None if result == "none" else _NUMBERS[result]
        wanted = [kind for each in types for kind in _parameters(each)]
        prototype = ctypes.CFUNCTYPE(ctypes.c_int32, _POINTER, _POINTER, *wanted)
        self._call = prototype(address)

    def __call__(self, *arguments: object) -> object:
        place, raised = (self._result or _SIZE)(), _POINTER()
        given = [part for argument in arguments for part in _parts(argument)]
        status = self._call(ctypes.addressof(place), ctypes.addressof(raised), *given)
        if status:
            raise RuntimeError(f"a compiled loop raised an error ({status})")
        return None if self._result is None else place.value


def _parameters(of: str) -> list[type]:
    name, bracket, axes = of.partition("[")
    if not bracket:
        return [_NUMBERS[name]]
    return [_POINTER, _POINTER, _SIZE, _SIZE, _POINTER, *[_SIZE] * (2 * int(axes.rstrip("]")))]


def _parts(argument: object) -> Sequence[object]:
    if isinstance(argument, np.ndarray):
        array = cast("Voxels", argument)
        layout = (array.size, array.itemsize, array.ctypes.data, *array.shape, *array.strides)
        return (None, None, *layout)
    return (argument.item() if isinstance(argument, np.generic) else argument,)


def kept(source: Path, name: str) -> MachineCode | None:
    """Return the machine code of that name; None if there is none, or it is not whole."""
    content = made_before.kept(source, f"{name}{_SUFFIX}")
    if content is None:
        return None
    symbol, result, code = content.split(b"\0", 2)
    return MachineCode(symbol.decode(), result.decode(), code)


def keep(source: Path, name: str, code: MachineCode) -> None:
    """Keep machine code for the next process."""
    content = b"\0".join([code.symbol.encode(), code.result.encode(), code.content])
    made_before.keep(source, f"{name}{_SUFFIX}", content)
