"""Commands for looking at values: as files for a viewer, and with other numbers. Thin translation.

Values are written by the runner; voxels never pass through this process.
"""

import json
from dataclasses import dataclass
from pathlib import Path, PurePath

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.actions.literals import near, number_at, stepped, sweep, values_of
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import declarations, declared_at, value_at
from voxlogica_core.ide.status.known import known_at
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.plan.node import NodeId
from voxlogica_core.syntax import tree
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span
from voxlogica_server.convert import range_of
from voxlogica_server.documents import Change, Document
from voxlogica_server.homes import Home
from voxlogica_server.requests import arguments
from voxlogica_server.runner.messages import Sight
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session

_AT_HAND = frozenset({"kept", "known"})
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a viewer asks for: where its files belong, and what may be done for them."""

    folder: Path
    compute: bool
    change: Change | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """A text, perhaps with a number changed that nobody has written, and a place in it."""

    document: Document
    analysis: Analysis
    activity: Activity
    offset: int


async def view(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return what a viewer shows of the value at a position, null where none stands.

    After the position come ``folder`` (for the files), ``compute`` (or only what is at hand) and
    ``change`` (a range and a text, as if that had been edited). The answer is that of ``show`` with
    ``title``, ``range``, ``computed`` (how many nodes were) and ``view``; that is null if ``value``
    says it all, or if the value cannot be had without computing.
    """
    wish = _wish(params)
    scene = await _scene(session, params, wish)
    reading = session.reading
    shown = await reading.ask(
        lambda: known_at(scene.analysis, scene.offset, reading.store, scene.activity)
    )
    if shown is None:
        return None
    node = NodeId(str(shown["node"]))
    found, computed = await reading.ask(lambda: _written(wish.folder, node)), 0
    is_wanted = wish.compute or shown["status"] in _AT_HAND
    if found is None and shown["value"] is None and is_wanted:
        home = session.home(scene.document)
        found, computed = await _seen(runs, scene.analysis, home, Sight(node, str(wish.folder)))
    span = _span(scene)
    return {
        **shown,
        "preview": None,
        "title": _title(scene, span),
        "range": range_of(span, scene.analysis.source, scene.document.encoding),
        "computed": computed,
        "view": found,
    }


