"""``voxlogica demo``: one example, run cold, run again, run edited; shows what was remembered."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.examples import examples_folder
from voxlogica_core.errors import EngineError

_PROGRAM = "brain.imgql"
_EDIT = "whiteFrom=0.64"


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of the example as a whole process."""

    goals: list[dict[str, object]]
    nodes: dict[str, int]
    seconds: float
    megabytes: float


@click.command(
    "demo",
    epilog=options.examples(
        "voxlogica demo",
        "voxlogica demo --output-dir pictures",
    ),
)
@click.option(
    "--output-dir",
    metavar="DIR",
    default="output/demo",
    help="Where images are saved [output/demo].",
)
@click.option(
    "--store",
    metavar="DIR",
    help="Keep what is known here [a fresh folder, removed at the end].",
)
def command(output_dir: str, store: str | None) -> int:
    """Run the example on a real brain twice, then with one threshold changed."""
    program = examples_folder() / _PROGRAM
    with TemporaryDirectory(prefix="voxlogica-demo-") as fresh:
        options = ["--store", store or fresh, "--output-dir", output_dir]
        first = _trial("The first run computes what the goals need.", program, options)
        second = _trial("The same again: everything is known.", program, options)
        edited = _trial(
            "One late threshold changed: only what depends on it is computed.",
            program,
            [*options, "--set", _EDIT],
        )
    if second.nodes["computed"] or second.nodes["rematerialised"]:
        click.echo("The second run computed something: that is a fault of VoxLogicA.", err=True)
        return exits.FAILED
    spared = first.nodes["computed"] - edited.nodes["computed"] - edited.nodes["rematerialised"]
    click.echo(f"The second run computed nothing; the third was spared {spared} nodes.")
    click.echo(f"The program is {program}; images are in {output_dir}.")
    return exits.DONE


def _trial(title: str, program: Path, options: list[str]) -> Trial:
    click.echo(click.style(title, bold=True))
    shown = [option for option in options[4:] if option]
    click.echo(f"$ voxlogica run {' '.join([program.name, *shown])}")
    trial = _measured(
        [sys.executable, "-m", "voxlogica_core", "run", str(program), "--json", *options]
    )
    for goal in trial.goals:
        value = goal["value"]
        number = f"{value:.4f}" if isinstance(value, float) else value
        click.echo(f"  {goal['label']} = {number}")
    nodes = trial.nodes
    click.echo(
        f"  nodes: {nodes['computed']} computed, {nodes['rematerialised']} made again, "
        f"{nodes['reused']} reused; {trial.seconds:.2f} s, {trial.megabytes:.0f} MB at most\n"
    )
    return trial


def _measured(arguments: list[str]) -> Trial:
    begin = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != exits.DONE:
        raise EngineError(f"the example ended with exit code {process.returncode}")
    found = json.loads(output)
    return Trial(
        found["goals"], found["nodes"], time.perf_counter() - begin, usage.ru_maxrss / 1024
    )
