"""Whatever the server keeps is bounded in bytes: by a figure of `bounds`, or by the open texts."""

import ast
import asyncio
import gc
import logging
import os
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from tests.support.processes import until_it
from tests.support.sessions import Listener, session
from tests.support.wire import ROOT
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.navigation.symbols import parsed_symbols
from voxlogica_core.primitives.catalogue import Catalogues, read_catalogue
from voxlogica_core.store.reader import PAGES, StoreReader
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.source_text import SourceText
from voxlogica_server import bounds
from voxlogica_server.documents import Change
from voxlogica_server.log import start_log
from voxlogica_server.pages import written
from voxlogica_server.programs import Kept
from voxlogica_server.requests.colours import Colours
from voxlogica_server.requests.formatting import Formatting
from voxlogica_server.requests.outlining import Outlining
from voxlogica_server.requests.pages import text_of
from voxlogica_server.runs import Runs
from voxlogica_server.world import FileMemory

TEXTS = "bounded by the open texts, goes with them"
FLOWS = "there while something goes on"
HELD = {
    "analyst.Analyst.texts": TEXTS,
    "desk.Desk._waiting": "requests under way: `ASKED`",
    "detached.DetachedRuns._attached": FLOWS,
    "detached.DetachedRuns._tasks": FLOWS,
    "programs.Kept.kept": "`OUTLINES`",
    "protocol.Protocol._answering": "requests under way: `ASKED`",
    "protocol.Protocol._asked": "one question of each kind, and those of requests under way",
    "requests.colours.Colours._painters": TEXTS,
    "requests.colours.Colours._sent": TEXTS,
    "requests.formatting.Formatting._formatters": TEXTS,
    "requests.outlining.Outlining._kept": TEXTS,
    "requests.structure.Outlines._kept": "`OUTLINES`",
    "requests.token_numbers.TokenNumbers._known": TEXTS,
    "runner.client.RunnerClient._lingering": FLOWS,
    "runner.client.RunnerClient._orders": FLOWS,
    "runner.client.RunnerClient._tasks": FLOWS,
    "runs.Runs._running": FLOWS,
    "session.Session._open": TEXTS,
    "session.Session.forgetting": "a few for each session",
    "session.Session.given_pages": "twenty names",
    "session.Session.listeners": "a few for each session",
    "workspace.Workspace._tasks": "one question of each kind",
    "world.FileMemory._busy": FLOWS,
    "world.FileMemory._looks": "`NAMES`",
    "world.FileMemory.digests": "`DIGESTS`",
    "world.FileMemory.imported": "`NAMES`",
}
"""Whatever grows and stays with an object of the server, and what bounds it."""

_WEAK = {"WeakKeyDictionary", "WeakValueDictionary"}
_GROWING = {"dict", "set", "list", "deque", "Bounded", "Kept"} | _WEAK


def taken(make: Callable[[], object]) -> int:
    """Return how many bytes it takes to have what `make` makes."""
    gc.collect()
    tracemalloc.start()
    try:
        made = make()
        gc.collect()
        size = tracemalloc.get_traced_memory()[0]
        assert made is not None
        return size
    finally:
        tracemalloc.stop()


def held_in(file: Path) -> Iterator[str]:
    """Yield the attributes of classes that begin as a container, by module, class and name."""
    module = ".".join(file.relative_to(ROOT / "server/voxlogica_server").with_suffix("").parts)
    for owner in ast.walk(ast.parse(file.read_text())):
        if not isinstance(owner, ast.ClassDef):
            continue
        for place in ast.walk(owner):
            match place:
                case (
                    ast.AnnAssign(target=ast.Attribute(attr=name), value=ast.AST() as value)
                    | ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.AST() as value)
                ) if _grows(value):
                    yield f"{module}.{owner.name}.{name}"
                case _:
                    pass


def _grows(value: ast.AST) -> bool:
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name))):
            return name in _GROWING
        case _:
            return False


def test_of_all_that_the_server_keeps_it_is_told_what_bounds_it() -> None:
    place = ROOT / "server" / "voxlogica_server"
    own = [f for f in sorted(place.rglob("*.py")) if f.name not in ("process.py", "detached.py")]
    found = {name for file in [*own, place / "detached.py"] for name in held_in(file)}
    assert found == HELD.keys()