async def view_file(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return what a viewer shows of an image file, as ``load`` reads it.

    The path comes first, then ``folder`` (for the files); the answer is ``node`` and ``view``.
    """
    path, folder = arguments.document_of(params), _folder(params, arguments.second_of(params))
    if not PurePath(path).is_absolute():
        raise UsageError(f"{params.command} wants the absolute path of a file, {path!r} came")
    quoted = path.replace("\\", r"\\").replace('"', r"\"")
    home = session.homes.of(path)
    source = SourceText(f'load image = "{quoted}"\n', str(Path(path).with_name("viewed.imgql")))
    analysis = await session.analyst.analysis(source, home, None)
    node = analysis.plan.declarations.get("image")
    if node is None:
        failed = [found.message for found in analysis.diagnostics if found.severity == "error"]
        message = failed[0] if failed else "no image"
        return {"node": "", "view": {"form": "failed", "message": message}}
    found = await session.reading.ask(lambda: _written(folder, node))
    if found is None:
        found, _ = await _seen(runs, analysis, home, Sight(node, str(folder)))
    return {"node": node, "view": found}


async def number(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the number at a position and what may stand in its place, null where none stands.

    After the position may come ``steps`` and ``digits`` (for ``next``), and ``values`` (the text of
    a list, for ``sweep``).
    """
    del runs
    found, analysis = await session.analysed(arguments.document_of(params))
    offset = found.document.offset(arguments.position_in(params))
    literal = number_at(analysis, offset)
    if literal is None:
        return None
    options = arguments.options_of(params)
    steps, digits = arguments.part_of(options, "steps"), arguments.part_of(options, "digits")
    listed = arguments.part_of(options, "values")
    return {
        "text": literal.text,
        "range": range_of(literal.span, analysis.source, found.document.encoding),
        "next": stepped(literal.text, _whole(steps), digits=_whole(digits)),
        "near": near(literal.text),
        "sweep": values_of(listed) if isinstance(listed, str) else sweep(literal.text),
    }


async def _scene(session: Session, params: types.ExecuteCommandParams, wish: _Wish) -> _Scene:
    found, analysis = await session.analysed(arguments.document_of(params))
    document = found.document
    offset = document.offset(arguments.position_in(params))
    if wish.change is None:
        return _Scene(document, analysis, found.activity, offset)
    assert wish.change.start is not None
    assert wish.change.end is not None
    start, end = document.offset(wish.change.start), document.offset(wish.change.end)
    edited = document.edited(document.version, [wish.change])
    changed = await session.analyst.analysis(edited.source, session.home(document), analysis)
    if offset >= end:
        place = offset + len(edited.source.text) - len(document.source.text)
    elif offset < start:
        place = offset
    elif (place := _place_of_name(declared_at(analysis, offset), changed)) is None:
        place = edited.offset(arguments.position_in(params))  # the same line and column
    return _Scene(edited, changed, found.activity, place)


def _place_of_name(declared: tree.Declaration | tree.Load | None, within: Analysis) -> int | None:
    """Return where the name that is declared here is declared in another text."""
    if declared is None:
        return None
    name = declared.name.text
    found = [each.name for each in declarations(within) if each.name.text == name]
    return found[-1].span.start if found else None


async def _seen(runs: Runs, analysis: Analysis, home: Home, sight: Sight) -> tuple[object, int]:
    """Return what was written of a value, or why nothing was, and how many nodes were computed."""
    result = await runs.see(analysis, home, sight)
    computed = arguments.part_of(arguments.part_of(result, "nodes"), "computed")
    found = result.get("view") or {"form": "failed", "message": _reason(result)}
    return found, _whole(computed)


def _reason(result: object) -> str:
    goals = arguments.part_of(result, "goals")
    return (
        str(arguments.part_of(goals[0], "message"))
        if isinstance(goals, list) and goals
        else ("the run ended before it had this value")
    )


def _written(folder: Path, node: NodeId) -> object:
    """Return what the file beside a value says that was written earlier, None if there is none."""
    try:
        view = json.loads((folder / f"{node}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return view if all(map(Path.exists, _files(view))) else None


def _files(view: object) -> list[Path]:
    items = arguments.part_of(view, "items")
    if isinstance(items, list):
        return [file for item in items for file in _files(item)]
    file = arguments.part_of(view, "file")
    return [Path(file)] if isinstance(file, str) else []


def _span(scene: _Scene) -> Span:
    if declared := declared_at(scene.analysis, scene.offset):
        return declared.name.span
    found = value_at(scene.analysis, scene.offset)
    return found.span if found else Span(scene.offset, scene.offset)


def _title(scene: _Scene, span: Span) -> str:
    text = " ".join(scene.analysis.source.text[span.start : span.end].split())
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"


def _wish(params: types.ExecuteCommandParams) -> _Wish:
    options = arguments.options_of(params)
    compute = arguments.part_of(options, "compute") is True
    change = _change(params, arguments.part_of(options, "change"))
    return _Wish(_folder(params, options), compute, change)


def _folder(params: types.ExecuteCommandParams, options: object) -> Path:
    folder = arguments.part_of(options, "folder")
    if not isinstance(folder, str) or not Path(folder).is_absolute():
        raise UsageError(f"{params.command} wants the absolute path of a folder, {folder!r} came")
    return Path(folder)


def _change(params: types.ExecuteCommandParams, given: object) -> Change | None:
    if given is None:
        return None
    place, text = (
        arguments.range_of(arguments.part_of(given, "range")),
        arguments.part_of(given, "text"),
    )
    if place is None or not isinstance(text, str):
        raise UsageError(f"{params.command} wants a change {{range, text}}, {given!r} came")
    return Change(text, *place)


def _whole(given: object) -> int:
    return given if isinstance(given, int) else 0
