"""The command line in pipes, scripts and shells: many files, help, completion."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.desk import Desk
from tests.support.processes import PATIENCE
from voxlogica_core.cli import exits
from voxlogica_core.cli.main import outcome, voxlogica

_ROOT = Path(__file__).parents[2]
_GOOD = 'load image = "image.nii.gz"\nlet t = 100\nprint "voxels" volume(image > t)\n'
_SAVES = _GOOD + 'save "mask.nii.gz" image > t\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(voxlogica)
    for name in voxlogica.list_commands(context):
        command = voxlogica.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", c) for inner, c in command.commands.items())


def _fed(desk: Desk, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voxlogica_core", *arguments],
        input=text,
        cwd=desk.folder,
        env={**os.environ, "VOXLOGICA_STORE": str(desk.folder / "s"), "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(("name", "command"), list(_commands()), ids=lambda v: str(v)[:20])
def test_every_command_has_help_with_examples_that_can_be_called(
    name: str, command: click.Command
) -> None:
    assert command.help
    assert command.epilog, name
    lines = [line.strip() for line in command.epilog.splitlines()[2:]]
    assert lines
    for line in lines:
        called = shlex.split(line[line.index("voxlogica ") :].split("|")[0].split("<")[0])
        words = shlex.split(" ".join(called).split(">")[0])[1:]
        group, rest = voxlogica, words
        while isinstance(group, click.Group) and rest:
            _, group, rest = group.resolve_command(click.Context(group), rest)
            assert group is not None
        with_options = {o for p in group.params for o in (*p.opts, *p.secondary_opts)}
        given = {word for word in rest if word.startswith("--")}
        assert given <= with_options, line


def test_a_program_comes_from_standard_input(desk: Desk) -> None:
    done = _fed(desk, _GOOD, "run", "-", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (exits.DONE, "voxels=3\n", "")
    wrong = _fed(desk, 'print "x" noise', "check", "-")
    assert wrong.returncode == exits.ERRORS
    assert "--> program:1:11" in wrong.stderr


def test_several_programs_run_in_turn_and_their_lines_tell_whose_they_are(desk: Desk) -> None:
    (desk.folder / "b.imgql").write_text('print "b" 2\n')
    (desk.folder / "c.imgql").write_text('print "c" 3\n')
    answer = desk.voxlogica("run", "b.imgql", "c.imgql")
    assert (answer.code, answer.out) == (exits.DONE, "b.imgql:b=2\nc.imgql:c=3\n")
    found = desk.voxlogica("run", "b.imgql", "c.imgql", "--json").object["programs"]
    assert isinstance(found, list)
    assert [(p["file"], p["goals"][0]["value"]) for p in found] == [("b.imgql", 2), ("c.imgql", 3)]  # pyright: ignore


def test_an_error_in_one_of_several_programs_keeps_all_from_running(desk: Desk) -> None:
    (desk.folder / "b.imgql").write_text('print "b" 2\n')
    (desk.folder / "c.imgql").write_text('print "c" nothing\n')
    answer = desk.voxlogica("run", "b.imgql", "c.imgql")
    assert (answer.code, answer.out) == (exits.ERRORS, "")
    refused = desk.voxlogica("run", "b.imgql", "b.imgql", "--detach")
    assert refused.code == exits.USAGE
    metrics = desk.voxlogica("run", "b.imgql", "b.imgql", "--metrics", "m.json")
    assert metrics.code == exits.USAGE


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(desk: Desk) -> None:
    answer = desk.voxlogica(
        "run", "program.imgql", "--dry-run", "--output-dir", "results", program=_SAVES
    )
    assert answer.code == exits.DONE
    first, second, third = answer.out.splitlines()
    assert (first, second) == ("would print voxels", "would save results/mask.nii.gz")
    assert "3 nodes to compute" in third
    assert sorted(p.name for p in desk.folder.iterdir()) == ["image.nii.gz", "program.imgql"]
    desk.voxlogica("run", "program.imgql", "--output-dir", "results")
    again = desk.voxlogica("run", "program.imgql", "--dry-run", "--json").object
    (program,) = again["programs"]  # type: ignore[misc]
    assert program["cost"]["compute"] == 0
    wrong = desk.voxlogica("run", "program.imgql", "--dry-run", program="print 1 +")
    assert (wrong.code, wrong.out) == (exits.ERRORS, "")


def test_quiet_says_nothing_and_verbose_says_more_but_on_standard_error(desk: Desk) -> None:
    (desk.folder / "program.imgql").write_text(_GOOD)
    quiet, plain, loud, louder = (
        desk.voxlogica("run", "program.imgql", "--no-cache", *flags)
        for flags in (["-q"], [], ["-v"], ["-vv"])
    )
    assert {a.out for a in (quiet, plain, loud, louder)} == {"voxels=3\n"}
    lengths = [len(a.err.splitlines()) for a in (quiet, plain, loud, louder)]
    assert lengths[0] == 0
    assert lengths == sorted(set(lengths))


def test_standard_output_holds_results_only_whatever_goes_wrong(desk: Desk) -> None:
    for program in ("print 1 +", 'print "x" noise', f'{_GOOD}print "x" 1 / volume(image > 999)'):
        answer = desk.voxlogica("run", "program.imgql", program=program)
        assert answer.out in ("", "voxels=3\n")
        assert answer.err
    for wrong in (["run"], ["run", "nowhere.imgql"], ["nothing"], ["explain", "nothing"]):
        answer = desk.voxlogica(*wrong)
        assert (answer.code, answer.out) == (exits.USAGE, "")


def test_doctor_tells_what_is_installed_and_what_is_wrong(desk: Desk) -> None:
    well = desk.voxlogica("doctor", "--json")
    assert (well.code, well.object["problems"]) == (exits.DONE, [])
    store = desk.folder / "ill"
    store.mkdir()
    (store / "store.db").write_bytes(b"no database" * 400)
    ill = desk.voxlogica("doctor", "--store", str(store))
    assert ill.code == exits.WORLD
    assert "not a database" in ill.err
    (desk.folder / "file").write_text("")
    nowhere = desk.voxlogica("doctor", "--store", str(desk.folder / "file" / "store"))
    assert nowhere.code == exits.WORLD
    assert f"{desk.folder / 'file'} is a file" in nowhere.err
    assert "SimpleITK" in ill.out


def _completed(*words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from voxlogica_core.cli.main import main; main()"],
        env={
            **os.environ,
            "PYTHONPATH": str(_ROOT),
            "COMP_WORDS": shlex.join(words),
            "COMP_CWORD": str(len(words) - 1),
            "_VOXLOGICA_COMPLETE": "bash_complete",
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout.splitlines()


def test_shells_complete_commands_codes_primitives_options_and_files() -> None:
    assert _completed("voxlogica", "ex") == ["plain,explain"]
    assert "plain,unbound-name" in _completed("voxlogica", "explain", "unb")
    assert "plain,percentiles" in _completed("voxlogica", "primitives", "perc")
    assert "plain,--dry-run" in _completed("voxlogica", "run", "--d")
    assert _completed("voxlogica", "run", "b")[0].startswith("file,")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_script_for_completion(shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from voxlogica_core.cli.main import main; main()"],
        env={**os.environ, "PYTHONPATH": str(_ROOT), "_VOXLOGICA_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert "voxlogica" in done.stdout, done.stderr


def test_make_runs_what_is_missing_and_only_that(desk: Desk) -> None:
    page = (_ROOT / "docs" / "pipelines.md").read_text("utf-8")
    (block,) = re.findall(r"^```make\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (desk.folder / "segment.imgql").write_text(_SAVES.replace('"image.nii.gz"', '"scan.nii.gz"'))
    shutil.copy(desk.folder / "image.nii.gz", desk.folder / "scan.nii.gz")
    (desk.folder / "Makefile").write_text(block)
    call = shlex.join([sys.executable, "-m", "voxlogica_core"])
    environment = {
        **os.environ,
        "VOXLOGICA_STORE": str(desk.folder / "s"),
        "PYTHONPATH": str(_ROOT),
    }

    def make() -> str:
        done = subprocess.run(
            ["make", f"VOXLOGICA={call}"],
            cwd=desk.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout

    assert "run segment.imgql" in make()
    assert (desk.folder / "results" / "mask.nii.gz").exists()
    assert (desk.folder / "results" / "numbers.txt").read_text() == "voxels=3\n"
    assert "run segment.imgql" not in make()


def test_research_use_is_said_where_results_are_met(desk: Desk) -> None:
    (desk.folder / "program.imgql").write_text(_SAVES)
    assert "not a medical device" in desk.voxlogica("--help").out
    assert desk.voxlogica("run", "program.imgql", "--quiet").code == exits.DONE
    assert "not a medical device" in (desk.folder / "mask.nii.gz.json").read_text("utf-8")
    for page in ("README.md", "vscode-extension/README.md"):
        assert "not a medical device" in (_ROOT / page).read_text("utf-8"), page


def test_the_version_is_told_by_a_flag_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["--version"]) == exits.DONE
    assert re.fullmatch(r"voxlogica \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("chek", "did you mean check"),
        ("zzz", "--help lists them"),
        ("brain.imgql", "did you mean voxlogica run brain.imgql"),
    ],
)
def test_of_a_command_that_is_not_there_the_nearest_are_named(
    word: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome([word]) == exits.USAGE
    assert told in capsys.readouterr().err


def test_groups_tell_what_their_commands_do_without_dots(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(["cache", "--help"]) == exits.DONE
    listed = capsys.readouterr().out.partition("Commands:")[2]
    assert "history." in listed
    assert "..." not in listed


def test_a_plan_tells_goals_and_names_by_the_numbers_of_their_nodes(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    program = desk.folder / "program.imgql"
    program.write_text('let t = 100\nlet more = t + 1\nprint "x" [t, more]\n')
    assert outcome(["plan", str(program), "--store", str(desk.folder / "s")]) == exits.DONE
    shown = capsys.readouterr().out
    nodes = dict(re.findall(r"^ *(\d+)  [0-9a-f]{12}  (\S+ \S+)", shown, re.MULTILINE))
    names = dict(re.findall(r"^  (t|more|print x) +(\d+)$", shown, re.MULTILINE))
    assert nodes[names["t"]] == "literal 100.0"
    assert nodes[names["more"]] == "literal 101.0"
    assert nodes[names["print x"]].startswith("list")
    assert not re.search(r" $", shown, re.MULTILINE)


def test_errors_stand_under_the_working_folder_where_they_can(desk: Desk) -> None:
    (desk.folder / "inner").mkdir()
    (desk.folder / "inner" / "p.imgql").write_text('print "x" noise')
    assert " --> inner/p.imgql:1:11\n" in desk.voxlogica("check", "inner/p.imgql").err


def test_a_program_without_goals_is_told_of(desk: Desk) -> None:
    answer = desk.voxlogica("run", "program.imgql", program="let a = 1\n")
    assert (answer.code, answer.out) == (exits.DONE, "")
    assert "nothing to run: a program asks for values" in answer.err


def test_only_what_a_check_found_is_told_as_json(desk: Desk) -> None:
    (desk.folder / "b.imgql").write_text("let a=1\n")
    (desk.folder / "c.imgql").write_text("let a = 1\n")
    answer = desk.voxlogica("format", "b.imgql", "c.imgql", "--check", "--json")
    assert answer.code == exits.FAILED
    assert answer.object["files"] == [
        {"file": "b.imgql", "changes": True, "broken": 0},
        {"file": "c.imgql", "changes": False, "broken": 0},
    ]
    assert desk.voxlogica("format", "b.imgql", "--json").code == exits.USAGE
