"""``voxlogica version``: what computed a number, for the methods section of a paper."""

import json
import platform
from importlib.metadata import version

import click

from voxlogica_core.cli import options
from voxlogica_core.plan.digest import ENCODING

_LIBRARIES = ("SimpleITK", "numpy", "numba", "scipy", "dask", "distributed", "lark", "pygls")


@click.command(
    "version",
    epilog=options.examples(
        "voxlogica version",
        "voxlogica version --json",
    ),
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(*, as_json: bool) -> None:
    """Show the versions of VoxLogicA and of what it computes with."""
    found = {
        "voxlogica": version("voxlogica"),
        "node encoding": ENCODING,
        "python": platform.python_version(),
        **{library: version(library) for library in _LIBRARIES},
    }
    if as_json:
        click.echo(json.dumps({"version": 1, "versions": found}))
        return
    for name, number in found.items():
        click.echo(f"{name:<14} {number}")
