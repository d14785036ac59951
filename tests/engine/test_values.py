"""Values of nodes that somebody asked for by themselves: each can be had once the run is over."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.engines import catalogue, plan_of
from tests.support.phantoms import image
from voxlogica_core.engine.engine import Engine
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.record import Value
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.values.image import Image

_VOXELS = np.arange(60, dtype=np.float32).reshape(3, 5, 4)

_PROGRAM = """
load a = "a.nii.gz"
let two     = volume(a > 57)
let loaded  = a
let doubled = a * 2
let list    = [a, doubled]
let loop    = for i in [1, 2, two] do a * i
let item    = loop[two - 1]
let chosen  = ifN(two > 3, doubled, a)
let nested  = ifN(two > 1, ifN(volume(doubled > 115) > two, a, doubled), a)
let numbers = for i in range(0, two) do i + two
"""

_WANTED = {
    "loaded": _VOXELS,
    "doubled": _VOXELS * 2,
    "list": [_VOXELS, _VOXELS * 2],
    "loop": [_VOXELS, _VOXELS * 2, _VOXELS * 2],
    "item": _VOXELS * 2,
    "chosen": _VOXELS,
    "nested": _VOXELS * 2,
    "numbers": [2.0, 3.0],
}


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.voxels if isinstance(value, Image) else value


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("name", _WANTED)
def test_a_value_that_was_asked_for_is_given(tmp_path: Path, name: str, *, lasting: bool) -> None:
    write_image(image(_VOXELS), str(tmp_path / "a.nii.gz"))
    plan = plan_of(_PROGRAM, tmp_path)
    node = plan.declarations[name]
    store = open_store(tmp_path / "store" if lasting else None)
    for _ in range(2):  # computed, then known
        with Engine(store, catalogue(), threads=2) as engine:
            run = engine.run(plan, goals=(), targets=[node]).wait()
            np.testing.assert_array_equal(_plain(run.value(name)), _WANTED[name])  # type: ignore[arg-type]
    store.close()


def test_all_values_at_once_are_given(tmp_path: Path) -> None:
    write_image(image(_VOXELS), str(tmp_path / "a.nii.gz"))
    plan = plan_of(_PROGRAM, tmp_path)
    targets = [plan.declarations[name] for name in _WANTED]
    with Engine(open_store(None), catalogue(), threads=2) as engine:
        run = engine.run(plan, goals=(), targets=targets).wait()
        for name, wanted in _WANTED.items():
            np.testing.assert_array_equal(_plain(run.value(name)), wanted)  # type: ignore[arg-type]
