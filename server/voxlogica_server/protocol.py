"""Messages in, answers out: every request is answered exactly once. Knows no feature.

pygls gives types, conversion and the names of methods. What comes in and goes out is taken here,
because pygls leaves requests with wrong parameters without an answer, takes a key ``jsonrpc``
anywhere in a message for a message, tells the user of our faults in pop-ups, breaks when an answer
comes for a request nobody waits for any more, and ends in success where it should not.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

from cattrs import Converter
from cattrs.errors import BaseValidationError
from lsprotocol import types
from lsprotocol.types import ErrorCodes, LSPErrorCodes, ResponseError
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol

from voxlogica_server.bounds import ASKED
from voxlogica_server.framing import Inbox, Outlet, answered, framed
from voxlogica_server.guard import Refusal, guarded

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

RequestHandler = Callable[[Any], Awaitable[Any]]
NotificationHandler = Callable[[Any], None]
MessageId = int | str
Fields = dict[str, Any]
"""A message as JSON: the border where nothing is known of what comes."""

_LOG = logging.getLogger(__name__)
_REQUEST = 8_000  # bytes, about, of what a request takes beside its text while it is answered
_MISSHAPEN = (
    BaseValidationError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A result that is JSON already: long ones are written outside the loop, without objects."""

    content: bytes


