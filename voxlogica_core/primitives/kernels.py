"""From a declaration to the Python function behind it; the one place that imports kernels.

Any number of threads may ask at once: none is given a function of a module that another one is
still importing.
"""

import importlib
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from voxlogica_core.errors import UsageError
from voxlogica_core.plan.signature import Overload

Kernel = Callable[..., object]
_READY = "__voxlogica_ready__"
"""Name, in the module of a user's file, of the lock that is held while the file is executed."""


def kernel(overload: Overload) -> Kernel:
    """Return the function of `overload`, importing its module the first time.

    Parameters
    ----------
    overload
        What the catalogue says of the function; its module is a dotted name, or the path of a
        user's file with the digest of its content behind a ``#``.

    Raises
    ------
    UsageError
        The module, or the function in it, is not there.
    """
    module = _imported(overload.module)
    found = getattr(module, overload.function, None)
    if found is None:
        raise UsageError(
            f"{overload.module} has no function {overload.function}: "
            "it changed after the catalogue was read; read it again"
        )
    return found


def _imported(name: str) -> ModuleType:
    if "#" not in name:
        return importlib.import_module(name)  # waits while another thread imports it
    while True:
        module = sys.modules.get(name) or _executed(name)
        with module.__dict__[_READY]:
            if sys.modules.get(name) is module:
                return module


def _executed(name: str) -> ModuleType:
    """Execute a user's file, unless another thread was first; return its module."""
    path, _, digest = name.rpartition("#")
    try:
        source = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} should hold primitives, but {error.strerror}") from None
    if not sha256(source).hexdigest().startswith(digest):
        raise UsageError(f"{path} changed after its primitives were read; run again")
    module = ModuleType(name)
    module.__file__ = path
    module.__dict__[_READY] = threading.RLock()
    with module.__dict__[_READY]:
        if (first := sys.modules.setdefault(name, module)) is not module:
            return first
        try:
            # Not by Python's import: it knows compiled code by size and second of the last change.
            exec(compile(source, path, "exec"), module.__dict__)
        except BaseException:
            del sys.modules[name]
            raise
    return module
