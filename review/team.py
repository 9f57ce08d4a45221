"""Accounts of tutors, for leads: who there is, new ones, new passwords, and closing them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.records.accounts import ROLES, SHORTEST_PASSWORD, AccountError, add_tutor, all_tutors, close_account, set_password
from bot.records.engine import reading
from review.access import current_tutor, leads_only
from review.desk import desk
from review.trail import note

pages = Blueprint("team", __name__)


@pages.get("/team")
@leads_only
def shown() -> str:
    return _page()


@pages.post("/team")
@leads_only
def add() -> Response | tuple[str, int]:
    name, role = request.form.get("name", ""), request.form.get("role", "")
    try:
        with desk().engine.begin() as connection:
            made = add_tutor(connection, name, request.form.get("password", ""), role, desk().seconds)
            note("added an account", made.name, made.role, connection)
    except AccountError as error:
        return _page(str(error), name), 400
    flash(f"{made.name} can sign in now. Tell them their password in person and ask them to change it.")
    return redirect(url_for("team.shown"), code=303)


@pages.post("/team/password")
@leads_only
def reset() -> Response | tuple[str, int]:
    name = request.form.get("name", "")
    try:
        with desk().engine.begin() as connection:
            set_password(connection, name, request.form.get("password", ""))
            note("set a password", name, connection=connection)
    except AccountError as error:
        return _page(str(error)), 400
    flash(f"{name} has a new password and is signed out everywhere.")
    return redirect(url_for("team.shown"), code=303)


@pages.post("/team/close")
@leads_only
def close() -> Response | tuple[str, int]:
    name = request.form.get("name", "")
    if name == current_tutor().name:
        return _page("You cannot close your own account. Ask another lead."), 400
    try:
        with desk().engine.begin() as connection:
            close_account(connection, name, desk().seconds)
            note("closed an account", name, connection=connection)
    except AccountError as error:
        return _page(str(error)), 400
    flash(f"The account of {name} is closed.")
    return redirect(url_for("team.shown"), code=303)


def _page(problem: str = "", name: str = "") -> str:
    with reading(desk().engine) as connection:
        tutors = all_tutors(connection)
    return render_template("team/shown.html", tutors=tutors, roles=ROLES, problem=problem, name=name, shortest=SHORTEST_PASSWORD)
