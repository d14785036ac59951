"""Dask's dashboard: where its package is not installed, that is said before anything runs."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.desk import Desk
from voxlogica_core.cli import exits


@pytest.mark.skipif(find_spec("bokeh") is not None, reason="bokeh is installed here")
def test_a_dashboard_that_is_not_installed_is_said_with_its_cure(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    answer = desk.voxlogica("run", "program.imgql", "--dask-dashboard", program='print "x" 1\n')
    assert answer.code == exits.WORLD
    assert answer.out == ""
    assert "pip install 'voxlogica[dashboard]'" in answer.err