def test_digests_and_names_of_files_take_what_they_may() -> None:
    def remembered() -> FileMemory:
        memory = FileMemory(bool)
        for number in range(25_000):
            path = f"/home/somebody/study/case-{number}/scans/flair-{number}.nii.gz"
            memory.digests[path] = (path, number + 1000, number + 10**18, 5), f"{number:064}"
            memory.imported[f"/home/somebody/programs/{number}.imgql"] = None
        assert memory.digests.bytes <= bounds.DIGESTS
        assert memory.imported.bytes <= bounds.NAMES
        assert len(memory.digests) > 10_000
        return memory

    assert taken(remembered) < 1.2 * (bounds.DIGESTS + bounds.NAMES)


def test_outlines_of_closed_files_take_what_they_may(tmp_path: Path) -> None:
    text = "".join(f"/// What it is.\nlet name{n} = {n} + threshold({n})\n" for n in range(40))
    paths = [tmp_path / f"{number}.imgql" for number in range(25)]
    for number, path in enumerate(paths):
        path.write_text(f"{text}let own = {number}\n")

    def outline(path: str) -> object:
        source = SourceText(Path(path).read_text(), path)
        return source, parsed_symbols(source, parse(source))

    outline(str(paths[0]))  # reads the grammar, which stays

    def kept() -> Kept[object]:
        outlines = Kept(outline, bounds.MEGABYTE // 2)
        for path in paths:
            assert outlines.of(str(path)) is not None
        assert 5 < len(outlines.kept) < len(paths)
        assert outlines.kept.bytes <= bounds.MEGABYTE // 2
        return outlines

    assert taken(kept) < bounds.MEGABYTE


def test_primitives_of_users_take_what_they_may(tmp_path: Path) -> None:
    ours = read_catalogue()
    declared = (ROOT / "tests/support/running_primitives.py").read_text()
    folders = [tmp_path / f"{number}" for number in range(4)]
    for folder in folders:
        folder.mkdir()
        (folder / "voxlogica.toml").write_text('primitives = ["own.py"]\n')
        (folder / "own.py").write_text(declared)
    catalogues = Catalogues(ours, most := bounds.MEGABYTE // 2)
    for folder in [*folders, folders[0]]:
        assert "test" in catalogues.of(folder).namespaces()
        assert catalogues.known.bytes <= most
    assert 0 < len(catalogues.known) < len(folders)
    for number in range(500):
        catalogues.of(tmp_path / "none" / str(number))
    assert catalogues.known.bytes <= most
    assert len(catalogues.known) < 500


def test_pages_of_the_database_take_what_they_may(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "store").close()
    reader = StoreReader(tmp_path / "store")
    assert reader.rows("PRAGMA cache_size") == [(-PAGES // 1024,)]
    assert reader.rows("PRAGMA mmap_size") == [(0,)]
    reader.close()


def test_pages_on_the_disk_take_what_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    text = "x" * bounds.MEGABYTE
    paths = [written(f"node-{number}", text) for number in range(bounds.VIEWS // len(text) + 5)]
    left = [path for path in paths if path.exists()]
    assert sum(path.stat().st_size for path in left) <= bounds.VIEWS
    assert left == paths[5:]


@pytest.fixture
def fresh_log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level, raises = list(root.handlers), root.level, logging.raiseExceptions
    root.handlers = []
    start_log(tmp_path)
    root.handlers = [each for each in root.handlers if type(each) is not logging.StreamHandler]
    yield tmp_path
    for handler in root.handlers:
        handler.close()
    root.handlers, logging.raiseExceptions = before, raises
    root.setLevel(level)


def test_the_log_takes_what_it_may(fresh_log: Path) -> None:
    log = logging.getLogger("voxlogica_server.test")
    log.info("%s", "long" * 1_000_000)
    assert (fresh_log / "server.log").stat().st_size < 2 * bounds.LINE
    for number in range(1200):
        log.warning("%s %s", number, "\ud800é" * (bounds.LINE // 2))
    files = list(fresh_log.iterdir())
    assert len(files) == bounds.LOGS
    assert all(file.stat().st_size <= bounds.LOG for file in files)
    assert "1199 " in (fresh_log / "server.log").read_text()


@pytest.mark.asyncio
async def test_words_numbers_and_outlines_of_statements_go_with_the_statements(
    tmp_path: Path,
) -> None:
    count, uri = 40, "file:///home/program.imgql"
    made = session(tmp_path, Listener())
    colours, outlining = Colours(made), Outlining(made)
    lines = [f"let a{number} = {number}" for number in range(count)]
    document = types.TextDocumentIdentifier(uri)
    made.open(uri, 1, "\n".join(lines))
    for version in range(2, 300):
        lines[version % count] = f"let a{version % count} = {version} + sqrt({version})"
        made.change(uri, version, [Change("\n".join(lines))])
        await colours.full(types.SemanticTokensParams(document))
        await outlining.symbols(types.DocumentSymbolParams(document))
    assert max(_pieces().values()) <= 2 * count  # of the newest analysis, and one before it
    made.close(uri)
    assert sum(_pieces().values()) == 0
    made.end()


def _pieces() -> Counter[str]:
    """Return how many words, numbers and outlines of statements there are, by kind."""
    gc.collect()
    found = [type(thing).__qualname__ for thing in gc.get_objects()]  # its type: proxies tell lies
    return Counter(name for name in found if name in ("Passage", "_Written"))


@pytest.mark.asyncio
async def test_of_two_hundred_texts_that_were_closed_nothing_is_left(tmp_path: Path) -> None:
    made = session(tmp_path, client := Listener())
    colours, formatting, outlining = Colours(made), Formatting(made), Outlining(made)
    lines = "\n".join(f"let a{number} = {number}" for number in range(10))

    async def visit(number: int) -> None:
        uri = f"file:///closed/{number}.imgql"
        document = types.TextDocumentIdentifier(uri)
        made.open(uri, 1, f"{lines}\nlet own = {number}")
        await colours.full(types.SemanticTokensParams(document))
        await outlining.symbols(types.DocumentSymbolParams(document))
        options = types.FormattingOptions(2, insert_spaces=True)
        await formatting.document(types.DocumentFormattingParams(document, options))
        made.close(uri)
        client.told.clear()

    for number in range(5):
        await visit(number)
    gc.collect()
    before = sys.getallocatedblocks()
    for number in range(5, 200):
        await visit(number)
    gc.collect()
    assert (
        sys.getallocatedblocks() - before < 10 * 195
    )  # a text has thousands; the library keeps 128 URIs
    made.end()


@pytest.mark.asyncio
async def test_names_of_any_length_are_served_and_not_kept(tmp_path: Path) -> None:
    made = session(tmp_path, client := Listener())
    with pytest.raises(UsageError, match="no page has one"):
        await text_of(made, f"imgql-node:/{'x' * bounds.MEGABYTE}.md")
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(20):
            uri = f"file:///{number}/{'x' * bounds.MEGABYTE}.imgql"
            made.open(uri, 1, "let a = 1")
            await made.analysed(uri)
            made.close(uri)
            await asyncio.sleep(0)
            client.told.clear()
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 5 * bounds.MEGABYTE
    finally:
        tracemalloc.stop()
    made.end()


@pytest.mark.asyncio
async def test_a_run_leaves_nothing_that_waits_for_a_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server collects seldom: a program that hangs on its last run would take memory."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "server"), str(ROOT)]))
    uri = (tmp_path / "program.imgql").as_uri()
    made = session(tmp_path, client := Listener())
    runs = Runs(made, client)
    left: list[int] = []
    made.open(uri, 1, "")
    for version in range(2, 6):
        made.change(uri, version, [Change(f'print "a" sqrt({version}) + 1')])
        await made.analysed(uri)
        gc.collect()
        gc.disable()
        try:
            assert (await runs.run(uri, None))["nodes"]
            left.append(gc.collect())
        finally:
            gc.enable()
    runs.end()
    assert await until_it(lambda: runs.runner_process is None)
    for _ in range(3):
        await asyncio.sleep(0)
    made.end()
    assert max(left[1:]) < 50  # a small program alone is more
