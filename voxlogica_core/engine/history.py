"""History: what the store notes of a run, for "why" and "what will it cost". Holds no values."""

from contextlib import suppress
from pathlib import PurePath

from voxlogica_core.engine.outcome import Done, Failed
from voxlogica_core.engine.run import Run
from voxlogica_core.errors import StoreError
from voxlogica_core.plan.node import Apply, Literal, NodeId, Read, inputs_of
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.skeleton import Skeleton, flags, key_of, packed, skeleton_of
from voxlogica_core.store.record import SourceFile
from voxlogica_core.store.store import Store


class History:
    """One run as the store's history has it; a store that cannot be written has none.

    Declarations and goals are noted at once: a run that is killed has been, too.

    Parameters
    ----------
    document
        The program's file, empty if it has none.
    program
        The program's digest.
    """

    def __init__(self, store: Store, plan: Plan, document: str, program: str) -> None:
        self._store = store
        self._skeleton = skeleton_of(plan)
        self._number: int | None = None
        with suppress(StoreError):
            self._number = store.begin_run(document, program)
            store.seen(self._number, plan.declarations, _goals(plan))
            store.read_from(_sources(plan))
            skeleton = self._skeleton
            store.draw(self._number, key_of(skeleton), lambda: packed(skeleton))

    def end(self, run: Run) -> None:
        """Note how the run ended, and what became of goals that only it could tell."""
        if self._number is None:
            return
        goals = [(r.label or "", r.node) for r in run.results if r.node is not None]
        made = flags(self._skeleton, _made(self._skeleton, run).__contains__)
        with suppress(StoreError):
            self._store.seen(self._number, {}, goals)
            outcome = "cancelled" if run.cancelled else "ended"
            self._store.end_run(self._number, outcome, run.outcomes)
            self._store.recall(self._number, made, _failures(run))


def _made(skeleton: Skeleton, run: Run) -> set[NodeId]:
    """Return the nodes of a plan that have had values, in this run or before it.

    They are those that were made, and what these were made of. What no kernel makes, such as an
    item of a sequence, says nothing of all it could have been made of.
    """
    done = {node for node, outcome in run.outcomes.items() if isinstance(outcome, Done)}
    made = done | {r.node for r in run.results if r.outcome == "done" and r.node is not None}
    for name, node in reversed(list(skeleton.nodes.items())):
        if name in done or (name in made and not isinstance(node, Apply)):
            made.update(inputs_of(node))
    return made


def _failures(run: Run) -> dict[NodeId, str]:
    ended = run.outcomes.items()
    return {node: outcome.message for node, outcome in ended if isinstance(outcome, Failed)}


def _goals(plan: Plan) -> list[tuple[str, NodeId]]:
    """Return the goals whose labels stand in the program."""
    found: list[tuple[str, NodeId]] = []
    for goal in plan.goals:
        label = plan.nodes.get(goal.label) if goal.label is not None else None
        if goal.value is not None and isinstance(label, Literal):
            found.append((str(label.value), goal.value))
    return found


def _sources(plan: Plan) -> dict[NodeId, SourceFile]:
    """Return the files that the plan reads, without their folders."""
    reads = (node for node in plan.nodes.values() if isinstance(node, Read))
    return {
        node.id: SourceFile(PurePath(plan.sources.get(node.id, "")).name, node.digest)
        for node in reads
    }
