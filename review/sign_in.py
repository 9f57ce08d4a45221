"""Signing in and out, and one's own password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from bot.records import trail
from bot.records.accounts import SHORTEST_PASSWORD, AccountError, SignIn, Slowed, Tutor, set_password, tutor_of_session
from bot.records.engine import reading
from review import access
from review.access import current_tutor, public
from review.desk import desk
from review.places import HOME
from review.trail import note

pages = Blueprint("sign_in", __name__)
_WRONG = "That name and password do not go together. Check both and try again."


@pages.get("/sign-in")
@public
def form() -> str:
    return _form()


@pages.post("/sign-in")
@public
def enter() -> Response | tuple[str, int]:
    name, password = request.form.get("name", "")[:60].strip(), request.form.get("password", "")
    found = _tried(name, password)
    if isinstance(found, Slowed):
        minutes = "a minute" if found.minutes == 1 else f"{found.minutes} minutes"
        return _form(f"There were too many tries. Wait {minutes}, then try again.", name), 429
    if found is None:
        return _form(_WRONG, name), 401
    access.sign_in(found, desk().seconds)
    return redirect(_then(request.form.get("then", "")), code=303)


@pages.post("/sign-out")
def leave() -> Response:
    note("signed out", current_tutor().name)
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("sign_in.form"), code=303)


@pages.get("/password")
def password() -> str:
    return render_template("sign_in/password.html", shortest=SHORTEST_PASSWORD)


@pages.post("/password")
def change_password() -> Response | tuple[str, int]:
    tutor, now = current_tutor(), desk().seconds
    if request.form.get("new", "") != request.form.get("again", ""):
        return _refused("The two new passwords are not the same.")
    if not isinstance(_tried(tutor.name, request.form.get("old", "")), Tutor):
        return _refused("That is not your password now.")
    try:
        with desk().engine.begin() as connection:
            set_password(connection, tutor.name, request.form["new"])
            note("changed own password", tutor.name, connection=connection)
            again = tutor_of_session(connection, tutor.id, tutor.session + 1)
    except AccountError as error:
        return _refused(str(error))
    if again is None:
        return _refused("This account is closed.")
    access.sign_in(again, now)
    flash("Your password is changed. Everywhere else you are signed out.")
    return redirect(HOME, code=303)


def _tried(name: str, password: str) -> Tutor | Slowed | None:
    """Whose they are. The costly comparison holds no lock on the database."""
    asked, address, now = SignIn(desk().settings.secret), request.remote_addr or "", desk().seconds
    with reading(desk().engine) as connection:
        slowed = asked.slowed(connection, name, address, now)
        found = None if slowed else asked.check(connection, name, password)
    if slowed:
        return slowed
    with desk().engine.begin() as connection:
        if found is None:
            asked.note_failure(connection, name, address, now)
        trail.note(connection, trail.Entry(now, name, "signed in" if found else "failed to sign in", name))
    return found


def _form(problem: str = "", name: str = "") -> str:
    return render_template("sign_in/form.html", problem=problem, name=name, then=request.values.get("then", ""))


def _refused(problem: str) -> tuple[str, int]:
    return render_template("sign_in/password.html", shortest=SHORTEST_PASSWORD, problem=problem), 400


def _then(wanted: str) -> str:
    """Where to go on: a path of the desk itself and nothing else."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc) and wanted.isprintable()
    return wanted if ours else HOME
