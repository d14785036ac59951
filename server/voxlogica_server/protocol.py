"""Messages in, answers out: every request is answered exactly once. Knows no feature.

pygls gives types, conversion and what goes out. What comes in is taken here, because pygls leaves
requests with wrong parameters without an answer, takes a key ``jsonrpc`` anywhere in a message for
a message, tells the user of our faults in pop-ups, and ends in success where it should not.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from cattrs import Converter
from cattrs.errors import BaseValidationError
from lsprotocol import types
from lsprotocol.types import ErrorCodes, LSPErrorCodes, ResponseError
from pygls.protocol import LanguageServerProtocol

from voxlogica_server.guard import Refusal, guarded

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

RequestHandler = Callable[[Any], Awaitable[Any]]
NotificationHandler = Callable[[Any], None]
MessageId = int | str
Fields = dict[str, Any]
"""A message as JSON: the border where nothing is known of what comes."""

_LOG = logging.getLogger(__name__)
_MISSHAPEN = (BaseValidationError, TypeError, ValueError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Routes:
    """What is done about each method.

    Parameters
    ----------
    requests
        Handlers that answer; each runs in a task of its own.
    notifications
        Handlers that note a change at once and return: messages are handled in order.
    """

    requests: Mapping[str, RequestHandler]
    notifications: Mapping[str, NotificationHandler]


class Protocol(LanguageServerProtocol):
    """One connection to a client."""

    def __init__(self, server: "LanguageServer", converter: Converter) -> None:
        super().__init__(server, converter)
        self.routes = Routes({}, {})
        self._state: Literal["new", "running", "shut down", "over"] = "new"
        self._exit_code = 1
        self._answering: dict[MessageId, asyncio.Task[Any]] = {}
        self._stopped: Callable[[], None] = lambda: None

    async def serve(self, messages: "asyncio.Queue[bytes | None]") -> int:
        """Handle messages until the client says ``exit`` or is gone; return the exit code."""
        self._stopped = lambda: messages.put_nowait(None)
        while self._state != "over" and (body := await messages.get()) is not None:
            await self._receive(body)
            # A request sees the documents as they were when it came: it begins before the next
            # message is looked at.
            await asyncio.sleep(0)
        return self._exit_code

    def stop(self) -> None:
        """Serve no more: the client is gone."""
        self._stopped()

    async def _receive(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            self._refuse(None, ErrorCodes.ParseError, f"a message is no JSON: {error}")
            return
        match message:
            case {"id": int() | str() as request, "method": str(method)}:
                self._answer(request, method, message)
            case {"method": str(method)}:
                await self._note(method, message)
            case {"id": int() | str() as request}:
                self._take_answer(request, message)
            case _:
                problem = "a message has neither method nor id"
                self._refuse(None, ErrorCodes.InvalidRequest, problem)

    def _answer(self, request: MessageId, method: str, message: Fields) -> None:
        task = asyncio.create_task(guarded(self._answered(method, message), method))
        self._answering[request] = task

        def send(done: "asyncio.Task[Any]") -> None:
            self._answering.pop(request, None)
            self._respond(request, _cancelled(method) if done.cancelled() else done.result())

        task.add_done_callback(send)

    async def _answered(self, method: str, message: Fields) -> object:
        if self._state == "new" and method != types.INITIALIZE:
            raise Refusal("`initialize` comes first", ErrorCodes.ServerNotInitialized)
        if self._state == "shut down" or (self._state == "running" and method == types.INITIALIZE):
            raise Refusal(f"{method} comes too late", ErrorCodes.InvalidRequest)
        if method == types.SHUTDOWN:
            self._shut_down()
            return None
        handler = self.routes.requests.get(method)
        if handler is None:
            raise Refusal(f"this server knows no {method}", ErrorCodes.MethodNotFound)
        result = await handler(self._parameters(method, message))
        if method == types.INITIALIZE:
            self._state = "running"
        return result

    async def _note(self, method: str, message: Fields) -> None:
        match method:
            case types.EXIT:
                self._exit_code = 0 if self._state == "shut down" else 1
                self._state = "over"
            case types.CANCEL_REQUEST:
                self._cancel(message)
            case _ if self._state == "running" and method in self.routes.notifications:
                error = await guarded(self._noted(method, message), method)
                if isinstance(error, ResponseError):
                    _LOG.warning("%s was not understood: %s", method, error.message)
            case _:
                _LOG.debug("%s is passed over", method)

    async def _noted(self, method: str, message: Fields) -> None:
        self.routes.notifications[method](self._parameters(method, message))

    def _take_answer(self, request: MessageId, message: Fields) -> None:
        error = message.get("error")
        if error is None:
            self._handle_response(request, message.get("result"))
            return
        match error:
            case {"code": int(code), "message": str(text)}:
                self._handle_response(request, error=ResponseError(code, text))
            case _:
                unclear = ResponseError(ErrorCodes.UnknownErrorCode, "an error of no known form")
                self._handle_response(request, error=unclear)

    def _shut_down(self) -> None:
        self._state = "shut down"
        this = asyncio.current_task()
        for task in list(self._answering.values()):
            if task is not this:
                task.cancel()

    def _cancel(self, message: Fields) -> None:
        match message.get("params"):
            case {"id": int() | str() as request} if task := self._answering.get(request):
                task.cancel()
            case _:
                pass  # answered already

    def _parameters(self, method: str, message: Fields) -> Any:
        known = self.get_message_type(method)
        if known is None:
            raise Refusal(f"this server knows no {method}", ErrorCodes.MethodNotFound)
        try:
            return self._converter.structure({"params": None, **message}, known).params
        except _MISSHAPEN as error:
            reason = f"the parameters of {method} have not the form the protocol wants"
            _LOG.info("%s: %s", reason, type(error).__name__)
            raise Refusal(reason, ErrorCodes.InvalidParams) from error

    def _respond(self, request: MessageId, result: object) -> None:
        if isinstance(result, ResponseError):
            self._refuse(request, result.code, result.message)
            return
        answer = {"jsonrpc": "2.0", "id": request, "result": self._converter.unstructure(result)}
        self._send_data(answer)

    def _refuse(self, request: MessageId | None, code: int, message: str) -> None:
        error = {"code": int(code), "message": message}
        self._send_data(cast("Fields", {"jsonrpc": "2.0", "id": request, "error": error}))


def _cancelled(method: str) -> ResponseError:
    return ResponseError(LSPErrorCodes.RequestCancelled, f"{method} was cancelled")