def as_json(result: object) -> Ready:
    """Return a result as JSON, in ASCII, as texts may hold halves of characters."""
    return Ready(json.dumps(result, separators=(",", ":")).encode("ascii"))


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
        self._answering: dict[MessageId, asyncio.Task[bytes]] = {}
        self._load = 0
        self._asked: dict[MessageId, asyncio.Future[Any]] = {}
        self._numbers = count(1)
        self._stopped: Callable[[], None] = lambda: None

    async def serve(self, inbox: Inbox, outlet: Outlet) -> int:
        """Handle messages until the client says ``exit`` or is gone; return the exit code."""
        self._stopped = inbox.end
        while self._state != "over" and (body := await inbox.get()) is not None:
            await self._receive(body)
            # A request sees the documents as they were when it came: it begins before the next
            # message is looked at.
            await asyncio.sleep(0)
            if outlet.is_full:
                await _first_of(outlet.has_room, inbox.is_over)
        return self._exit_code

    def stop(self) -> None:
        """Serve no more: the client is gone."""
        self._stopped()

    def send_request_async(
        self, method: str, params: object = None, msg_id: MessageId | None = None
    ) -> "asyncio.Future[Any]":
        """Send a request; return its answer to come, `JsonRpcException` if that is an error."""
        request = f"voxlogica-{next(self._numbers)}" if msg_id is None else msg_id
        self._asked[request] = future = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda _: self._asked.pop(request, None))
        self._write({"id": request, "method": method, "params": params})
        return future

    def notify(self, method: str, params: object = None) -> None:
        """Send a notification."""
        self._write({"method": method, "params": params})

    async def _receive(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            self._refuse(None, ErrorCodes.ParseError, f"a message is no JSON: {error}")
            return
        match message:
            case {"id": request, "method": str(method)} if _is_id(request):
                self._answer(request, method, message, len(body) + _REQUEST)
            case {"id": request, "method": _}:
                problem = "a request wants a number or a text as id, and a text as method"
                named = request if _is_id(request) else None
                self._refuse(named, ErrorCodes.InvalidRequest, problem)
            case {"method": str(method)}:
                await self._note(method, message)
            case {"id": request} if _is_id(request):
                self._take_answer(request, message)
            case _:
                problem = "a message has neither method nor id"
                self._refuse(None, ErrorCodes.InvalidRequest, problem)

    def _answer(self, request: MessageId, method: str, message: Fields, size: int) -> None:
        if request in self._answering:
            problem = f"a request with the id {request!r} is being answered already"
            self._refuse(request, ErrorCodes.InvalidRequest, problem)
            return
        if self._load and self._load + size > ASKED and method != types.SHUTDOWN:
            problem = f"{len(self._answering)} requests are being answered: wait for some of them"
            self._refuse(request, LSPErrorCodes.RequestFailed, problem)
            return
        begin = time.perf_counter()
        task = asyncio.create_task(self._made(request, method, message))
        self._answering[request] = task
        self._load += size

        def send(done: "asyncio.Task[bytes]") -> None:
            self._answering.pop(request, None)
            self._load -= size
            answer = _cancelled(request, method) if done.cancelled() else done.result()
            self._send(answer)
            self._tell_trace(method, 1000 * (time.perf_counter() - begin), len(answer))

        task.add_done_callback(send)

    async def _made(self, request: MessageId, method: str, message: Fields) -> bytes:
        """Return the answer to a request as it is sent; what fails on the way is the answer."""
        made = await guarded(self._answered(request, method, message), method)
        return _refusal(request, made) if isinstance(made, ResponseError) else made

    async def _answered(self, request: MessageId, method: str, message: Fields) -> bytes:
        if self._state == "new" and method != types.INITIALIZE:
            raise Refusal("`initialize` comes first", ErrorCodes.ServerNotInitialized)
        if self._state == "shut down" or (self._state == "running" and method == types.INITIALIZE):
            raise Refusal(f"{method} comes too late", ErrorCodes.InvalidRequest)
        if method == types.SHUTDOWN:
            self._shut_down()
            return self._encoded({"id": request, "result": None})
        handler = self.routes.requests.get(method)
        if handler is None:
            raise Refusal(f"this server knows no {method}", ErrorCodes.MethodNotFound)
        result = await handler(self._parameters(method, message))
        if method == types.INITIALIZE:
            self._state = "running"
        if isinstance(result, Ready):
            return answered(request, result.content)
        return self._encoded({"id": request, "result": result})

    async def _note(self, method: str, message: Fields) -> None:
        match method:
            case types.EXIT:
                self._exit_code = 0 if self._state == "shut down" else 1
                self._state = "over"
            case types.CANCEL_REQUEST:
                self._cancel(message)
            case types.SET_TRACE:
                self._set_trace(message)
            case _ if self._state == "running" and method in self.routes.notifications:
                error = await guarded(self._noted(method, message), method)
                if isinstance(error, ResponseError):
                    is_grave = method == types.TEXT_DOCUMENT_DID_CHANGE
                    level = logging.WARNING if is_grave else logging.INFO
                    _LOG.log(level, "%s was not understood: %s", method, error.message)
            case _:
                _LOG.debug("%s is passed over", method)

    async def _noted(self, method: str, message: Fields) -> None:
        self.routes.notifications[method](self._parameters(method, message))

    def _take_answer(self, request: MessageId, message: Fields) -> None:
        future = self._asked.get(request)
        if future is None or future.done():
            _LOG.debug("an answer came that nobody waits for")
            return
        match message.get("error"):
            case None:
                future.set_result(message.get("result"))
            case {"code": int(code), "message": str(text)}:
                future.set_exception(JsonRpcException.from_error(ResponseError(code, text)))
            case _:
                unclear = ResponseError(ErrorCodes.UnknownErrorCode, "an error of no known form")
                future.set_exception(JsonRpcException.from_error(unclear))

    def _shut_down(self) -> None:
        self._state = "shut down"
        this = asyncio.current_task()
        for task in list(self._answering.values()):
            if task is not this:
                task.cancel()

    def _cancel(self, message: Fields) -> None:
        match message.get("params"):
            case {"id": request} if _is_id(request) and (task := self._answering.get(request)):
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

    def _set_trace(self, message: Fields) -> None:
        match message.get("params"):
            case {"value": "off" | "messages" | "verbose" as value}:
                self.trace = types.TraceValue(value)
            case _:
                _LOG.warning("%s wants off, messages or verbose", types.SET_TRACE)

    def _tell_trace(self, method: str, milliseconds: float, size: int) -> None:
        told = f"{method} was answered in {milliseconds:.1f} ms"
        _LOG.debug("%s", told)
        if self.trace is not types.TraceValue.Off:
            is_verbose = self.trace is types.TraceValue.Verbose
            params = types.LogTraceParams(told, f"{size} bytes" if is_verbose else None)
            self.notify(types.LOG_TRACE, params)

    def _encoded(self, fields: Fields) -> bytes:
        whole = {name: self._converter.unstructure(value) for name, value in fields.items()}
        return framed({"jsonrpc": "2.0", **whole})

    def _write(self, fields: Fields) -> None:
        self._send(self._encoded(fields))

    def _send(self, data: bytes) -> None:
        if self.writer is not None:
            self.writer.write(data)

    def _refuse(self, request: MessageId | None, code: int, message: str) -> None:
        self._send(_refusal(request, ResponseError(code, message)))


async def _first_of(*events: asyncio.Event) -> None:
    """Wait until one of some events has come."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


def _is_id(given: object) -> TypeGuard[MessageId]:
    """Return whether something may name a request; true and false are numbers to Python only."""
    return isinstance(given, int | str) and not isinstance(given, bool)


def _refusal(request: MessageId | None, error: ResponseError) -> bytes:
    content = {"code": int(error.code), "message": error.message}
    return framed({"jsonrpc": "2.0", "id": request, "error": content})


def _cancelled(request: MessageId, method: str) -> bytes:
    message = f"{method} was cancelled"
    return _refusal(request, ResponseError(LSPErrorCodes.RequestCancelled, message))
