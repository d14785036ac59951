"""``make torture``: processes killed, payloads damaged, the language server flooded for long.

A store-writing process is killed 1,000 times, a whole program 100 times; after each kill the
database is whole, nothing that was recorded is lost, no value is wrong. Every example is run 20
times in every way, from one thread to two workers, and gives the same bits. The status of
everything is told truly after 100,000 random edits, runs, crashes and deletions. 100,000 hostile
messages go to the language server, and a long day is replayed. 2,000 random programs are held
against plain numpy. It is no benchmark, so `make bench` leaves it out; the first thing wrong ends
it with exit code 1.

The counts can be given, in this order; the seed is printed, and ``--seed`` repeats a campaign:
``python -m tests.benchmarks.torture --seed 42 0 0 0 0 0 5000`` writes 5,000 programs at random.
"""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import SimpleITK

from tests.benchmarks.server_memory import MOST, replay
from tests.support import equivalence
from tests.support.beside_numpy import Trial
from tests.support.clusters import ClusterOfTests
from tests.support.flooding import flooded
from tests.support.killing import (
    PROGRAM,
    ROOT,
    Pipeline,
    Wrong,
    check_kept,
    check_written,
    killed_writer,
    random_instants,
    values_in,
)
from tests.support.standing import desk
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.locations import Layout

