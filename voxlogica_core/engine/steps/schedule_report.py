"""Schedules for other programs and for people: JSON objects and DOT. Cuts nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from voxlogica_core.engine.steps.step import (
    Compute,
    Deliver,
    Fetch,
    Partition,
    Step,
    Task,
    inputs_of_step,
)
from voxlogica_core.plan.export import escaped, title_of
from voxlogica_core.plan.node import NodeId


class TaskObject(TypedDict):
    """A task: its name, expected milliseconds, what it waits for, and its steps in order.

    ``fetches`` are kept values read from the store, ``computes`` nodes whose kernel is called,
    ``delivers`` the nodes whose values are printed and saved.
    """

    key: str
    milliseconds: float
    waits: list[str]
    fetches: list[str]
    computes: list[str]
    delivers: list[str]


def schedule_object(tasks: Sequence[Task]) -> list[TaskObject]:
    """Return a schedule as a JSON object, tasks after those they wait for."""
    return [
        {
            "key": task.key,
            "milliseconds": round(1000 * task.seconds, 3),
            "waits": waits_of(task),
            "fetches": [step.id for step in task.steps if isinstance(step, Fetch)],
            "computes": [step.id for step in task.steps if isinstance(step, Compute)],
            "delivers": [step.node for step in task.steps if isinstance(step, Deliver)],
        }
        for task in tasks
    ]


def schedule_dot(tasks: Sequence[Task], names: Mapping[NodeId, str]) -> str:
    """Return a schedule as a DOT graph: a cluster for each task.

    Parameters
    ----------
    names
        What nodes are called in the program.
    """
    lines = [
        "digraph schedule {",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  graph [fontname="sans-serif", style=rounded];',
    ]
    for number, task in enumerate(tasks):
        lines += [
            f"  subgraph cluster_{number} {{",
            f'    label="{escaped(task.key)}: {1000 * task.seconds:.3g} ms";',
            *(f'    "{_short(s.id)}" [label="{escaped(_title(s, names))}"];' for s in task.steps),
            "  }",
        ]
    return "\n".join([*lines, *_edges(tasks), "}"])


def titles(task: Task, names: Mapping[NodeId, str]) -> list[str]:
    """Return in a few words what a task does, step by step; see `schedule_dot`."""
    return [_title(step, names) for step in task.steps]


def waits_of(task: Task) -> list[str]:
    """Return the tasks that a task waits for, in the order of what it needs of them."""
    return list(dict.fromkeys(key for _, key in task.imports))


def _edges(tasks: Sequence[Task]) -> Iterable[str]:
    steps = [step for task in tasks for step in task.steps]
    there = {step.id for step in steps}
    for step in steps:
        for given in dict.fromkeys(inputs_of_step(step)):
            if given in there:
                yield f'  "{_short(given)}" -> "{_short(step.id)}";'


def _title(step: Step, names: Mapping[NodeId, str]) -> str:
    match step:
        case Compute(node=node):
            title = title_of(node)
        case Fetch(record=record):
            title = f"kept {record.kind}"
        case Partition(loop=loop, items=items):
            return f"{len(items)} items of {names.get(loop, 'a loop')}"
        case Deliver(kind=kind):
            return kind
    return f"{names[step.id]} = {title}" if step.id in names else title


def _short(name: str) -> str:
    return name[:16]
