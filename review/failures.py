"""What a tutor reads when something goes wrong; the log has the cause."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from flask import Flask, g, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.incident import report

logger = logging.getLogger("aftercare.desk")
_SAYINGS = {
    400: ("That could not be read", "Something in what was sent is missing or not allowed. Go back, check it and try again."),
    404: ("Not here", "There is no such page, or what it showed has been erased, or it belongs to a group that is not yours."),
    405: ("Not here", "This address only takes a form. Go back and use the button."),
    413: ("Too much at once", "What was sent is larger than the desk takes."),
}


def answer_failures(app: Flask) -> None:
    """Every failure becomes a page in words; none shows a traceback."""
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(sa.exc.OperationalError, _away)
    app.register_error_handler(sa.exc.TimeoutError, _away)
    app.register_error_handler(Exception, _broken)


def _forged(_: CSRFError) -> tuple[str, int]:
    return _page(
        "That form has run out", "It was open for too long, or came from another site. Go back, load the page again and repeat it."
    ), 400


def _refused(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    title, says = _SAYINGS.get(code, (error.name, "Go back and try again."))
    return _page(title, says), code


def _away(error: BaseException) -> tuple[str, int]:
    report(logger, "the database is away", error)
    return _page("The database is busy", "Nothing was changed. Wait a moment and try again."), 503


def _broken(error: BaseException) -> tuple[str, int]:
    report(logger, "a page could not be made", error)
    return _page("Something went wrong here", "Nothing was changed. The log says why; tell whoever runs the server."), 500


def _page(title: str, says: str) -> str:
    return render_template("failure.html", title=title, says=says, signed_in=hasattr(g, "tutor"))
