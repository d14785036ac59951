"""A process that runs a program: ``python -m tests.support.engine_child STORE PROGRAM THREADS``.

It says ``ready``, waits for a line, runs, and tells as JSON what it computed and what came out.
"""

import json
import sys
from pathlib import Path

from tests.support.engines import catalogue, plan_of
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.outcome import Done
from voxlogica_core.store.sqlite import open_store


def main(folder: Path, program: Path, threads: int) -> None:
    """Run a program once."""
    plan = plan_of(program.read_text())
    store = open_store(folder)
    with Engine(store, catalogue(), threads=threads) as engine:
        print("ready", flush=True)  # noqa: T201
        sys.stdin.readline()
        run = engine.run(plan).wait()
    ways: dict[str, list[str]] = {"computed": [], "rematerialised": [], "reused": []}
    for node, outcome in run.outcomes.items():
        if isinstance(outcome, Done):
            ways[outcome.how].append(node)
    values = {str(result.label): result.value for result in run.results}
    store.close()
    print(json.dumps({**ways, "values": values, "seconds": run.seconds}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
