"""``voxlogica plan``: the graph a program means, as a table, JSON or DOT; runs nothing."""

import json
from collections.abc import Sequence

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.programs import analysed
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.plan.export import NodeObject, plan_dot, plan_object
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.syntax.lexis import Dialect


@click.command("plan")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--dot", "as_dot", is_flag=True, help="Print a graph for Graphviz.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a constant.")
@options.dialect
def command(
    file: str,
    settings: tuple[str, ...],
    dialect: Dialect | None,
    *,
    as_json: bool,
    as_dot: bool,
) -> int:
    """Show what a program means: nodes in dependency order, goals and declarations."""
    analysis = analysed(file, read_catalogue(), settings, dialect=dialect)
    show_diagnostics(analysis)
    if analysis.errors:
        return exits.ERRORS
    if as_json:
        click.echo(json.dumps(plan_object(analysis.plan)))
    elif as_dot:
        click.echo(plan_dot(analysis.plan))
    else:
        _table(plan_object(analysis.plan)["nodes"])
    return exits.DONE


def _table(nodes: Sequence[NodeObject]) -> None:
    numbers = {node["id"]: index for index, node in enumerate(nodes)}
    for number, node in enumerate(nodes):
        inputs = " ".join(str(numbers[given]) for given in node["inputs"])
        value = f" {node['value']!r}" if "value" in node else ""
        title = f"{node['primitive']}{value} {inputs}"
        click.echo(f"{number:>5}  {node['id'][:12]}  {title}  : {node['type']}")
