"""What a kernel costs does not depend on what else the machine does."""

import ast
import threading
from pathlib import Path
from time import thread_time

from voxlogica_core.engine.workers.arguments import THREADED
from voxlogica_core.engine.workers.stopwatch import Stopwatch
from voxlogica_core.primitives import catalogue as catalogue_module
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.preparing import PREPARATION

_PAUSE = 0.05
_WORK = 0.01


def _wait() -> None:
    threading.Event().wait(_PAUSE)


def _work() -> None:
    end = thread_time() + _WORK
    while thread_time() < end:
        pass


def test_work_of_the_thread_alone_is_what_it_did_and_not_what_it_waited() -> None:
    with Stopwatch() as watch:
        watch.start_alone()
        _wait()
        _work()
        assert watch.elapsed() >= _PAUSE + _WORK
        assert _WORK <= watch.cost() < _PAUSE


def test_work_together_counts_what_the_thread_waits_for_others() -> None:
    with Stopwatch() as watch:
        watch.start_together()
        _wait()
        assert watch.cost() >= 0.9 * _PAUSE


def test_machine_code_that_is_loaded_meanwhile_is_no_cost() -> None:
    with Stopwatch() as watch:
        watch.start_alone()
        tally = PREPARATION.get()
        assert tally is not None
        tally.begin()
        _work()
        tally.end()
        assert watch.cost() < _WORK
        watch.start_alone()
        _work()
        assert watch.cost() >= _WORK
    assert PREPARATION.get() is None


def test_kernels_of_simpleitk_have_threads_of_its_own_and_no_others_have() -> None:
    overloads = [o for p in read_catalogue().primitives.values() for o in p.overloads]
    ours = {o.module for o in overloads if "#" not in o.module}
    folder = Path(catalogue_module.__file__).parent
    threaded = {module for module in ours if _imports_simpleitk(folder, module)}
    assert threaded
    assert threaded == {module for module in ours if module.startswith(THREADED)}


def _imports_simpleitk(folder: Path, module: str) -> bool:
    below = module.removeprefix("voxlogica_core.primitives.").replace(".", "/")
    tree = ast.parse((folder / f"{below}.py").read_text())
    return any(
        isinstance(node, ast.Import) and any(name.name == "SimpleITK" for name in node.names)
        for node in ast.walk(tree)
    )
