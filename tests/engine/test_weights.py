"""What Dask knows of memory: the true sizes, and nothing to complain about."""

import logging

import numpy as np
import pytest
from dask.sizeof import sizeof

from tests.support.engines import catalogue, plan_of
from voxlogica_core.engine.crews.weights import weigh_truly
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.steps.step import TaskKey
from voxlogica_core.engine.workers.worker import TaskResult
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.geometry import plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE


def test_dask_sees_the_true_size_of_images_and_of_results_with_images() -> None:
    weigh_truly()
    weigh_truly()
    image = Image(IMAGE, np.zeros((20, 30, 40), np.float32), plain_geometry((40, 30, 20)))
    result = TaskResult(TaskKey("task 0"), {NodeId("a"): image, NodeId("b"): (image, 1.0)})
    assert sizeof(image) == 96_000
    assert 192_000 < sizeof(result) < 193_000


def test_dask_complains_of_no_unmanaged_memory(caplog: pytest.LogCaptureFixture) -> None:
    text = """
    let xs = for i in range(0, 40) do shift(noise(i, 80), rest(100, i))
    let all = fold both xs
    print "x" for x in xs do average(both(x, all))
    """
    with (
        caplog.at_level(logging.INFO),
        Engine(MemoryStore(), catalogue(), threads=2, memory=2**26) as engine,
    ):
        (result,) = engine.run(plan_of(text)).wait().results
    assert result.outcome == "done"
    assert "distributed.worker" in {record.name for record in caplog.records}
    assert "nmanaged" not in caplog.text
