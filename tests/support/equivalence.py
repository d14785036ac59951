"""One program run in many ways, and what all of them must give: the same bits."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from voxlogica_core.cli.programs import analysed
from voxlogica_core.engine.engine import Engine
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.values.written import json_able

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(
    file
    for file in (ROOT / "examples").rglob("*.imgql")
    if re.search("^(print|save) ", file.read_text(), re.MULTILINE)
)
"""Example programs that ask for something: the others are imported by them."""

Answer = Mapping[str, str]
"""What each goal gave: its outcome with its value, or the digest of the file it saved."""


@dataclass(frozen=True)
class Way:
    """How a program is run.

    Parameters
    ----------
    store
        A folder inside the test's; None: nothing is kept.
    memory
        Budget in bytes.
    """

    store: str | None = None
    threads: int = 2
    memory: int | None = None
    is_reversed: bool = False
    scheduler: str | None = None


def answer(program: Path, folder: Path, way: Way) -> Answer:
    """Run a program in this process."""
    catalogue = catalogue_for(program.parent)
    store = open_store(folder / way.store if way.store else None)
    output = folder / "output"
    try:
        plan = analysed(str(program), catalogue).plan
        goals = plan.goals[::-1] if way.is_reversed else plan.goals
        with Engine(
            store, catalogue, threads=way.threads, memory=way.memory, scheduler=way.scheduler
        ) as engine:
            results = engine.run(plan, goals=goals, folder=output).wait().results
    finally:
        store.close()
    found: dict[str, str] = {}
    for result in results:
        value = json_able(result.value)
        if result.kind == "save" and result.outcome == "done":
            value = sha256(Path(str(result.value)).read_bytes()).hexdigest()
        key = f"{result.kind} {result.label}"
        found[key] = f"{result.outcome} {json.dumps(value)} {result.node}"
    return dict(sorted(found.items()))


def killed_and_resumed(program: Path, folder: Path, chance: Random) -> Answer:
    """Run a program in a process that is killed half-way, then once more on the same store."""
    store = f"killed {chance.random()}"
    options = ["--store", str(folder / store), "--output-dir", str(folder / "output"), "--quiet"]
    command = [sys.executable, "-m", "voxlogica_core", "run", str(program), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(chance.uniform(0.3, 4.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
    return answer(program, folder, Way(store))


def ways(
    program: Path, folder: Path, chance: Random, scheduler: str | None = None
) -> Mapping[str, Callable[[], Answer]]:
    """Return all ways to run a program; those on one store in this order."""
    kept = f"store {chance.random()}"

    def run(way: Way) -> Callable[[], Answer]:
        return lambda: answer(program, folder, way)

    found = {
        "no cache, one thread": run(Way(threads=1)),
        "no cache, three threads": run(Way(threads=3)),
        "little memory": run(Way(memory=2**26)),
        "cold": run(Way(kept)),
        "warm": run(Way(kept)),
        "warm, goals reversed": run(Way(kept, is_reversed=True)),
        "goals reversed": run(Way(f"{kept} reversed", is_reversed=True, threads=1)),
        "killed and resumed": lambda: killed_and_resumed(program, folder, chance),
    }
    if scheduler is not None:
        found["two workers"] = run(Way(f"{kept} workers", scheduler=scheduler))
    return found


def rounds(count: int, folder: Path, chance: Random, scheduler: str | None = None) -> str:
    """Run every example in every way, again and again; return what was compared.

    Raises
    ------
    AssertionError
        A way gave something else than the first one; the files of both are kept.
    """
    compared = 0
    for number in range(count):
        for program in EXAMPLES:
            place = folder / f"{number} {program.stem}"
            (place / "output").mkdir(parents=True)
            expected: Answer | None = None
            for name, run in ways(program, place, chance, scheduler).items():
                found = run()
                if expected is None:
                    expected = found
                    shutil.copytree(place / "output", place / "expected")
                if found != expected:
                    _keep(place)
                assert found == expected, f"{program.name}, {name}: {found} is not {expected}"
                compared += 1
            shutil.rmtree(place, ignore_errors=True)
    return f"{compared} runs of {len(EXAMPLES)} examples, all the same bits"


def _keep(place: Path) -> None:
    """Copy what was saved by a way that deviates, and by the first one, to where it stays."""
    for name in ("expected", "output"):
        target = ROOT / "output" / "deviations" / place.name / name
        shutil.copytree(place / name, target, dirs_exist_ok=True)
