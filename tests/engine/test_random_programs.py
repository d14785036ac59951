"""Random programs give what plain numpy gives, bit by bit: new, known, and edited."""

from collections.abc import Mapping
from pathlib import Path
from random import Random, randrange
from typing import Any

import numpy as np
import pytest

from tests.support.engines import catalogue, plan_of
from tests.support.phantoms import image
from tests.support.random_programs import RandomProgram, Scribe
from voxlogica_core.engine.engine import Engine
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore, Store
from voxlogica_core.values.image import Image

_PROGRAMS = 30
_SPACING = (0.875, 0.75, 1.25)
_SHAPE = (3, 5, 4)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Any]]:
    """Write two images of whole numbers and return their folder and voxels."""
    folder = tmp_path_factory.mktemp("images")
    chance = np.random.default_rng(7)
    voxels = {name: chance.integers(0, 6, _SHAPE).astype(np.float32) for name in ("a", "b")}
    for name, values in voxels.items():
        write_image(image(values, _SPACING), str(folder / f"{name}.nii.gz"))
    return folder, voxels


def _assert_right(
    program: RandomProgram,
    literals: tuple[float, ...],
    images: tuple[Path, Mapping[str, Any]],
    store: Store,
    where: str,
) -> None:
    folder, voxels = images
    text = program.text(literals)
    plan = plan_of(text, folder)
    expected = program.values(voxels, literals)
    targets = {name: plan.declarations[name] for name in expected}
    with Engine(store, catalogue(), threads=2) as engine:
        run = engine.run(plan, targets=list(targets.values())).wait()
        for name, node in targets.items():
            found = run.value(node)
            got = found.voxels if isinstance(found, Image) else found
            np.testing.assert_array_equal(
                np.asarray(got), np.asarray(expected[name]), err_msg=f"{where}: {name} of\n{text}"
            )


def test_random_programs_give_what_numpy_gives(
    images: tuple[Path, Mapping[str, Any]], tmp_path: Path
) -> None:
    seed = randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    for number in range(_PROGRAMS):
        chance = Random(f"{seed}/{number}")
        program = Scribe(chance, _SPACING[::-1]).program(list(images[1]), 8)
        where = f"seed {seed}, program {number}"
        _assert_right(program, program.literals, images, MemoryStore(), where)
        if not number % 4 and program.literals:
            store = open_store(tmp_path / str(number))
            edited = list(program.literals)
            edited[chance.randrange(len(edited))] = 2.5
            for literals in (program.literals, program.literals, tuple(edited)):
                _assert_right(program, literals, images, store, f"{where}, with a store")
            store.close()
