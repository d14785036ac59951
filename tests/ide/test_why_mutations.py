"""Hundreds of programs that ran, were changed in one place, and are asked why: each answer held
against the change that was made."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.mutating import Made, Mutation
from tests.support.rerunning import Rerun, rerunning
from voxlogica_core.ide.forecast.why import Why
from voxlogica_core.plan.node import Apply
from voxlogica_core.plan.signature import Catalogue

SEEDS = range(8)
TIMES = 20


@pytest.fixture(params=SEEDS)
def ran(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[tuple[Rerun, Made]]:
    """Give a program that has run once, with its store."""
    made = Made(request.param)
    with rerunning(tmp_path / "desk") as rerun:
        run = rerun.run(made.text)
        assert {result.outcome for result in run.results} == {"done"}
        yield rerun, made


def changed(rerun: Rerun, made: Made, text: str) -> list[str]:
    """Return the numbers that are other nodes than before."""
    before = rerun.analysis(made.text).plan.declarations
    now = rerun.analysis(text).plan.declarations
    return [name for name in made.numbers if now[name] != before[name]]


def answers(rerun: Rerun, made: Made, text: str) -> list[Why]:
    """Return why each number that has changed is to be made."""
    return [rerun.why(text, name) for name in changed(rerun, made, text)]


def place_of(found: Why) -> tuple[int, int]:
    assert found.cause
    assert found.cause.place
    return found.cause.place.span.start, found.cause.place.span.end


def check_literal(found: Why, mutation: Mutation) -> None:
    """See that a changed number is named and found where it was changed."""
    assert found.cause
    assert found.cause.kind == "literal", found.cause
    assert found.others == 0
    assert (float(found.cause.old), float(found.cause.new)) == (
        float(mutation.old),
        float(mutation.new),
    )
    assert place_of(found) == (mutation.at, mutation.at + len(mutation.new))


def test_a_changed_number_is_named_with_its_place(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    asked = 0
    for _ in range(TIMES):
        mutation = made.literal()
        for found in answers(rerun, made, mutation.text):
            check_literal(found, mutation)
            asked += 1
    assert asked > TIMES / 4


def test_a_changed_operator_is_named_with_its_place(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    asked = 0
    for _ in range(TIMES):
        mutation = made.operator()
        for found in answers(rerun, made, mutation.text):
            assert found.cause
            assert found.cause.kind == "operator", (mutation, found.cause)
            old, new = found.cause.old.strip("`"), found.cause.new.strip("`")
            assert (old, new) == (mutation.old.strip("."), mutation.new.strip("."))
            first, last = place_of(found)
            assert first <= mutation.at < last
            asked += 1
    assert asked > TIMES / 4


def test_what_was_renamed_and_moved_is_recognised(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    assert answers(rerun, made, made.moved(made.renamed(made.text))) == []
    for _ in range(TIMES // 4):
        mutation = made.literal()
        text = made.moved(made.renamed(mutation.text))
        moved = replace(mutation, text=text, at=text.index(mutation.new))
        for found in answers(rerun, made, text):
            check_literal(found, moved)


def test_a_stopped_run_in_between_changes_no_answer(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    mutation = made.literal()
    before = [found.cause for found in answers(rerun, made, mutation.text)]
    rerun.run(mutation.text, stopped=True)
    assert [found.cause for found in answers(rerun, made, mutation.text)] == before


def test_undone_it_is_known_at_once(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    rerun.run(made.literal().text)
    for name in made.numbers:
        assert rerun.why(made.text, name).reason == "kept"


def test_a_changed_image_is_named(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    rerun.write_image("a", brightness=90)
    for name in made.numbers:
        found = rerun.why(made.text, name)
        assert found.cause
        assert (found.cause.kind, found.cause.text) == (
            "input file changed",
            "the file `a.nii.gz` has changed",
        )
        first, last = place_of(found)
        assert made.text[first:last] == '"a.nii.gz"'


def test_another_image_is_named(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    text = made.text.replace("a.nii.gz", "b.nii.gz")
    for found in answers(rerun, made, text):
        assert found.cause
        assert found.cause.text == "`b.nii.gz` is read, where `a.nii.gz` was"


def test_a_primitive_of_another_version_is_named(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    nodes = rerun.analysis(made.text).plan.nodes.values()
    used = sorted({node.primitive for node in nodes if isinstance(node, Apply)})
    for qualified in [name for name in used if name.startswith("vox1.")]:
        newer = replace(rerun.catalogue.primitives[qualified], version="2a")
        primitives = rerun.catalogue.primitives.plus([newer])
        catalogue = Catalogue(primitives, rerun.catalogue.evaluate)
        before = rerun.analysis(made.text).plan.declarations
        now = rerun.analysis(made.text, catalogue).plan.declarations
        for name in (name for name in made.numbers if now[name] != before[name]):
            found = rerun.why(made.text, name, catalogue=catalogue)
            assert found.cause
            assert (found.cause.kind, found.cause.new) == ("primitive version", "2a")
            assert "is version 2a now, its value was made by version" in found.cause.text


def test_an_evicted_value_is_told_and_nothing_else_is_blamed(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    declarations = rerun.analysis(made.text).plan.declarations
    for name in made.numbers:
        if rerun.store.lookup([declarations[name]]):
            rerun.evict(declarations[name])
            assert rerun.why(made.text, name).reason in ("evicted", "kept")  # a loop of kept items
    assert rerun.why(made.text, "n0").reason == "evicted"


def test_what_is_new_was_never_computed(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    found = rerun.why(f"{made.text}let more = volume(touch(grey >. 7.77, m0))\n", "more")
    assert found.cause
    assert found.cause.text == "it was never computed: it is new since the last run"
    with rerunning(rerun.folder / "elsewhere") as other:
        found = other.why(made.text, "n0")
        assert found.cause
        assert found.cause.text == "it was never computed: no run of this program is remembered"


def test_what_failed_is_told_with_what_it_said(ran: tuple[Rerun, Made]) -> None:
    rerun, made = ran
    text = f'{made.text}let bad = [n0, 2][volume(m0) + 7]\nprint "bad" bad + 1\n'
    run = rerun.run(text)
    message = run.results[-1].message
    found = rerun.why(text, "bad")
    assert found.cause
    assert found.cause.kind == "failed before"
    assert found.cause.text.removeprefix("it failed: ") in message
