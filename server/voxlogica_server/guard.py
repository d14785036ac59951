"""The request guard: whatever a handler does, there is one answer. It knows no request."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

from lsprotocol.types import ErrorCodes, LSPErrorCodes, ResponseError

from voxlogica_core.errors import UsageError, VoxLogicaError

Result = TypeVar("Result")

_LOG = logging.getLogger(__name__)


class Refusal(Exception):
    """A request that cannot be carried out, for a reason the asker can understand."""

    def __init__(self, message: str, code: int = LSPErrorCodes.RequestFailed) -> None:
        super().__init__(message)
        self.code = code


async def guarded(work: Awaitable[Result], method: str) -> Result | ResponseError:
    """Return what `work` returns, or the error that goes to the client instead.

    Parameters
    ----------
    work
        A handler at work.
    method
        Its name, for the log.
    """
    try:
        return await work
    except asyncio.CancelledError:
        return ResponseError(code=LSPErrorCodes.RequestCancelled, message=f"{method} was cancelled")
    except Refusal as refusal:
        return ResponseError(code=refusal.code, message=str(refusal))
    except UsageError as error:
        return ResponseError(code=ErrorCodes.InvalidParams, message=str(error))
    except VoxLogicaError as error:
        _LOG.warning("%s failed: %s", method, error)
        return ResponseError(code=LSPErrorCodes.RequestFailed, message=str(error))
    except Exception as error:  # noqa: BLE001  the request guard
        _LOG.exception("%s failed", method)
        message = f"{method} failed by a fault of ours ({type(error).__name__}); the log has more"
        return ResponseError(code=ErrorCodes.InternalError, message=message)
