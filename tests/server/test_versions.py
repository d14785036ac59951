"""Versions of a text: stale work is dropped, what it made is used, and memory is given back."""

import asyncio
import gc
import threading
import weakref
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from lsprotocol import types

from tests.support.processes import PATIENCE
from tests.support.sessions import Listener, session
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.plan import session as plan_session
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.text.source_text import SourceText
from voxlogica_server.documents import Change
from voxlogica_server.homes import Home
from voxlogica_server.requests.colours import Colours
from voxlogica_server.requests.formatting import Formatting
from voxlogica_server.session import Session, pause

URI = "file:///home/program.imgql"


def typed(versions: Session, uri: str, version: int, text: str) -> None:
    versions.change(uri, version, [Change(text)])


async def latest(versions: Session, uri: str = URI) -> Analysis:
    return (await versions.analysed(uri))[1]


def test_an_analysis_waits_only_for_who_types_a_long_text_and_never_long() -> None:
    assert pause(analysis=0.01, since=0.05) == 0  # a short text: at once
    assert pause(analysis=1.5, since=2.0) == 0  # the first key after a while: at once
    waits = [pause(analysis=seconds, since=0.05) for seconds in (0.06, 0.08, 1.5)]
    assert waits == sorted(waits)
    assert 0 < waits[0] <= waits[-1] <= 0.02


@pytest.mark.asyncio
async def test_of_many_edits_only_the_newest_text_is_analysed(tmp_path: Path) -> None:
    client = Listener()
    made = session(tmp_path, client)
    made.open(URI, 1, "let a = 0")
    for version in range(2, 60):
        typed(made, URI, version, f"let a = {version}")
    assert (await latest(made)).source.text == "let a = 59"
    assert client.versions == [59]
    made.end()


@pytest.mark.asyncio
async def test_a_clock_that_stands_still_or_jumps_holds_up_no_edit(tmp_path: Path) -> None:
    hours = iter([0.0, 0.0, -1e9, 1e12, 1e12, 5.0, 5.0, 5.0])
    client = Listener()
    made = session(tmp_path, client, lambda: next(hours))
    made.open(URI, 1, "let a = 0")
    for version in range(2, 8):
        made.analyst.seconds = 10.0
        typed(made, URI, version, f"let a = {version}")
        assert (await latest(made)).source.text == f"let a = {version}"
    assert client.versions == [2, 3, 4, 5, 6, 7]
    made.end()


class Text:
    """A text that is edited; says when somebody begins to analyse it, and what was kept."""

    def __init__(self) -> None:
        self.kept: list[Analysis] = []
        self.begun = threading.Event()

    @property
    def latest(self) -> Analysis | None:
        self.begun.set()
        return self.kept[-1] if self.kept else None

    @latest.setter
    def latest(self, found: Analysis) -> None:
        self.kept.append(found)


@pytest.mark.asyncio
async def test_what_was_made_of_a_stale_version_serves_the_next(tmp_path: Path) -> None:
    made, text, home = session(tmp_path, Listener()), Text(), Home(tmp_path, None)
    first, second = SourceText("let a = 1\nlet b = a"), SourceText("let a = 1\nlet b = a + 1")
    stale = asyncio.create_task(made.analyst.next_analysis(first, home, text))
    async with asyncio.timeout(PATIENCE):
        while not text.begun.is_set():
            await asyncio.sleep(0)
    stale.cancel()
    newer = await made.analyst.next_analysis(second, home, text)
    assert [analysis.source for analysis in text.kept] == [first, second]
    assert newer.session is text.kept[0].session
    with pytest.raises(asyncio.CancelledError):
        await stale
    made.end()


@pytest.mark.asyncio
async def test_a_question_about_what_runs_need_is_asked_once_and_then_forgotten(
    tmp_path: Path,
) -> None:
    made = session(tmp_path, Listener())
    made.open(URI, 1, 'let a = sqrt(2) + 1\nprint "a" a')
    reading, analysis = made.reading, await latest(made)
    known = reading.needed(analysis)
    assert reading.needed(analysis) is known
    typed(made, URI, 2, "let b = 1")  # lets go of what was asked about the text before
    assert (await latest(made)).plan.declarations.keys() == {"b"}
    gone = weakref.ref(analysis.plan.nodes)
    del analysis
    gc.collect()
    assert gone() is None
    made.end()


@pytest.mark.asyncio
async def test_nodes_that_no_version_needs_take_only_so_much_room(tmp_path: Path) -> None:
    client = Listener()
    made = session(tmp_path, client)
    chain = "\n".join(f"let n{k} = sqrt(n{k - 1} + {k})" for k in range(1, 300))
    sizes: list[int] = []
    made.open(URI, 1, "let n0 = 0")
    for version in range(2, 32):
        typed(made, URI, version, f"let n0 = volume(border) + {version}\n{chain}")
        sizes.append(len((await latest(made)).nodes))
    own = sizes[0]
    assert max(sizes) <= 2 * own + plan_session.ROOM
    assert any(after < before for before, after in pairwise(sizes))  # some were dropped
    made.end()


@pytest.mark.asyncio
async def test_of_closed_documents_nothing_is_kept(tmp_path: Path) -> None:
    made = session(tmp_path, Listener())
    colours, formatting = Colours(made), Formatting(made)
    for number in range(9):
        uri = f"file:///closed/{number}.imgql"
        made.open(uri, 1, f"let a{number} = {number}")
        document = types.TextDocumentIdentifier(uri)
        await colours.full(types.SemanticTokensParams(document))
        options = types.FormattingOptions(2, insert_spaces=True)
        await formatting.document(types.DocumentFormattingParams(document, options))
        if number < 8:
            made.close(uri)
    gc.collect()
    things = gc.get_objects()
    kept = {thing.source.path for thing in things if type(thing) is Analysis}  # proxies are things
    assert {path for path in kept if path and path.startswith("/closed/")} == {"/closed/8.imgql"}
    assert _held(colours) == _held(formatting) == {"file:///closed/8.imgql"}
    made.end()


def _held(answering: object) -> set[object]:
    """Return what is kept by name of document in something that answers requests."""
    tables = [table for table in vars(answering).values() if isinstance(table, dict)]
    return {uri for table in cast("list[dict[object, object]]", tables) for uri in table}


def test_one_digest_is_remembered_of_a_file_however_often_it_changes(tmp_path: Path) -> None:
    files, file = FileSystem(str(tmp_path), clock=lambda: 1 << 62), tmp_path / "a"
    digests: set[str | None] = set()
    for size in range(50):
        file.write_bytes(bytes(size))
        digests.add(files.digest(str(file)))
    assert len(digests) == 50
    assert len(files.remembered) == 1
