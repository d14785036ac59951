"""Documents come, change and go; files on the disk change."""

from lsprotocol import types

from voxlogica_server.convert import change_of
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session


def opened(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """Take over a document."""
    given = params.text_document
    session.open(given.uri, given.version, given.text)


def opened_anew(session: Session, runs: Runs, params: types.DidOpenTextDocumentParams) -> None:
    """Take over a document, and follow what runs of it detached."""
    opened(session, params)
    runs.detached.look(params.text_document.uri)


def changed(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """Apply edits."""
    given = params.text_document
    session.change(given.uri, given.version, [change_of(c) for c in params.content_changes])


def closed(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a document."""
    session.close(params.text_document.uri)


def files_changed(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """Look again at everything: an import or an input image may be another."""
    del params
    session.analyse_again()
