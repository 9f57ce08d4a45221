"""Puts the desk together."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timezone

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.engine import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from bot.records import migrate, open_engine
from bot.settings import Settings
from review import audit, conversation, exports, groups, improving, inbox, learners, marking, sign_in, similar, statistics, team, uncovered
from review.access import IDLE_SECONDS, require_sign_in
from review.cookies import Cookies
from review.desk import Content, Desk
from review.failures import answer_failures
from review.headers import add_headers
from review.places import places
from review.words import add_filters

PAGES = (inbox, conversation, marking, groups, learners, sign_in, team, audit, improving, similar, statistics, uncovered, exports)
_LARGEST_FORM = 512 * 1024


def create_app(settings: Settings, engine: Engine | None = None, clock: Callable[[], datetime] | None = None) -> Flask:
    """The desk as a WSGI application, on a database brought up to date. Raises sqlalchemy's errors when that is away."""
    opened = engine or open_engine(settings.database_url)
    migrate(opened)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=hmac.new(settings.secret.encode(), b"desk sessions", hashlib.sha256).hexdigest(),
        SESSION_COOKIE_NAME="aftercare_desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=IDLE_SECONDS,
        WTF_CSRF_SSL_STRICT=False,  # the token and SameSite guard; some browsers send no referrer
    )
    app.session_interface = Cookies()
    app.url_map.converters["int"] = RowNumber
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1)  # type: ignore[method-assign]
    app.extensions["desk"] = Desk(settings, opened, clock or _now, Content(settings.knowledge))
    CSRFProtect(app)
    app.before_request(require_sign_in)
    app.after_request(add_headers)
    for page in PAGES:
        app.register_blueprint(page.pages)
    answer_failures(app)
    add_filters(app)
    app.context_processor(lambda: {"tutor": getattr(g, "tutor", None), "places": lambda: places(app)})
    return app


class RowNumber(IntegerConverter):
    """A number in an address that a database can hold; for any other there is no such page."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, min=0, max=2**31 - 1)


def _now() -> datetime:
    return datetime.now(timezone.utc)
