"""Nobody on the network reaches a run: what listens, listens on this machine only.

The dashboard's pages are looked at by tests/architecture/test_release.py, which installs them.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.support.engines import catalogue, plan_of
from tests.support.ports import HERE, listening, ports_of_run
from voxlogica_core.engine.crews.window import LocalWindow
from voxlogica_core.engine.engine import Engine
from voxlogica_core.store.store import MemoryStore


def test_a_run_on_dask_listens_on_this_machine_only(tmp_path: Path) -> None:
    assert {address for address, _ in ports_of_run(tmp_path)} <= set(HERE)


def test_the_dashboard_is_told_where_it_listens() -> None:
    cluster = LocalWindow(1, dashboard=False)
    try:
        address, port = urlsplit(cluster.url).netloc.split(":")
        assert (address, int(port)) in listening(psutil.Process(os.getpid()))
    finally:
        cluster.close()


def test_an_engine_listens_nowhere_until_there_is_work_for_dask() -> None:
    own = psutil.Process(os.getpid())
    before = listening(own)
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        assert engine.run(plan_of('print "x" next(1)')).value("x") == 2.0
        assert listening(own) <= before  # what another test left may end meanwhile
        engine.run(plan_of('print "x" total(for i in range(0, 80) do rest(25, i))')).wait()
        assert {address for address, _ in listening(own) - before} <= set(HERE)
