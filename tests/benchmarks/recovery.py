"""What a deleted token spoils, over all examples and 2,000 programs that are made up.

Examples lose each of their tokens once, the other programs three of theirs each.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.support.deletions import MOST_COMPLAINTS, Deletion, Patient
from tests.support.making import made_up
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue

_ROOT = Path(__file__).parents[2]
_PROGRAMS = 2_000
_DELETIONS = 3


def main(programs: int = _PROGRAMS) -> dict[str, dict[str, float]]:
    """Print and return the figures."""
    seed = Random().randrange(10**6)
    print(f"seed {seed}")
    header = f"{'programs':<10} {'deletions':>10} {'at most two errors':>19} {'the rest stays':>15}"
    print(header)
    figures = {"examples": _figures("examples", _examples())}
    figures["made up"] = _figures("made up", _made_up(seed, programs))
    return figures


def _examples() -> Iterator[Deletion]:
    world = FileSystem(str(_ROOT / "examples"))
    for path in sorted((_ROOT / "examples").glob("*.imgql")):
        patient = Patient(path.read_text("utf-8"), str(path), read_catalogue(), world)
        yield from map(patient.without, patient.tokens)


def _made_up(seed: int, programs: int) -> Iterator[Deletion]:
    random, catalogue, world = Random(seed), read_catalogue(), FileSystem(".")
    for _ in range(programs):
        text = "\n".join(made_up(random.randrange(10**9), statements=20))
        patient = Patient(text, None, catalogue, world)
        yield from map(patient.without, random.sample(patient.tokens, _DELETIONS))


def _figures(title: str, deletions: Iterator[Deletion]) -> dict[str, float]:
    begin = time.perf_counter()
    every = list(deletions)
    few = sum(each.complaints <= MOST_COMPLAINTS for each in every) / len(every)
    contained = sum(each.is_contained for each in every) / len(every)
    print(
        f"{title:<10} {len(every):>10,} {few:>19.2%} {contained:>15.2%}"
        f"   ({time.perf_counter() - begin:.0f} s)",
        flush=True,
    )
    return {"deletions": len(every), "at most two errors": few, "the rest stays": contained}


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
