"""One program gives the same bits however it is run; `make torture` does so with every example."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.support.clusters import ClusterOfTests
from tests.support.equivalence import EXAMPLES, ROOT, ways

_PHOTO = ROOT / "examples" / "data" / "regions.png"
_PROGRAM = f"""
load photo = "{_PHOTO}"
let grey = intensity(photo)
let cut(k) = grey > (k * 20)
let parts = for k in range(1, 6) do near(cut(k))
let far = for part in parts do max(dt(part))
print "volumes" for part in parts do volume(part)
print "far" far
print "sum" sum(far)
print "some" for k in [2, 0, 4] do 1 / k
print "many" filter k in range(0, 8) do volume(cut(k)) > 40000
print "folded" volume(fold | (for k in range(3, 6) do cut(k)))
print "ranks" avg(percentiles(grey, cut(1), 0.5), cut(2))
save "mask.nii.gz" parts[2]
save "table.csv" for k in range(1, 4) do [k, volume(cut(k)), 1 / (k - 2)]
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterOfTests]:
    cluster = ClusterOfTests(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start(workers=2)
        yield cluster
    finally:
        cluster.end()


def test_loops_failures_and_saves_are_the_same_in_all_ways(
    tmp_path: Path, cluster: ClusterOfTests
) -> None:
    program = tmp_path / "program.imgql"
    program.write_text(_PROGRAM)
    answers = {
        name: way() for name, way in ways(program, tmp_path, Random(1), cluster.address).items()
    }
    expected = answers["no cache, one thread"]
    assert len(expected) == 9
    assert expected["print some"].startswith("failed [0.5, null, 0.25]")
    assert {name: answer for name, answer in answers.items() if answer != expected} == {}


def test_there_are_examples_to_run_in_all_ways() -> None:
    assert len(EXAMPLES) >= 4
