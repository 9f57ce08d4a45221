"""Nothing is shown to whoever has not signed in, and to a tutor only what concerns their groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app, flash, g, redirect, request, session, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.records.access import Viewer, may_see_group, may_see_learner, may_see_sender
from bot.records.accounts import Tutor, tutor_of_session
from bot.records.engine import reading
from review.desk import desk

IDLE_SECONDS = 60 * 60
LONGEST_SECONDS = 12 * 60 * 60
View = TypeVar("View", bound=Callable[..., Any])
_PUBLIC = "_is_public"


def public(view: View) -> View:
    """Marks an endpoint that needs no sign-in."""
    setattr(view, _PUBLIC, True)
    return view


def leads_only(view: View) -> View:
    """For others the page does not exist."""

    @wraps(view)
    def guarded(*arguments: Any, **named: Any) -> Any:
        if not current_tutor().is_lead:
            abort(404)
        return view(*arguments, **named)

    return guarded  # type: ignore[return-value]


def current_tutor() -> Tutor:
    """Who is signed in. Only for endpoints that are not public."""
    tutor: Tutor = g.tutor
    return tutor


def viewer() -> Viewer:
    tutor = current_tutor()
    return Viewer(tutor.id, tutor.is_lead)


def need_sender(connection: Connection, sender: str) -> None:
    """404 unless the conversation may be seen."""
    if not may_see_sender(connection, viewer(), sender):
        abort(404)


def need_learner(connection: Connection, learner: int) -> None:
    """404 unless the learner may be seen."""
    if not may_see_learner(connection, viewer(), learner):
        abort(404)


def need_group(connection: Connection, group: int) -> None:
    """404 unless the group may be seen."""
    if not may_see_group(connection, viewer(), group):
        abort(404)


def sign_in(tutor: Tutor, now: float) -> None:
    """Begin a session of the tutor's; whatever the browser had before is gone."""
    session.clear()
    session.update(tutor=tutor.id, session=tutor.session, since=now, seen=now)


def require_sign_in() -> Response | None:
    """Before every request: who is it, and has the session run out?"""
    endpoint = current_app.view_functions.get(request.endpoint or "")
    if endpoint is None or getattr(endpoint, _PUBLIC, False) or request.endpoint == "static":
        return None
    tutor = _tutor()
    if tutor is None:
        had_session = bool(session)
        session.clear()
        if had_session:
            flash("You have been signed out. Sign in again to go on.")
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.form", then=wanted if wanted != "/" else None), code=303)
    g.tutor = tutor
    session["seen"] = desk().seconds
    return None


def _tutor() -> Tutor | None:
    """The tutor of a session that has neither idled nor lasted too long."""
    now = desk().seconds
    number, version, since, seen = (session.get(name) for name in ("tutor", "session", "since", "seen"))
    if not (isinstance(number, int) and isinstance(version, int) and isinstance(since, float) and isinstance(seen, float)):
        return None
    if now - seen > IDLE_SECONDS or now - since > LONGEST_SECONDS:
        return None
    with reading(desk().engine) as connection:
        return tutor_of_session(connection, number, version)
