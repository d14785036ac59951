"""``voxlogica plan``: the graph a program means, as a table, JSON or DOT; runs nothing."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.cli.configured import Configured
from voxlogica_core.cli.programs import analysed
from voxlogica_core.cli.show import show_diagnostics
from voxlogica_core.cli.tables import print_pairs, print_table
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.estimate import estimate
from voxlogica_core.ide.status.foresight import Inside
from voxlogica_core.ide.status.status import Status, statuses
from voxlogica_core.plan.export import NodeObject, PlanObject, plan_dot, plan_object
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.store.past import Past
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.syntax.lexis import Dialect


@click.command(
    "plan",
    cls=Configured,
    epilog=options.examples(
        "voxlogica plan brain.imgql",
        "voxlogica plan brain.imgql --cost",
        "voxlogica plan brain.imgql --schedule",
        "voxlogica plan brain.imgql --dot | dot -Tsvg > brain.svg",
    ),
)
@options.program
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--dot", "as_dot", is_flag=True, help="Print a graph for Graphviz.")
@click.option("--schedule", is_flag=True, help="Show the tasks that a run would begin with now.")
@click.option("--cost", is_flag=True, help="Say what a run would compute, and how long it takes.")
@click.option(
    "--threads", type=options.Count(), metavar="N", help="For --schedule [number of cores]."
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a constant.")
@options.store
@options.dialect
def command(
    file: str,
    settings: tuple[str, ...],
    store: str | None,
    threads: int | None,
    dialect: Dialect | None,
    *,
    as_json: bool,
    as_dot: bool,
    schedule: bool,
    cost: bool,
) -> int:
    """Show what a program means: nodes in dependency order, goals and declarations.

    With --schedule, show what a run would begin with, given what is known by now: its tasks, how
    long they are expected to take, and which of them wait for which. With --cost, say how many
    nodes it would compute and reuse, and how long that takes by what is remembered.
    """
    if as_json and as_dot:
        raise UsageError("one of --json and --dot is wanted, both came")
    catalogue = catalogue_for(Path(file).parent)
    analysis = analysed(file, catalogue, settings, dialect=dialect)
    show_diagnostics(analysis)
    if analysis.errors:
        return exits.ERRORS
    plan, folder = analysis.plan, options.store_folder(store)
    if cost:
        _print_cost(analysis, catalogue, folder, as_json=as_json)
    elif schedule:
        # 0.15 s to import the engine and numpy, which only schedules need here
        from voxlogica_core.cli import schedules  # noqa: PLC0415

        tasks = schedules.tasks_of(plan, catalogue, folder, threads)
        if as_json:
            whole = plan_object(plan, _statuses(plan, catalogue, folder))
            click.echo(json.dumps({**whole, "schedule": schedules.objects_of(tasks)}))
        elif as_dot:
            click.echo(schedules.dot_of(plan, tasks))
        else:
            schedules.print_schedule(plan, tasks)
    elif as_dot:
        click.echo(plan_dot(plan))
    elif as_json:
        click.echo(json.dumps(plan_object(plan, _statuses(plan, catalogue, folder))))
    else:
        _print_plan(plan_object(plan, _statuses(plan, catalogue, folder)))
    return exits.DONE


def _print_cost(analysis: Analysis, catalogue: Catalogue, folder: Path, *, as_json: bool) -> None:
    reader = StoreReader(folder)
    try:
        past = Past(reader)
        runs, rates = past.runs(analysis.source.path or ""), past.rates()
        price = estimate(analysis, reader, catalogue, runs, rates)
        statuses_now = _statuses(analysis.plan, catalogue, folder) if as_json else {}
    finally:
        reader.close()
    whole = plan_object(analysis.plan, statuses_now) if as_json else {}
    click.echo(json.dumps({**whole, "cost": price.to_object()}) if as_json else price.text)


def _statuses(plan: Plan, catalogue: Catalogue, folder: Path) -> dict[NodeId, Status]:
    reader = StoreReader(folder)
    try:
        within = Inside(catalogue, reader.lookup)
        return statuses(plan, reader.lookup(plan.nodes), inside=within)
    finally:
        reader.close()


def _print_plan(plan: PlanObject) -> None:
    """Print nodes under numbers, then which of them goals and names mean."""
    numbers = {node["id"]: str(index) for index, node in enumerate(plan["nodes"])}
    print_table(
        [">", "id", "node", "kind", "status"],
        [
            (numbers[n["id"]], n["id"][:12], _title(n, numbers), n["type"], n.get("status", ""))
            for n in plan["nodes"]
        ],
    )
    goals = [
        (f"{g['kind']} {g['label'] or '?'}", numbers.get(g["node"] or "")) for g in plan["goals"]
    ]
    names = [(name, numbers.get(node)) for name, node in plan["declarations"].items()]
    for title, meant in (("goals", goals), ("declarations", names)):
        if meant:
            click.echo(f"\n{title}")
            print_pairs((f"  {name}", number or "-") for name, number in meant)


def _title(node: NodeObject, numbers: Mapping[str, str]) -> str:
    value = [json.dumps(node["value"], ensure_ascii=False)] if "value" in node else []
    return " ".join([node["primitive"], *value, *(numbers[given] for given in node["inputs"])])
