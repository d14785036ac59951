"""Random programs held against plain numpy, bit by bit: new, known, and edited."""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.support.engines import catalogue, plan_of
from tests.support.phantoms import image
from tests.support.random_programs import RandomProgram, Scribe
from voxlogica_core.engine.engine import Engine
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore, Store
from voxlogica_core.values.image import Image

_SPACING = (0.875, 0.75, 1.25)
_SHAPE = (3, 5, 4)
_STATEMENTS = 8
_WITH_STORE = 4  # every fourth program is run anew, known and edited, on a store in a folder


class Trial:
    """A folder with two images of whole numbers, for programs made from one seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._seed = folder, seed
        chance = np.random.default_rng(7)
        self._voxels: Mapping[str, Any] = {
            name: chance.integers(0, 6, _SHAPE).astype(np.float32) for name in ("a", "b")
        }
        for name, values in self._voxels.items():
            write_image(image(values, _SPACING), str(folder / f"{name}.nii.gz"))

    def hold(self, number: int) -> int:
        """Run a program; return how many of its values were compared, all equal.

        Raises
        ------
        AssertionError
            One is not what numpy gives; with the seed, the number and the text.
        """
        chance = Random(f"{self._seed}/{number}")
        program = Scribe(chance, _SPACING[::-1]).program(list(self._voxels), _STATEMENTS)
        where = f"seed {self._seed}, program {number}"
        compared = self._compare(program, program.literals, MemoryStore(), where)
        if number % _WITH_STORE or not program.literals:
            return compared
        edited = list(program.literals)
        edited[chance.randrange(len(edited))] = 2.5
        with TemporaryDirectory() as kept:
            store = open_store(Path(kept))
            for literals in (program.literals, program.literals, tuple(edited)):
                compared += self._compare(program, literals, store, f"{where}, with a store")
            store.close()
        return compared

    def _compare(
        self, program: RandomProgram, literals: tuple[float, ...], store: Store, where: str
    ) -> int:
        text = program.text(literals)
        plan = plan_of(text, self._folder)
        expected = program.values(self._voxels, literals)
        targets = {name: plan.declarations[name] for name in expected}
        with Engine(store, catalogue(), threads=2) as engine:
            run = engine.run(plan, targets=list(targets.values())).wait()
            for name, node in targets.items():
                found = run.value(node)
                got = found.voxels if isinstance(found, Image) else found
                message = f"{where}: {name} of\n{text}"
                np.testing.assert_array_equal(
                    np.asarray(got), np.asarray(expected[name]), err_msg=message
                )
        return len(targets)
