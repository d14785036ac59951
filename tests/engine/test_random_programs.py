"""Random programs give what plain numpy gives; `make torture` holds thousands against it."""

from pathlib import Path
from random import randrange

from tests.support.beside_numpy import Trial

_PROGRAMS = 30


def test_random_programs_give_what_numpy_gives(tmp_path: Path) -> None:
    seed = randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    trial = Trial(tmp_path, seed)
    assert sum(trial.hold(number) for number in range(_PROGRAMS)) > _PROGRAMS
