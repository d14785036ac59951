"""Programs, Python and commands of pages do what the pages say they do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from voxlogica_core.api import Engine, analyse
from voxlogica_core.cli import exits

_ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_RUN = ("README.md", "docs/language-tour.md", "docs/simpleitk.md")


def _blocks(page: str, language: str) -> list[str]:
    text = (_ROOT / page).read_text("utf-8")
    return [block for found, block in _BLOCK.findall(text) if found == language]


def _first_program() -> str:
    """Return the program of the README: the block that has no language and loads an image."""
    (program,) = [block for block in _blocks("README.md", "") if block.startswith("load ")]
    return program


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the files are that the pages speak of."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "examples").symlink_to(_ROOT / "examples")
    image = _ROOT / "examples" / "data" / "cases" / "case1_flair.nii.gz"
    (folder / "t1.nii.gz").symlink_to(image)
    return folder


@pytest.fixture(scope="module")
def engine(place: Path) -> Iterator[Engine]:
    with Engine(store=place / "store") as made:
        yield made


@pytest.mark.parametrize(
    "program",
    [_first_program(), *(block for page in _RUN for block in _blocks(page, "imgql"))],
    ids=lambda program: program.strip().splitlines()[-1][:40],
)
def test_a_program_of_a_page_runs_and_reaches_its_goals(
    program: str, place: Path, engine: Engine
) -> None:
    analysis = analyse(program, place / "page.imgql")
    assert not analysis.errors
    assert analysis.plan.goals
    run = engine.run(analysis.plan, folder=place).wait()
    assert [result.message for result in run.results if result.outcome != "done"] == []


def test_the_number_of_the_readme_is_the_one_that_comes_out(place: Path, engine: Engine) -> None:
    run = engine.run(analyse(_first_program(), place / "first.imgql").plan, folder=place).wait()
    shown = re.findall(
        r"^white matter in ml=(.*)$", (_ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert {str(run.value("white matter in ml"))} == set(shown)


def test_the_mistake_of_the_readme_is_told_as_it_shows(tmp_path: Path) -> None:
    told = next(block for block in _blocks("README.md", "") if block.startswith("error["))
    desk = Desk(tmp_path)
    (tmp_path / "examples").symlink_to(_ROOT / "examples")
    (tmp_path / "first.imgql").write_text(_first_program().replace("image, brain", "image, brian"))
    answer = desk.voxlogica("check", "first.imgql", "--quiet")
    assert answer.code == exits.ERRORS
    assert told.strip() in answer.err


def test_the_primitive_of_the_page_is_seen_by_programs_and_computes(tmp_path: Path) -> None:
    (python,) = _blocks("docs/write-your-own-primitive.md", "python")
    desk = Desk(tmp_path)
    (tmp_path / "mine.py").write_text(python)
    (tmp_path / "voxlogica.toml").write_text('primitives = ["mine.py"]\n')
    program = (
        'import "mine"\nload i = "image.nii.gz"\nlet all = i >= 0\n'
        'print "n" volume(brightest(i, all, 0.02))\nprint "least" min(mask(i, brightest(i, all)))\n'
    )
    answer = desk.voxlogica("run", "program.imgql", program=program)
    assert (answer.code, answer.out) == (exits.DONE, "n=3\nleast=0\n")


def test_the_files_of_settings_in_pages_are_understood(tmp_path: Path) -> None:
    files = [block for block in _blocks("docs/settings.md", "toml") if "=" in block]
    assert files
    desk = Desk(tmp_path)
    for text in files:
        (tmp_path / "voxlogica.toml").write_text(text)
        answer = desk.voxlogica("run", "program.imgql", program='print "x" 1\n')
        assert (answer.code, answer.out) == (exits.DONE, "x=1\n")


def _shown(page: str) -> list[tuple[str, str]]:
    """Return the calls of the command line in a page that show what it prints, and that."""
    blocks = [*_blocks(page, ""), *_blocks(page, "console")]
    turns = [turn for block in blocks for turn in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    found = [turn.partition("\n") for turn in turns]
    return [
        (call.removeprefix(".venv/bin/").removeprefix("voxlogica "), printed)
        for call, _, printed in found
        if printed and "voxlogica " in call
    ]


def _timeless(printed: str) -> str:
    return re.sub(r"\d+(\.\d+)? m?s\b", "… s", printed)


def _says(desk: Desk, call: str) -> str:
    answer = desk.voxlogica(*call.split())
    assert answer.code == exits.DONE, answer.err
    return _timeless(answer.out + answer.err)


def test_the_first_run_and_the_second_print_what_the_readme_shows(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "examples").symlink_to(_ROOT / "examples")
    (tmp_path / "first.imgql").write_text(_first_program())
    turns = _shown("README.md")
    assert [call for call, _ in turns] == ["run first.imgql"] * 2
    for call, printed in turns:
        assert _says(desk, call) == _timeless(printed)


def test_why_and_cost_answer_as_their_page_shows(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "data").symlink_to(_ROOT / "examples" / "data")
    program = tmp_path / "brain.imgql"
    text = (_ROOT / "examples" / "brain.imgql").read_text("utf-8")
    program.write_text(text)
    _says(desk, "run brain.imgql")
    program.write_text(text.replace("0.66", "0.7"))
    turns = _shown("docs/status-why-cost.md")
    assert len(turns) == 2
    for call, printed in turns:
        assert _says(desk, call) == _timeless(printed)


def test_a_dry_run_prints_what_the_page_about_pipelines_shows(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "segment.imgql").write_text(
        'load image = "image.nii.gz"\nprint "voxels" volume(image > 100)\n'
        'save "mask.nii.gz" image > 100\n'
    )
    ((call, printed),) = _shown("docs/pipelines.md")
    assert _says(desk, call) == _timeless(printed)


def test_the_orders_to_a_store_do_what_their_page_says(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    program = 'load image = "image.nii.gz"\nlet bright = image > 100\nsave "mask.nii" bright\n'
    assert desk.voxlogica("run", "program.imgql", program=program).code == exits.DONE
    listed = desk.voxlogica("cache", "list", "--json").object["nodes"]
    (bright,) = [n["id"] for n in listed if n["names"] == ["bright"]]  # type: ignore[union-attr]
    (block,) = _blocks("docs/where-is-my-data.md", "")
    orders = [line.split("#")[0].removeprefix("voxlogica ") for line in block.splitlines()]
    assert len(orders) == 7
    for order in orders:
        words = re.sub(r"[\[\]]", "", order).replace("ID", str(bright)).split()
        answer = desk.voxlogica(*words, *(["--yes"] if "clear" in words else []))
        assert answer.code == exits.DONE, f"{order}: {answer.err}"
    assert (tmp_path / "out.nii.gz").exists()
    assert desk.voxlogica("cache", "list", "--json").object["nodes"] == []
