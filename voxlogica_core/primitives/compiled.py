"""Loops compiled to machine code: without the interpreter's lock, and kept between processes."""

import sys
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType
from typing import Generic, ParamSpec, TypeVar, cast

import numpy as np

from voxlogica_core.primitives.machine_code import Machine, MachineCode, keep, kept, type_of
from voxlogica_core.primitives.preparing import PREPARATION
from voxlogica_core.values.image import Voxels

Given = ParamSpec("Given")
Result = TypeVar("Result")

_FORM = "2"
"""Of machine code and how it is called; another one when that changes."""


class Compiled(Generic[Given, Result]):
    """A loop as machine code, made for the types it is given; see `compiled`."""

    def __init__(self, function: Callable[Given, Result]) -> None:
        assert isinstance(function, FunctionType)
        self.function = function
        self.__name__, self.__doc__ = function.__name__, function.__doc__
        self.ready: dict[tuple[str, ...], Callable[..., object]] = {}

    def __call__(self, *arguments: Given.args, **named: Given.kwargs) -> Result:
        """Call the machine code; load or make it first."""
        assert not named
        types = tuple([type_of(argument) for argument in arguments])
        found = self.ready.get(types)
        if found is None:
            tally = PREPARATION.get()
            if tally is not None:
                tally.begin()
            try:
                found = self.ready[types] = self._prepared(types)
            finally:
                if tally is not None:
                    tally.end()
        return cast("Result", found(*arguments))

    def calls(self) -> dict[str, "Compiled[..., object]"]:
        """Return the loops that this one calls, and those they call, by their names there."""
        found: dict[str, Compiled[..., object]] = {}
        for name in self.function.__code__.co_names:
            other = self.function.__globals__.get(name)
            if isinstance(other, Compiled):
                found |= {name: other, **other.calls()}
        return found

    def _prepared(self, types: tuple[str, ...]) -> Callable[..., object]:
        machine = Machine()
        source = Path(self.function.__code__.co_filename)
        name = self._file_name(machine, types)
        code = kept(source, name) if name else None
        if code is None:
            code = self._made(machine, types)
            if code is None:
                return self._plain()
            if name:
                keep(source, name, code)
        return machine.load(code, types)

    def _made(self, machine: Machine, types: tuple[str, ...]) -> MachineCode | None:
        # 0.25 s to import numba, needed on a machine's first run only
        from voxlogica_core.primitives.compiling import machine_code  # noqa: PLC0415

        return machine_code(machine, self.function, self._functions(), types)

    def _plain(self) -> Callable[..., object]:
        # 0.25 s to import numba, needed where machine code alone cannot do it
        from voxlogica_core.primitives.compiling import plain  # noqa: PLC0415

        return plain(self.function, self._functions())

    def _functions(self) -> dict[str, FunctionType]:
        return {name: other.function for name, other in self.calls().items()}

    def _file_name(self, machine: Machine, types: tuple[str, ...]) -> str | None:
        """Return a name for the file of all that the machine code depends on; None without one."""
        numba = find_spec("numba")
        files = {self.function.__code__.co_filename, __file__}
        files |= {other.function.__code__.co_filename for other in self.calls().values()}
        versions = Path(cast("str", numba and numba.origin)).with_name("_version.py")
        digest = sha256(repr((_FORM, sys.version, machine.identity, types)).encode())
        try:
            for file in sorted(files):
                digest.update(sha256(Path(file).read_bytes()).digest())
            digest.update(versions.read_bytes())
        except OSError:
            return None
        return f"{self.function.__module__}.{self.__name__}-{digest.hexdigest()[:32]}"


def compiled(function: Callable[Given, Result]) -> Compiled[Given, Result]:
    """Compile `function` at its first call for the types it is given: arrays and numbers.

    It makes no arrays and raises nothing: who calls it gives it all memory it needs. The machine
    code is kept beside the source, or in the user's cache folder where that cannot be written.
    """
    return Compiled(function)


def frozen(voxels: Voxels) -> Voxels:
    """Return an array as compiled code takes it: contiguous, aligned; and read-only."""
    view = np.require(voxels, requirements=["C", "A"]).view()
    view.flags.writeable = False
    return view
