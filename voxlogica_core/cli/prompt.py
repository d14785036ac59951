"""Where lines are typed: editing, history and completion at a terminal. Understands no program."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from voxlogica_core.cli.programs import decoded, unreadable
from voxlogica_core.cli.repl_session import Session

PROMPT, MORE = "imgql> ", "   ... "


class Completions(Completer):
    """What the language proposes, as the prompt wants it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield what may be written at the cursor; nothing in front of an empty line."""
        del complete_event
        if not document.text.strip() or document.text.startswith(":"):
            return
        for found in self._session.proposals(document.text, document.cursor_position):
            if found.edits or found.is_snippet:  # an import elsewhere, places to fill in
                continue
            back = found.span.end - found.span.start if found.span else 0
            text = found.insert or found.name
            yield Completion(text, -back, display=found.name, display_meta=found.detail)


def entries(session: Session) -> Iterator[str]:
    """Yield what is typed, entry by entry; lines of standard input where that is no terminal."""
    if sys.stdin.isatty():
        yield from _typed(_prompt(session))
    else:
        yield from _piped(session)


def _piped(session: Session) -> Iterator[str]:
    """Yield entries of standard input; not a byte more is read than was answered.

    So the process after a crash finds the rest there, and whoever writes may wait for answers.
    """
    entry = ""
    for line in _lines():
        entry += decoded(line, "standard input")
        if session.is_whole(entry.rstrip("\n")) or not line.strip():
            yield entry
            entry = ""
    if entry.strip():
        yield entry


def _lines() -> Iterator[bytes]:
    try:
        with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as lines:
            yield from lines
    except OSError as problem:
        raise unreadable(problem) from problem


def _typed(prompt: "PromptSession[str]") -> Iterator[str]:
    while True:
        try:
            yield prompt.prompt(PROMPT)
        except KeyboardInterrupt:
            continue  # as shells do: the line is dropped
        except EOFError:
            return


def _prompt(session: Session) -> "PromptSession[str]":
    keys = KeyBindings()
    made: PromptSession[str] = PromptSession(
        history=_history(user_state_path("voxlogica", appauthor=False)),
        completer=Completions(session),
        complete_while_typing=False,
        multiline=True,
        key_bindings=keys,
        prompt_continuation=MORE,
    )

    @Condition
    def is_whole() -> bool:
        return session.is_whole(made.default_buffer.text)

    @keys.add("enter", filter=is_whole)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return made


def _history(folder: Path) -> History:
    """Return what was typed before, in a file that only its owner may read; else nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "repl-history"
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(file)
