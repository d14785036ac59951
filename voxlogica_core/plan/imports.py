"""Imports: files and namespaces, each file once, cycles told; and what a file declares."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from voxlogica_core.errors import FileError
from voxlogica_core.plan.keys import declared_key
from voxlogica_core.plan.library import OPERATORS, shipped_namespace, shipped_namespaces
from voxlogica_core.plan.meaning import Definition
from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.scope import Declared, FileScope, Scope
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText

if TYPE_CHECKING:
    from voxlogica_core.plan.reducer import Reducer

_LIBRARY_NAMES = frozenset({"stdlib", "stdlib.imgql"})


def declare(program: tree.Program, file: FileScope, path: str | None) -> None:
    """Enter the declarations of a file that imports nothing."""
    for position, statement in enumerate(program.statements):
        if isinstance(statement, tree.Declaration | tree.Load):
            declare_one(statement, position, file, path)


def declare_one(
    statement: tree.Declaration | tree.Load, position: int, file: FileScope, path: str | None
) -> Declared:
    """Enter one declaration into the scope of its file."""
    formals = statement.formals if isinstance(statement, tree.Declaration) else None
    definition = Definition(
        statement.name.text,
        "function" if formals else "declaration",
        statement.name.span,
        path,
        statement.documentation,
    )
    declared = Declared(statement, file, position, definition)
    file.declare(declared_key(statement.name, formals), declared)
    return declared


class Importer:
    """Enters files into scopes, the program first.

    Parameters
    ----------
    settings
        Values from outside for constant declarations of the program.
    dialect
        What imported files are written in that do not state it.
    """

    def __init__(
        self, reducer: "Reducer", settings: Mapping[str, Scalar], dialect: Dialect | None
    ) -> None:
        self._reducer = reducer
        self._dialect: Dialect | None = dialect
        self._settings = settings
        self._files: dict[str, FileScope] = {}
        self._active: list[str] = []

    def enter(self, program: tree.Program, file: FileScope) -> None:
        """Enter every statement of a file, importing as it says."""
        for position, statement in enumerate(program.statements):
            match statement:
                case tree.Declaration() | tree.Load():
                    declared = declare_one(statement, position, file, file.path)
                    if file.path is None and statement.name.text in self._settings:
                        declared.meaning = self._reducer.literal(
                            self._settings[statement.name.text]
                        )
                case tree.Import(target=target):
                    self._import(target, position, file)
                case tree.Broken(names=names):
                    for name in names:
                        file.broken[name.text] = (
                            f"the statement that declares `{name.text}` is broken"
                        )
                case tree.Print() | tree.Save():
                    pass

    def _import(self, target: tree.StringLiteral, position: int, file: FileScope) -> None:
        name = target.value
        if name in _LIBRARY_NAMES:
            return
        is_namespace = name in self._reducer.table.catalogue.namespaces()
        if is_namespace:
            file.namespaces.append((position, name))
        if name in shipped_namespaces():
            file.imports.append((position, self._shipped(name)))
        elif not is_namespace:
            self._import_file(target, position, file)

    def _import_file(self, target: tree.StringLiteral, position: int, file: FileScope) -> None:
        name = target.value
        scope = Scope(file, position)
        path = self._found(name, file)
        if path is None:
            message = f"there is no namespace and no file {name}"
            self._reducer.failure("import-not-found", message, target.span, scope)
        elif path in self._active or path == file.location:
            chain = " imports ".join(PurePath(p).name for p in [*self._active, path])
            message = f"these files import each other in a circle: {chain}"
            self._reducer.failure("import-cycle", message, target.span, scope)
        elif imported := self._file(path, target, scope):
            file.imports.append((position, imported))

    def _shipped(self, name: str) -> FileScope:
        """Return a namespace that ships; its names may be written with and without its own."""
        if name not in self._files:
            source, parsed = shipped_namespace(name)
            file = FileScope(source.path, "", source.path)
            self.enter(parsed.program, file)
            for key, declared in list(file.declared.items()):
                file.declared[f"{name}.{key}"] = declared
            self._files[name] = file
        return self._files[name]

    def _found(self, name: str, file: FileScope) -> str | None:
        world = self._reducer.world
        return world.find(name, file.folder) or world.find(f"{name}.imgql", file.folder)

    def _file(self, path: str, target: tree.StringLiteral, scope: Scope) -> FileScope | None:
        if path in self._files:
            return self._files[path]
        try:
            text = self._reducer.world.read_text(path)
        except FileError as problem:
            self._reducer.failure("import-not-found", str(problem), target.span, scope)
            return None
        parsed = parse(SourceText(text, path), OPERATORS, dialect=self._dialect)
        for found in parsed.diagnostics:
            self._reducer.findings.add(
                Diagnostic(found.code, found.severity, found.message, found.span, path=path)
            )
        file = FileScope(path, str(PurePath(path).parent), path, reading=parsed.program.reading)
        self._active.append(path)
        self.enter(parsed.program, file)
        self._active.pop()
        self._files[path] = file
        return file
