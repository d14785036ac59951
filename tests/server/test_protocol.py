"""Traps of the protocol: every request gets one answer, and the process ends as it should."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE
from tests.support.wire import QuickWire, Wire

NOISY = """
import ctypes, os, pathlib, sys, threading
import voxlogica_server.__main__ as start
def noise():
    libc = ctypes.CDLL(None)
    for _ in range(50):
        libc.puts(b"a kernel says hello")
        libc.fflush(None)
    pathlib.Path(os.environ["NOISE"]).touch()
threading.Timer(0.1, noise).start()
sys.argv = ["voxlogica-lsp"]
start.main()
"""
LARGE = "".join(f"let a{n} = {n} + 0.{n}\n" for n in range(4000))
"""Takes a second to be analysed."""


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with QuickWire(tmp_path) as wire:
        yield wire


def test_parameters_that_make_no_sense_are_answered_with_an_error(wire: Wire) -> None:
    wire.initialize()
    for params in ({"foo": 1}, [], "text", None, 3):
        assert wire.ask("textDocument/hover", params)["error"]["code"] == -32602


def test_an_unknown_method_is_answered_with_an_error(wire: Wire) -> None:
    wire.initialize()
    assert wire.ask("textDocument/dance", {})["error"]["code"] == -32601


def test_an_unknown_document_is_answered_with_an_error(wire: Wire) -> None:
    wire.initialize()
    position = {"textDocument": {"uri": "file:///no"}, "position": {"line": 0, "character": 0}}
    error = wire.ask("textDocument/hover", position)["error"]
    assert error["code"] == -32602
    assert "file:///no" in error["message"]


def test_an_unknown_command_is_answered_with_the_known_ones(wire: Wire) -> None:
    wire.initialize()
    error = wire.ask("workspace/executeCommand", {"command": "imgql.server.dance"})["error"]
    assert "imgql.server.run" in error["message"]


def test_nothing_is_answered_before_initialize(wire: Wire) -> None:
    assert wire.ask("textDocument/hover", {})["error"]["code"] == -32002


def test_text_that_is_no_json_is_answered_and_the_next_message_is_read(wire: Wire) -> None:
    wire.initialize()
    wire.write(b"Content-Length: 5\r\n\r\n{nope")
    assert wire.until(lambda m: "error" in m)["error"]["code"] == -32700
    assert wire.command_result("doctor")["version"] == 1


def test_deeply_nested_json_is_answered_and_the_next_message_is_read(wire: Wire) -> None:
    wire.initialize()
    wire.write(b"Content-Length: 100000\r\n\r\n" + b"[" * 100_000)
    assert wire.until(lambda m: "error" in m)["error"]["code"] == -32700
    assert wire.command_result("doctor")["version"] == 1


def test_header_names_in_lower_case_are_understood(wire: Wire) -> None:
    wire.initialize()
    body = b'{"jsonrpc":"2.0","id":77,"method":"shutdown"}'
    wire.write(b"content-length: %d\r\n\r\n%s" % (len(body), body))
    assert wire.answer(77)["result"] is None


def test_a_key_jsonrpc_inside_arguments_is_an_argument(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open('print "a" 1')
    params = {"command": "imgql.server.status", "arguments": [uri, {"jsonrpc": "2.0", "id": 5}]}
    assert wire.ask("workspace/executeCommand", params)["result"] == []


def test_each_request_is_answered_once(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open("let a = 1")
    wire.diagnostics()
    position = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}}
    numbers = [wire.begin("textDocument/hover", position) for _ in range(20)]
    for number in numbers:
        wire.tell("$/cancelRequest", {"id": number})
    for _ in range(3):
        wire.command_result("doctor")
    answered = [message["id"] for message in wire.seen if "id" in message]
    assert [number for number in answered if number in numbers] == numbers


def test_no_fault_is_told_in_a_popup(wire: Wire) -> None:
    wire.initialize()
    wire.ask("textDocument/hover", {"foo": 1})
    wire.tell("textDocument/didChange", {"foo": 1})
    wire.tell("textDocument/didClose", {"textDocument": {"uri": "file:///never-opened"}})
    wire.command_result("doctor")
    methods = {message.get("method") for message in wire.seen}
    assert not methods & {"window/showMessage", "window/showMessageRequest"}


def test_shutdown_then_exit_ends_with_0(wire: Wire) -> None:
    wire.initialize()
    wire.ask("shutdown")
    wire.tell("exit")
    assert wire.process.wait(PATIENCE) == 0


def test_exit_without_shutdown_ends_with_1(wire: Wire) -> None:
    wire.initialize()
    wire.tell("exit")
    assert wire.process.wait(PATIENCE) == 1


def test_the_end_of_input_ends_the_server(wire: Wire) -> None:
    wire.initialize()
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.wait(PATIENCE) == 1


def test_requests_after_shutdown_are_refused(wire: Wire) -> None:
    wire.initialize()
    wire.ask("shutdown")
    assert wire.ask("textDocument/hover", {})["error"]["code"] == -32600


def test_shutdown_answers_requests_that_are_under_way(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open("let a = 1")
    position = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}}
    hover = wire.begin("textDocument/hover", position)
    shutdown = wire.begin("shutdown")
    answers = [wire.until(lambda m: m.get("id") in (hover, shutdown)) for _ in range(2)]
    assert {answer["id"] for answer in answers} == {hover, shutdown}


def test_the_server_ends_when_the_client_process_is_gone(wire: Wire) -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        params = {"processId": child.pid, "rootUri": None, "capabilities": {}}
        wire.ask("initialize", params)
        child.kill()
    assert wire.process.wait(PATIENCE) == 1


def test_what_libraries_print_does_not_break_the_protocol(tmp_path: Path) -> None:
    noise = tmp_path / "noise"
    with Wire(tmp_path, ("-c", NOISY), {"NOISE": str(noise)}) as wire:
        wire.initialize()
        uri = wire.open("let a = ")
        assert wire.diagnostics(1)
        end = time.monotonic() + PATIENCE
        while not noise.exists() and time.monotonic() < end:
            wire.command_result("doctor")
        assert noise.exists()
        assert wire.command_result("status", uri) == []
        wire.ask("shutdown")
        wire.tell("exit")
        assert wire.process.wait(PATIENCE) == 0


def test_the_server_imports_nothing_heavy(tmp_path: Path) -> None:
    with Wire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open('let a = 1\nprint "a" a')
        wire.diagnostics()
        wire.at("textDocument/hover", uri, 0, 4)
        wire.at("textDocument/completion", uri, 1, 10)
        assert wire.command_result("doctor")["heavy modules"] == []


def test_the_log_holds_no_program_text_at_any_level(wire: Wire, tmp_path: Path) -> None:
    wire.initialize(logLevel="debug")
    wire.open('let patient_mueller = "secret"')
    wire.diagnostics()
    wire.ask("textDocument/hover", {"textDocument": "secret"})
    wire.ask("shutdown")
    wire.tell("exit")
    wire.process.wait(PATIENCE)
    logs = [path.read_text() for path in tmp_path.rglob("server.log*")]
    assert logs
    assert not any("secret" in log or "mueller" in log for log in logs)


def test_a_second_request_of_the_same_id_is_refused_and_both_are_answered(wire: Wire) -> None:
    wire.initialize()
    with wire.together():
        uri = wire.open(LARGE)
        position = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}}
        for _ in range(2):
            wire.send({"id": "same", "method": "textDocument/hover", "params": position})
    first, second = wire.answer("same"), wire.answer("same")
    assert first["error"]["code"] == -32600
    assert "result" in second


def test_ids_may_be_texts_and_come_back_as_they_were(wire: Wire) -> None:
    wire.initialize()
    for name in ("7", "", "\ud800", "🧠", -7, 2**60):
        wire.send({"id": name, "method": "textDocument/dance"})
        assert wire.answer(name)["error"]["code"] == -32601


@pytest.mark.parametrize("name", [None, True, 1.5, [], {}])
def test_a_request_whose_id_is_no_id_is_answered_without_one(wire: Wire, name: object) -> None:
    wire.initialize()
    wire.send({"id": name, "method": "textDocument/hover"})
    answer = wire.until(lambda m: "error" in m)
    assert (answer["id"], answer["error"]["code"]) == (None, -32600)


def test_a_batch_is_answered_with_one_error(wire: Wire) -> None:
    wire.initialize()
    body = b'[{"jsonrpc":"2.0","id":5,"method":"shutdown"}]'
    wire.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    answer = wire.until(lambda m: "error" in m)
    assert (answer["id"], answer["error"]["code"]) == (None, -32600)
    assert wire.command_result("doctor")["version"] == 1


def test_an_answer_that_nobody_waits_for_is_passed_over(wire: Wire) -> None:
    wire.initialize()
    wire.send({"id": "voxlogica-99", "result": {}})
    wire.send({"id": "voxlogica-99", "error": "unclear"})
    assert wire.command_result("doctor")["version"] == 1


def test_a_cancelled_request_is_answered_at_once_while_others_wait(wire: Wire) -> None:
    """However many requests wait for an analysis, the server hears what comes."""
    wire.initialize()
    with wire.together():
        uri = wire.open(LARGE)
        position = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 4}}
        numbers = [wire.begin("textDocument/hover", position) for _ in range(100)]
        wire.tell("$/cancelRequest", {"id": numbers[70]})
    first = wire.until(lambda m: m.get("id") in numbers)
    assert (first["id"], first["error"]["code"]) == (numbers[70], -32800)
    assert [wire.answer(n)["id"] for n in numbers[:70]] == numbers[:70]


def test_exit_does_not_wait_for_what_is_under_way(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open(LARGE)
    wire.begin("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    wire.ask("shutdown")
    wire.tell("exit")
    assert wire.process.wait(PATIENCE) == 0


def test_the_end_of_input_ends_the_server_whatever_waits_to_be_done(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open(LARGE)
    document = {"textDocument": {"uri": uri}}
    for version in range(2, 300):
        wire.edit(uri, version, {"text": f"{LARGE}let b = {version}"})
        wire.begin("textDocument/semanticTokens/full", document)
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.wait(PATIENCE) == 1


def test_the_end_of_input_in_a_message_ends_the_server(wire: Wire) -> None:
    wire.initialize()
    wire.write(b'Content-Length: 1000\r\n\r\n{"jsonrpc"')
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.wait(PATIENCE) == 1


@pytest.mark.parametrize("header", [b"Content-Length: no\r\n\r\n", b"hello\r\n\r\n"])
def test_a_stream_that_holds_no_messages_ends_the_server(wire: Wire, header: bytes) -> None:
    wire.initialize()
    wire.write(header)
    assert wire.process.wait(PATIENCE) == 1


def test_traces_are_told_when_they_are_wanted(wire: Wire) -> None:
    wire.initialize()
    wire.tell("$/setTrace", {"value": "messages"})
    wire.ask("textDocument/dance")
    told = wire.until(lambda m: m.get("method") == "$/logTrace")["params"]
    assert told["message"].startswith("textDocument/dance was answered in ")
    assert "verbose" not in told
    wire.tell("$/setTrace", {"value": "verbose"})
    wire.ask("textDocument/dance")
    told = wire.until(lambda m: m.get("method") == "$/logTrace")["params"]
    assert told["verbose"].endswith(" bytes")
    wire.tell("$/setTrace", {"value": "loud"})
    wire.tell("$/setTrace", {"value": "off"})
    wire.ask("textDocument/dance")
    count = len([m for m in wire.seen if m.get("method") == "$/logTrace"])
    wire.ask("textDocument/dance")
    assert len([m for m in wire.seen if m.get("method") == "$/logTrace"]) == count


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 17), ("utf-16", 13), ("utf-32", 11)])
def test_columns_are_counted_in_the_first_encoding_the_client_names(
    wire: Wire, encoding: str, column: int
) -> None:
    offered = wire.start({"general": {"positionEncodings": ["ebcdic", encoding, "utf-16"]}})
    assert offered["positionEncoding"] == encoding
    wire.open('print "🧠🧠" zz')
    (found,) = wire.diagnostics(1)
    assert found["range"]["start"]["character"] == column


def test_large_numbers_mean_the_end_of_a_line(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open('let a = 1\nprint "a" b')
    assert wire.diagnostics(1)
    start, end = {"line": 1, "character": 10}, {"line": 1, "character": 2**53}
    wire.edit(uri, 2, {"range": {"start": start, "end": end}, "text": "a"})
    assert wire.diagnostics(2) == []


def test_a_byte_order_mark_takes_a_column_and_does_no_harm(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open('\ufefflet a = 1\nprint "a" a')
    assert wire.diagnostics(1) == []
    start, end = {"line": 0, "character": 9}, {"line": 0, "character": 10}
    wire.edit(uri, 2, {"range": {"start": start, "end": end}, "text": "zz"})
    assert [d["range"]["start"]["character"] for d in wire.diagnostics(2)] == [9]
