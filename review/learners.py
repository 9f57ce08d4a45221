"""Learners: who is known, what is kept of one, written out for them, and erased."""

from __future__ import annotations

import json

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.privacy.page import page
from bot.records.engine import reading
from bot.records.erasure import erase as erase_all
from bot.records.erasure import remains, sweep
from bot.records.learner_data import everything, held
from bot.records.people import Person, find_person, known_learners, names_of
from review.access import current_tutor, leads_only, need_learner, need_sender, viewer
from review.desk import desk
from review.trail import note

pages = Blueprint("learners", __name__, url_prefix="/learners")
_PAGE = 50
_CONFIRM = "erase"
_SWEEPS = 8  # two seconds; what is left in the log then goes with the next sweep
# What is saved is read elsewhere; here it runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pages.get("")
def shown() -> str | Response:
    """Those whom the tutor may see, newest first; a learner's number or the name of a conversation leads to the page of whoever it is."""
    wanted = request.args.get("find", "").strip()[:255]
    with reading(desk().engine) as connection:
        if wanted and find_person(connection, wanted):
            return redirect(url_for("learners.one", who=wanted), code=303)
        rows = known_learners(connection, viewer(), request.args.get("before", type=int), wanted, _PAGE + 1)
    return render_template("learners/shown.html", learners=rows[:_PAGE], more=len(rows) > _PAGE, wanted=wanted)


@pages.get("/<path:who>")
def one(who: str) -> str:
    """`who` is a learner's number, or the name of a conversation of which nothing else is recorded."""
    with reading(desk().engine) as connection:
        person = _person(connection, who)
    note("looked at a learner", person.subject)
    return _page(person)


@pages.post("/<path:who>/export")
def export(who: str) -> Response:
    """As a file: JSON for programs or HTML for reading."""
    kind = "html" if request.form.get("kind") == "html" else "json"
    with reading(desk().engine) as connection:
        person = _person(connection, who)
        data = everything(connection, person, desk().now())
    note("exported a learner's data", person.subject, kind)
    text = page(data) if kind == "html" else json.dumps(data, ensure_ascii=False, indent=1)
    made = Response(text, mimetype="text/html" if kind == "html" else "application/json")
    name = f"learner-{person.learner}" if person.learner is not None else "conversation"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    made.headers["Content-Security-Policy"] = _POLICY
    return made


@pages.post("/<path:who>/erase")
@leads_only
def erase(who: str) -> Response | tuple[str, int]:
    """Only once the word was typed: there is no way back."""
    with reading(desk().engine) as connection:
        person = _person(connection, who)
    if request.form.get("confirm", "").strip().lower() != _CONFIRM:
        return _page(person, f"Nothing was erased. Type the word {_CONFIRM} to confirm."), 400
    with desk().engine.begin() as connection:
        done = erase_all(connection, _person(connection, who), current_tutor().name, desk().seconds)
    swept = sweep(desk().engine, _SWEEPS)
    return redirect(url_for("learners.erased", rows=done.total, applied=done.applied, swept=int(swept)), code=303)


@pages.get("/erased")
@leads_only
def erased() -> str:
    """The report, without anything that says who it was."""
    figures = {name: request.args.get(name, 0, type=int) for name in ("rows", "applied", "swept")}
    return render_template("learners/erased.html", **figures)


def _person(connection: Connection, who: str) -> Person:
    """404 for whoever may not be seen, was never there, or has been erased meanwhile."""
    person = find_person(connection, who)
    if person is None:
        abort(404)
    if person.learner is not None:
        need_learner(connection, person.learner)
    else:
        need_sender(connection, person.senders[0])
    return person


def _page(person: Person, problem: str = "") -> str:
    with reading(desk().engine) as connection:
        names = names_of(connection, viewer(), person.learner) if person.learner is not None else ()
        what, counts = held(connection, person), remains(connection, person)
    who = str(person.learner) if person.learner is not None else person.senders[0]
    kept = {name: count for name, count in counts.items() if count}
    shown = {"who": who, "names": names, "held": what, "kept": kept, "confirm": _CONFIRM, "problem": problem}
    return render_template("learners/one.html", person=person, **shown)
