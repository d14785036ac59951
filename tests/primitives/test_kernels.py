"""Kernels are imported once, whole, whoever asks and however many ask at once."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Barrier

from voxlogica_core.plan.signature import Overload
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.values.kind import NUMBER

SLOW = """
import time
from pathlib import Path
time.sleep(0.05)
with Path(__file__).with_name("log").open("a") as log:
    log.write("executed ")
time.sleep(0.05)
if Path(__file__).with_name("broken").exists():
    raise ValueError("broken")
def late(a):
    return a
"""


def named(file: Path) -> str:
    """Return the module of a user's file, as the catalogue calls it."""
    return f"{file}#{sha256(file.read_bytes()).hexdigest()[:12]}"


def asked_at_once(ask: Callable[[], object], times: int = 8) -> list[object]:
    """Return what each of several threads was answered, or the exception it met."""
    start = Barrier(times)

    def asked() -> object:
        start.wait()
        try:
            return ask()
        except ValueError as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        waiting = [threads.submit(asked) for _ in range(times)]
        return [each.result() for each in waiting]


def test_threads_that_ask_at_once_get_one_function_of_a_users_file(tmp_path: Path) -> None:
    file = tmp_path / "slow.py"
    file.write_text(SLOW)
    late = Overload((), NUMBER, named(file), "late")
    found = asked_at_once(lambda: kernel(late))
    assert len({id(function) for function in found}) == 1
    assert callable(found[0])
    assert (tmp_path / "log").read_text() == "executed "


def test_a_file_that_fails_is_tried_again_by_whoever_waited(tmp_path: Path) -> None:
    file = tmp_path / "slow.py"
    file.write_text(SLOW)
    (tmp_path / "broken").write_text("")
    late = Overload((), NUMBER, named(file), "late")
    assert {str(answer) for answer in asked_at_once(lambda: kernel(late), 3)} == {"broken"}
    assert named(file) not in sys.modules
    (tmp_path / "broken").unlink()
    assert kernel(late)(3) == 3


def test_a_users_file_may_hold_a_dataclass(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(
        "from __future__ import annotations\n"
        "import dataclasses\n"
        "@dataclasses.dataclass\n"
        "class Pair:\n"
        "    a: dataclasses.InitVar[int]\n"
        "def twice(a):\n"
        "    return 2 * a\n"
    )
    assert kernel(Overload((), NUMBER, named(file), "twice"))(3) == 6


def test_threads_that_ask_at_once_get_functions_of_the_shipped_modules() -> None:
    program = """
import threading
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
overloads = [o for p in read_catalogue().at_hand() for o in p.overloads if not o.folds]
start, found = threading.Barrier(4), []
def ask(order):
    start.wait()
    found.append({id(kernel(o)) for o in order})
orders = [overloads[i:] + overloads[:i] for i in (0, 20, 40, 60)]
threads = [threading.Thread(target=ask, args=(order,)) for order in orders]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), len(set(map(frozenset, found))))
"""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("4 1\n", "")
