"""An editor that runs a program and waits to be killed: ``python -m tests.support.editor``.

Arguments: a folder for store and log, and the text of the program. It says ``running`` when the
program runs.
"""

import sys
from pathlib import Path

from tests.support.wire import Wire


def main(folder: Path, program: str) -> None:
    """Run a program in a language server, and wait for ever."""
    with Wire(folder) as wire:
        begin_run(wire, program)
        print("running", flush=True)  # noqa: T201
        wire.until(lambda m: False)


def begin_run(wire: Wire, program: str) -> None:
    """Begin a session and a run of a program; return when some node of it runs."""
    wire.initialize()
    params = {"command": "imgql.server.run", "arguments": [wire.open(program)]}
    wire.begin("workspace/executeCommand", {**params, "workDoneToken": "t"})
    wire.until(lambda m: "nodes" in str(m.get("params", {}).get("value")))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
