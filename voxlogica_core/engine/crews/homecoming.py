"""Homecoming: takes in what workers elsewhere send: records it, saves it. Talks to no cluster."""

from dataclasses import replace
from pathlib import Path

from voxlogica_core.engine.crews.outpost import Parcel, Saving
from voxlogica_core.engine.outcome import Done, Failed
from voxlogica_core.engine.steps.step import Compute, Deliver, Task
from voxlogica_core.engine.workers.worker import Bench, TaskResult
from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.plan.node import Apply, NodeId
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.record import Finished
from voxlogica_core.values.kind import LABELS, MASK


class Homecoming:
    """What is done here with what comes.

    Parameters
    ----------
    bench
        Records values, and knows the user's files.
    folder
        The store's, None where nothing stays.
    """

    def __init__(self, bench: Bench, folder: Path | None) -> None:
        self._bench = bench
        self._folder = folder

    def taken_in(self, parcel: Parcel, task: Task) -> TaskResult:
        """Record and save what came of a task; return its result."""
        steps = {step.id: step for step in task.steps}
        for item in parcel.finished:
            if item.written is None or self._is_there(item):
                step = steps.get(item.id)
                node = step.node if isinstance(step, Compute) else None
                self._bench.finish(self._with_background(item, node))
        for saving in parcel.savings:
            self._save(saving, parcel.result, task)
        return parcel.result

    def _with_background(self, item: Finished, node: object) -> Finished:
        if not isinstance(node, Apply) or item.kind not in (MASK, LABELS):
            return item
        backgrounds = self._bench.backgrounds
        return replace(item, background=backgrounds.behind(node) if backgrounds else None)

    def _is_there(self, item: Finished) -> bool:
        """Whether a payload that a worker says it wrote is a file of ours."""
        if self._folder is None or item.written is None:
            return False
        name = item.written.part
        return Path(name).name == name and (Layout(self._folder).payloads / name).is_file()

    def _save(self, saving: Saving, result: TaskResult, task: Task) -> None:
        same = (s for s in task.steps if isinstance(s, Deliver) and s.path == saving.path)
        step = next(same, None)
        if step is None:
            return
        try:
            notes = self._bench.files.save(saving.value, saving.path, saving.side)
        except VoxLogicaError as error:
            self._amend(result, step.id, Failed("save", None, str(error)), ())
        else:
            self._amend(result, step.id, None, notes)

    def _amend(
        self, result: TaskResult, step: NodeId, failure: Failed | None, notes: tuple[str, ...]
    ) -> None:
        for report in result.reports:
            if report.node == step and isinstance(report.outcome, Done):
                report.outcome = failure or report.outcome
                report.notes = notes
