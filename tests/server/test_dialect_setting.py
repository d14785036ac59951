"""The dialect of the editor's settings: programs that state none are read in it, and run so."""

from pathlib import Path

from tests.support.wire import QuickWire

_TEXT = 'print "x" 10 - 3 - 2'


def test_a_program_is_read_and_run_in_the_dialect_of_the_settings(tmp_path: Path) -> None:
    for dialect, value in (("voxlogica1", 9), ("imgql2", 5)):
        with QuickWire(tmp_path) as wire:
            wire.initialize(dialect=dialect)
            uri = wire.open(_TEXT)
            assert wire.diagnostics() == []
            result = wire.command_result("run", uri)
            assert [goal["value"] for goal in result["goals"]] == [value]


def test_an_unknown_dialect_is_that_of_files_that_state_theirs(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        wire.initialize(dialect="klingon")
        uri = wire.open(_TEXT)
        result = wire.command_result("run", uri)
        assert [goal["value"] for goal in result["goals"]] == [5]


def test_a_question_asked_before_the_settings_came_is_answered_all_the_same(tmp_path: Path) -> None:
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        lines = "".join(f"let a{number} = {number} - 3 - 2\n" for number in range(2000))
        uri = wire.open(lines + _TEXT)
        command = {"command": "imgql.server.status", "arguments": [uri]}
        number = wire.begin("workspace/executeCommand", command)
        settings = {"settings": {"voxlogica": {"dialect": "voxlogica1"}}}
        wire.tell("workspace/didChangeConfiguration", settings)
        assert len(wire.answer(number)["result"]) == 2000
