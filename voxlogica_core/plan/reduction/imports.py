"""Imports: files and namespaces, each file once, cycles told; and what a file declares."""

from pathlib import PurePath
from typing import TYPE_CHECKING

from voxlogica_core.errors import FileError
from voxlogica_core.plan.outside.shipped import (
    OPERATORS,
    library,
    shipped_namespace,
    shipped_namespaces,
)
from voxlogica_core.plan.reduction.keys import declared_key
from voxlogica_core.plan.reduction.meaning import Declared, Definition, FileScope, Root, Scope
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.syntax.parser import parse
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.reducer import Reducer

_LIBRARY_NAMES = frozenset({"stdlib", "stdlib.imgql"})


def declare_library(shipped: FileScope) -> None:
    """Enter the standard library: files of one scope, each seeing what the earlier ones declare."""
    position = 0
    for source, parsed in library():
        file = FileScope(source.path, "", source.path, declared=shipped.declared)
        for statement in parsed.program.statements:
            if isinstance(statement, tree.Declaration | tree.Load):
                enter(declared_at(statement, Root(file, position)))
            position += 1


def declared_at(statement: tree.Declaration | tree.Load, root: Root) -> Declared:
    """Return the declaration that a statement makes."""
    formals = statement.formals if isinstance(statement, tree.Declaration) else None
    definition = Definition(
        statement.name.text,
        "function" if formals else "declaration",
        statement.name.span,
        root.file.path,
        statement.documentation,
        root,
    )
    return Declared(statement, root, definition, declared_key(statement.name, formals))


def enter(declared: Declared) -> None:
    """Enter a declaration into the scope of its file."""
    declared.root.file.declared.enter(declared.key, declared.position, declared)


def add_broken(statement: tree.Broken, root: Root) -> None:
    """Note the names that a broken statement would have declared: they are silent."""
    file = root.file
    for name in statement.names:
        definition = Definition(name.text, "declaration", name.span, file.path, root=root)
        file.broken[name.text] = definition


class Importer:
    """Enters files into scopes, the program first.

    Parameters
    ----------
    dialect
        What imported files are written in that do not state it.
    """

    def __init__(self, reducer: "Reducer", dialect: Dialect | None) -> None:
        self._reducer = reducer
        self._dialect: Dialect | None = dialect
        self._files: dict[str, FileScope] = {}
        self._active: list[str] = []
        self.texts: dict[str, str] = {}
        """Of the files that were read, by path."""

    def enter(self, program: tree.Program, file: FileScope) -> None:
        """Enter every statement of an imported file, importing as it says."""
        for position, statement in enumerate(program.statements):
            match statement:
                case tree.Declaration() | tree.Load():
                    enter(declared_at(statement, Root(file, position)))
                case tree.Import():
                    self.add(statement, Root(file, position))
                case tree.Broken():
                    add_broken(statement, Root(file, position))
                case tree.Print() | tree.Save():
                    pass

    def add(self, statement: tree.Import, root: Root) -> None:
        """Import what a statement says into its file."""
        target, position, file = statement.target, root.position, root.file
        name = target.value
        if name in _LIBRARY_NAMES:
            return
        is_namespace = name in self._reducer.table.catalogue.namespaces()
        if is_namespace:
            file.namespaces.append((position, name))
        if name in shipped_namespaces():
            file.imports.append((position, self._shipped(name)))
        elif not is_namespace:
            self._import_file(target, root)

    def _import_file(self, target: tree.StringLiteral, root: Root) -> None:
        name, file = target.value, root.file
        scope = Scope(root)
        path = self._found(name, file)
        if path is None:
            broken = self._reducer.table.catalogue.broken.get(name)
            message = broken or f"there is no namespace and no file {name}"
            self._reducer.failure("import-not-found", message, target.span, scope)
        elif path in self._active or path == file.location:
            chain = " imports ".join(PurePath(p).name for p in [*self._active, path])
            message = f"these files import each other in a circle: {chain}"
            self._reducer.failure("import-cycle", message, target.span, scope)
        elif imported := self._file(path, target, scope):
            file.imports.append((root.position, imported))

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
        self.texts[path] = text
        parsed = parse(SourceText(text, path), OPERATORS, dialect=self._dialect)
        for found in parsed.diagnostics:
            self._reducer.findings.foreign.append(
                Diagnostic(found.code, found.severity, found.message, found.span, path=path)
            )
        file = FileScope(path, str(PurePath(path).parent), path, reading=parsed.program.reading)
        self._active.append(path)
        self.enter(parsed.program, file)
        self._active.pop()
        self._files[path] = file
        return file
