"""What a run would begin with, for ``voxlogica plan --schedule``; runs nothing, writes nothing."""

from collections.abc import Sequence
from pathlib import Path

import click

from voxlogica_core.cli.tables import print_table
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.steps.schedule_report import (
    TaskObject,
    schedule_dot,
    schedule_object,
    titles,
    waits_of,
)
from voxlogica_core.engine.steps.step import Task
from voxlogica_core.ide.wording import duration
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.sqlite import open_store

_MOST_TITLES = 6  # steps of a task that a row of the table tells


def tasks_of(plan: Plan, catalogue: Catalogue, folder: Path, threads: int | None) -> Sequence[Task]:
    """Return the tasks a run on the store in `folder` would begin with; no store is made there."""
    is_there = Layout(folder).database.exists()
    store = open_store(folder if is_there else None)
    try:
        with Engine(store, catalogue, threads=threads) as engine:
            return engine.schedule(plan)
    finally:
        store.close()


def objects_of(tasks: Sequence[Task]) -> list[TaskObject]:
    """Return tasks as JSON objects."""
    return schedule_object(tasks)


def dot_of(plan: Plan, tasks: Sequence[Task]) -> str:
    """Return tasks as a DOT graph, steps called as in the program."""
    return schedule_dot(tasks, _names(plan))


def print_schedule(plan: Plan, tasks: Sequence[Task]) -> None:
    """Print a table of tasks, and how long the work and its longest path are."""
    if not tasks:
        click.echo("nothing to do: no goal asks for anything")
        return
    names = _names(plan)
    print_table(
        ["task", ">expected ms", ">steps", "waits for", "does"],
        [
            (
                task.key.removeprefix("task "),
                f"{1000 * task.seconds:.3g}",
                str(len(task.steps)),
                " ".join(key.removeprefix("task ") for key in waits_of(task)) or "-",
                _does(titles(task, names)),
            )
            for task in tasks
        ],
    )
    total, longest = sum(task.seconds for task in tasks), max(task.urgency for task in tasks)
    noun = "task" if len(tasks) == 1 else "tasks"
    path = f"{duration(longest)} on the longest path"
    click.echo(f"{len(tasks)} {noun}, {duration(total)} of work, {path}")


def _does(steps: Sequence[str]) -> str:
    left = len(steps) - _MOST_TITLES
    shown = ", ".join(steps[-_MOST_TITLES:])
    return f"… {left} more, {shown}" if left > 0 else shown


def _names(plan: Plan) -> dict[NodeId, str]:
    return {node: name for name, node in plan.declarations.items()}
