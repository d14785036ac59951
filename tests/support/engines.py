"""Programs run by an engine in tests: the shipped primitives and those of `running_primitives`."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.files import Printed
from voxlogica_core.engine.run import Run
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.program import reduce_program
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.record import Record
from voxlogica_core.store.store import MemoryStore, Store
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.source_text import SourceText

PRIMITIVES = Path(__file__).parent / "running_primitives.py"


@cache
def catalogue() -> Catalogue:
    """Return the shipped primitives and those for tests of the engine."""
    return read_catalogue([PRIMITIVES])


def plan_of(text: str, folder: Path | None = None, known: Catalogue | None = None) -> Plan:
    """Return the plan of a program that has no errors; the namespace `test` is imported."""
    place = str(folder or Path.cwd())
    parsed = parse(SourceText(f'import "test"\n{text}'))
    reduction = reduce_program(
        parsed.program,
        location=None,
        folder=place,
        catalogue=known or catalogue(),
        world=FileSystem(place),
    )
    findings = (*parsed.diagnostics, *reduction.diagnostics)
    errors = [found.message for found in findings if found.severity == "error"]
    assert not errors, errors
    return reduction.plan


class CountingStore(MemoryStore):
    """A store that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.read = 0

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        """Return records, noting how many were asked for."""
        wanted = list(ids)
        self.asked.append(len(wanted))
        return super().lookup(wanted)


def run(text: str, store: Store | None = None, *, threads: int = 2) -> Run:
    """Run a program to its end."""
    with Engine(store or MemoryStore(), catalogue(), threads=threads) as engine:
        return engine.run(plan_of(text)).wait()


def printed(text: str, store: Store | None = None, *, threads: int = 2) -> dict[str, Printed]:
    """Return what a program prints, by label; every goal must be done."""
    results = run(text, store, threads=threads).results
    assert [result.message for result in results if result.outcome != "done"] == []
    return {str(result.label): result.value for result in results}
