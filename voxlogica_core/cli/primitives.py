"""``voxlogica primitives``: the reference of all that programs may call, made from declarations."""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import click

from voxlogica_core.cli import exits, options
from voxlogica_core.errors import UsageError
from voxlogica_core.ide.hover.documentation import documentation
from voxlogica_core.ide.wording import signatures
from voxlogica_core.plan.outside.shipped import library, shipped_namespace, shipped_namespaces
from voxlogica_core.plan.reduction.names import ALWAYS
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.parser import Parsed

VERSION = 1
"""Of the JSON object; raised when a field changes its meaning."""
_LIBRARY = "stdlib"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the reference says of one name.

    Parameters
    ----------
    namespace
        Where it is from; `stdlib` for functions written in the language itself.
    needs_import
        Whether a program must import the namespace.
    version
        Of a primitive; empty for a function of the library.
    calls
        Pairs of a signature and its documentation.
    """

    name: str
    namespace: str
    needs_import: bool
    version: str
    operators: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]

    @property
    def summary(self) -> str:
        """First line of the documentation."""
        lines = next((text for _, text in self.calls if text), "").splitlines()
        return lines[0].replace("``", "`") if lines else ""


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the names that begin with what has been typed, for shells."""
    del ctx, param
    return sorted({e.name for e in reference() if e.name.startswith(incomplete)})


@click.command(
    "primitives",
    epilog=options.examples(
        "voxlogica primitives",
        "voxlogica primitives percentiles",
        "voxlogica primitives --json",
    ),
)
@click.argument("name", required=False, shell_complete=_names)
@options.as_json
def command(name: str | None, *, as_json: bool) -> int:
    """Say what NAME does and how it is called; without NAME, list all that programs may call.

    NAME is a name, with or without its namespace, or an operator such as "+".
    """
    entries = sorted(reference(), key=lambda entry: (entry.namespace, entry.name))
    if name is not None:
        entries = _named(name, entries)
    if as_json:
        objects = [{**asdict(entry), "summary": entry.summary} for entry in entries]
        click.echo(json.dumps({"version": VERSION, "primitives": objects}))
    elif name is None:
        _list(entries)
    else:
        click.echo(pages_of(name))
    return exits.DONE


def pages_of(name: str) -> str:
    """Return what the reference says of a name.

    Raises
    ------
    UsageError
        There is no such name; with the nearest ones.
    """
    return "\n\n".join(_page(entry) for entry in _named(name, reference()))


def reference() -> Iterator[Entry]:
    """Yield what programs may call: primitives, then functions of the library."""
    for primitive in catalogue_for(Path.cwd()):
        yield _of_primitive(primitive)
    for _, parsed in library():
        yield from _of_library(parsed, _LIBRARY)
    for namespace in sorted(shipped_namespaces()):
        yield from _of_library(shipped_namespace(namespace)[1], namespace)


def _of_primitive(primitive: Primitive) -> Entry:
    calls = {
        signatures(replace(primitive, overloads=(overload,)))[0]: overload.documentation
        for overload in primitive.overloads
    }
    return Entry(
        primitive.name,
        primitive.namespace,
        primitive.namespace not in ALWAYS,
        primitive.version,
        primitive.operators,
        tuple(calls.items()),
    )


def _of_library(parsed: Parsed, namespace: str) -> Iterator[Entry]:
    for statement in parsed.program.statements:
        if isinstance(statement, tree.Declaration):
            name = statement.name.text
            formals = ", ".join(formal.text for formal in statement.formals or ())
            called = f"{name}({formals})" if formals else name
            calls = ((called, statement.documentation),)
            yield Entry(name, namespace, namespace != _LIBRARY, "", (), calls)


def _named(name: str, entries: Iterable[Entry]) -> list[Entry]:
    known = list(entries)
    found = [
        entry
        for entry in known
        if name in (entry.name, f"{entry.namespace}.{entry.name}", *entry.operators)
    ]
    if found:
        return found
    near = get_close_matches(name, {entry.name for entry in known}, n=3, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}?" if near else "`voxlogica primitives` lists them"
    raise UsageError(f"there is no primitive {name}; {meant}")


def _list(entries: Iterable[Entry]) -> None:
    """List names with their summaries, cut to the width of a terminal, whole elsewhere."""
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    namespace = None
    for entry in entries:
        if entry.namespace != namespace:
            namespace = entry.namespace
            click.echo(
                f"\n{namespace}" + (f'  (import "{namespace}")' if entry.needs_import else "")
            )
        called = " ".join([entry.name, *entry.operators])
        click.echo(_cut(f"  {called:<20}  {entry.summary}", room))


def _cut(line: str, room: int | None) -> str:
    return line if room is None or len(line) <= room else f"{line[: room - 1]}…"


def _page(entry: Entry) -> str:
    head = f"{entry.namespace}.{entry.name}"
    notes = [f"version {entry.version}"] if entry.version else []
    notes += [f"operator {' '.join(entry.operators)}"] if entry.operators else []
    notes += [f'import "{entry.namespace}"'] if entry.needs_import else []
    title = f"{head}  ({', '.join(notes)})" if notes else head
    calls = [
        f"{signature}\n\n{_indented(documentation(text, markdown=False))}"
        for signature, text in entry.calls
    ]
    return "\n\n".join([title, *calls]).rstrip()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.replace("``", "`").splitlines())