_ROUNDS_A_STORE = 100
_STEPS_A_DESK = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each thing is done."""

    writers: int = 1000
    programs: int = 100
    rounds: int = 20
    steps: int = 100_000
    messages: int = 100_000
    random_programs: int = 2000


def torture(counts: Counts, seed: int) -> None:
    """Do things as often as told, and tell what was found."""
    chance = Random(seed)
    print(f"seed {seed}")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _timed("store-writing processes", counts.writers, lambda n: _writers(folder, n, chance))
        _timed("whole programs", counts.programs, lambda n: _programs(folder, n, chance))
        _timed("damages to payloads", 4 * bool(counts.programs), lambda _: _damages(folder, chance))
        _timed("rounds of the examples", counts.rounds, lambda n: _in_all_ways(folder, n, chance))
    _timed("random programs", counts.random_programs, lambda n: _at_random(n, seed))
    _timed("messages to the server", counts.messages, lambda n: _flood(n, chance))
    _timed("edits replayed", counts.messages // 2, lambda n: _day(2 * n))
    _timed("steps at the desk", counts.steps, lambda n: _steps(n, chance))


def _in_all_ways(folder: Path, rounds: int, chance: Random) -> str:
    cluster = ClusterOfTests(folder)
    try:
        cluster.start(workers=2)
        return equivalence.rounds(rounds, folder, chance, cluster.address)
    finally:
        cluster.end()


def _at_random(count: int, seed: int) -> str:
    with TemporaryDirectory() as temporary:
        trial = Trial(Path(temporary), seed)
        compared = sum(trial.hold(number) for number in range(count))
    return f"written at random; {compared:,} values, each what numpy gives, bit by bit"


def _timed(what: str, count: int, work: Callable[[int], str]) -> None:
    if not count:
        return
    begin = time.monotonic()
    found = work(count)
    print(f"  {count:>5} {what:<24} {found}; {time.monotonic() - begin:.0f} s", flush=True)


def _writers(folder: Path, rounds: int, chance: Random) -> str:
    start = recorded = 0
    store = folder / "written"
    told: list[int] = []
    for number in range(rounds):
        if number % _ROUNDS_A_STORE == 0:
            shutil.rmtree(store, ignore_errors=True)
            told = []
        fresh = killed_writer(store, start, chance.uniform(0.01, 0.2))
        check_written(store, fresh)
        told += fresh
        recorded += len(fresh)
        start += 10_000
        if number % _ROUNDS_A_STORE == _ROUNDS_A_STORE - 1:
            check_written(store, told)
    return f"killed; {2 * recorded:,} nodes were recorded, none lost, none wrong"


def _programs(folder: Path, rounds: int, chance: Random) -> str:
    pipeline = _pipeline(folder)
    goals, _ = pipeline.outcome("right")
    _, seconds = pipeline.outcome("timed")
    right = values_in(folder / "right")
    known: dict[NodeId, str] = {}
    killed = ended = completed = 0
    while killed < rounds:
        is_over = pipeline.killed("store", seconds * chance.uniform(0.2, 1.0))
        killed += not is_over
        ended += is_over
        seconds *= 0.9 if is_over else 1.02  # so that most kills come while it runs
        known = check_kept(folder / "store", right, known)
        if is_over or chance.random() < 0.2:
            completed += 1
            if pipeline.outcome("store")[0] != goals:
                raise Wrong("the program came out otherwise than without kills")
            shutil.rmtree(folder / "store")
            known = {}
    return (
        f"killed ({ended} more had ended before); no node lost, none wrong; "
        f"{completed} completed afterwards, all with the same values"
    )


def _damages(folder: Path, chance: Random) -> str:
    pipeline = Pipeline(folder, folder / "program.imgql")
    goals, _ = pipeline.outcome("right")
    damages: Sequence[Callable[[list[Path]], None]] = (_cut, _zero, _swap, _delete)
    count = 0
    for damage in damages:
        files = [path for path in Layout(folder / "right").payloads.glob("??/*") if path.is_file()]
        chance.shuffle(files)
        damage(files)
        count += len(files)
        if pipeline.outcome("right")[0] != goals:
            raise Wrong(f"{damage.__name__}: the program came out otherwise")
    return f"(cut, zeroed, swapped, deleted; {count} files): all came out the same"


def _steps(count: int, chance: Random) -> str:
    """Do things at random; after each, the words for everything must be true."""
    told: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for first in range(0, count, _STEPS_A_DESK):
        found = desk(chance.randrange(1 << 30))
        for _ in range(min(_STEPS_A_DESK, count - first)):
            found.step()
            try:
                found.check()
            except AssertionError as problem:
                raise Wrong(f"a status is not true: {problem}") from problem
        told += found.told
        done += found.done
    words = ", ".join(f"{n:,} {word}" for word, n in told.most_common())
    deeds = ", ".join(f"{n:,} {deed}" for deed, n in done.most_common())
    return f"no word wrong of {words} ({deeds})"


def _flood(messages: int, chance: Random) -> str:
    seed = chance.randrange(2**32)
    with TemporaryDirectory() as temporary:
        found = flooded(Path(temporary), messages, seed, "utf-16")
    if found.wrong:
        raise Wrong(f"flooded(folder, {messages}, {seed}, 'utf-16'): {found}")
    return f"{found.answered:,} answers, each once; every text as the oracle has it"


def _day(messages: int) -> str:
    found = replay(edits=messages // 2, hovers=messages // 20, runs=messages // 200)
    if found.most > MOST:
        raise Wrong(f"the language server took {found.most} MB, {MOST:.0f} are the most it may")
    return f"at most {found.most} MB"


def _pipeline(folder: Path) -> Pipeline:
    program = folder / "program.imgql"
    program.write_text(PROGRAM)
    brain = SimpleITK.ReadImage(str(ROOT / "examples" / "data" / "mni152_gm_1mm.nii.gz"))
    SimpleITK.WriteImage(brain[40:120, 60:140, 40:120], str(folder / "image.nii.gz"))
    return Pipeline(folder, program)


def _cut(files: list[Path]) -> None:
    for path in files:
        os.truncate(path, path.stat().st_size // 2)


def _zero(files: list[Path]) -> None:
    for path in files:
        path.write_bytes(bytes(path.stat().st_size))


def _swap(files: list[Path]) -> None:
    for one, other in zip(files[::2], files[1::2], strict=False):
        content = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(content)


def _delete(files: list[Path]) -> None:
    for path in files:
        path.unlink()


if __name__ == "__main__":
    words = sys.argv[1:]
    chosen = int(words[1]) if words[:1] == ["--seed"] else random_instants()[0]
    given = [int(word) for word in words[2 if words[:1] == ["--seed"] else 0 :]]
    torture(Counts(*given), chosen)
