"""What callers see of requests that no handler took or that failed: a status and a sentence, never a traceback."""

from __future__ import annotations

import logging

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.incident import report
from server.web_errors import WebError

logger = logging.getLogger(__name__)
_UNREADABLE = "NONE"  # what Sanic puts in place of a request whose first lines it could not read
_SENTENCES = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    408: "The request took too long to arrive.",
    413: "The request is too large.",
    417: "The request could not be read.",
    503: "The server is busy. Try again in a moment.",
}


def answer_failures(app: Sanic) -> None:
    """Takes the place of Sanic's error pages."""
    app.error_handler.add(Exception, _answer)


async def _answer(request: Request, error: Exception) -> HTTPResponse:
    status = _status(request, error)
    if status >= 500:
        report(logger, "a request failed", error)
    sentence = _SENTENCES.get(status, "Something went wrong on our side. Try again in a moment.")
    if request is not None and "text/html" in (request.headers.get("accept") or ""):  # a person's browser
        return text(sentence, status=status, headers={"X-Content-Type-Options": "nosniff"})
    return WebError(status, "failed" if status >= 500 else "refused", sentence).response()


def _status(request: Request, error: Exception) -> int:
    if isinstance(error, SanicException):
        return int(getattr(error, "status_code", 500))
    return 400 if request is not None and request.method == _UNREADABLE else 500
