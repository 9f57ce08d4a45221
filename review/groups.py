"""Groups: making them, who is in them, and the work that is set there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.groups.catalogue import Catalogue
from bot.groups.work import KINDS, Deeds, Progress, SetWork, Status, progress
from bot.records.accounts import all_tutors
from bot.records.engine import reading
from bot.records.groups import (
    Desk,
    GroupError,
    Member,
    Wanted,
    add_group_tutor,
    close_group,
    deeds,
    give_work,
    group_seen,
    groups_seen,
    make_group,
    members_of,
    new_code,
    remove_member,
    withdraw_work,
    work_in,
)
from review.access import current_tutor, viewer
from review.desk import desk
from review.trail import note

pages = Blueprint("groups", __name__, url_prefix="/groups")
_HERE: Final = ZoneInfo("Europe/London")
_FARTHEST: Final = timedelta(days=2 * 366)
KIND_NAMES: Final = {"topic": "Topic to ask about", "quiz": "Quiz", "scenario": "Scenario to practise"}
_NAMED: Final = {"topic": "Topic", "quiz": "Quiz", "scenario": "Practice"}


@dataclass(frozen=True)
class Column:
    """A piece of work as it heads a column. `done` counts the members who are."""

    work: SetWork
    name: str
    done: int


@dataclass(frozen=True)
class Row:
    """A member, and in words how far each piece of work is, with the class of its chip."""

    member: Member
    cells: Sequence[tuple[str, str]]


@pages.get("")
def shown() -> str:
    """All groups that the tutor tends."""
    return _list()


@pages.post("")
def make() -> Response | tuple[str, int]:
    name = request.form.get("name", "")
    try:
        with desk().engine.begin() as connection:
            number = make_group(connection, name, current_tutor().id, desk().seconds)
            note("made a group", f"group {number}", connection=connection)
    except GroupError as error:
        return _list(str(error), name), 400
    return redirect(url_for("groups.one", number=number), code=303)


@pages.get("/<int:number>")
def one(number: int) -> str:
    """A group: how to join it, its members and their work."""
    page = _page(number)
    note("looked at a group", f"group {number}")
    return page


@pages.post("/<int:number>/code")
def code(number: int) -> Response:
    with desk().engine.begin() as connection:
        _open(connection, number)
        new_code(connection, number)
        note("gave a group a new code", f"group {number}", connection=connection)
    flash("The group has a new code. The old one and its link no longer work; members stay.")
    return _back(number)


@pages.post("/<int:number>/tutors")
def tutors(number: int) -> Response:
    chosen = request.form.get("tutor", "")
    with desk().engine.begin() as connection:
        _open(connection, number)
        added = chosen.isdecimal() and len(chosen) < 10 and add_group_tutor(connection, number, int(chosen))
        if added:
            note("added a tutor to a group", f"group {number}", f"account {chosen}", connection)
    flash("The tutor now sees this group and its learners." if added else "Choose a tutor who does not have this group yet.")
    return _back(number)


@pages.post("/<int:number>/close")
def close(number: int) -> Response:
    with desk().engine.begin() as connection:
        _open(connection, number)
        close_group(connection, number, desk().seconds)
        note("closed a group", f"group {number}", connection=connection)
    flash("The group is closed: nobody can join it, and its work is no longer set. Its tutors still see its members.")
    return _back(number)


@pages.get("/<int:number>/members/<int:learner>/remove")
def ask_to_remove(number: int, learner: int) -> str:
    with reading(desk().engine) as connection:
        group, member = _group(connection, number), _member(connection, number, learner)
    note("looked at a group", f"group {number}", f"learner {learner}")
    return render_template("groups/remove.html", group=group, member=member)


@pages.post("/<int:number>/members/<int:learner>/remove")
def remove(number: int, learner: int) -> Response:
    with desk().engine.begin() as connection:
        _group(connection, number)
        if not remove_member(connection, number, learner):
            abort(404)
        note("removed a learner from a group", f"learner {learner}", f"group {number}", connection)
    flash("The learner is no longer in this group.")
    return _back(number)


@pages.post("/<int:number>/work")
def give(number: int) -> Response | tuple[str, int]:
    """Set a piece of work. The form gives the kind, one target for each kind, and the day it is due."""
    kind = request.form.get("kind", "")
    target, day = request.form.get(kind, ""), request.form.get("due", "").strip()
    try:
        if not _catalogue().knows(kind, target):
            raise GroupError("Choose what to set: a kind of work, and which.")
        wanted = Wanted(kind, target, _due(day))
        with desk().engine.begin() as connection:
            _open(connection, number)
            made = give_work(connection, number, wanted, current_tutor().name, desk().seconds)
            note("set work", f"group {number}", f"work {made}: {kind} {target}", connection)
    except GroupError as error:
        return _page(number, str(error)), 400
    flash("The work is set. Learners are told with their next message.")
    return _back(number)


@pages.post("/<int:number>/work/<int:work>/withdraw")
def withdraw(number: int, work: int) -> Response:
    with desk().engine.begin() as connection:
        _group(connection, number)
        if not withdraw_work(connection, number, work, desk().seconds):
            abort(404)
        note("withdrew work", f"group {number}", f"work {work}", connection)
    flash("The work is withdrawn: learners no longer see it. What they did stays in their records.")
    return _back(number)


def _back(number: int) -> Response:
    return redirect(url_for("groups.one", number=number), code=303)


def _group(connection: Connection, number: int) -> Desk:
    """404 unless the group is the tutor's to see."""
    found = group_seen(connection, viewer(), number)
    return found or abort(404)


def _open(connection: Connection, number: int) -> Desk:
    """The same, of a group that can still be changed."""
    found = _group(connection, number)
    return found if found.closed_at is None else abort(404)


def _member(connection: Connection, number: int, learner: int) -> Member:
    found = next((member for member in members_of(connection, number) if member.learner == learner), None)
    return found or abort(404)


def _due(day: str) -> float | None:
    """The end of that day, here; None for no day. Raises GroupError."""
    if not day:
        return None
    try:
        end = datetime.combine(date.fromisoformat(day), time(23, 59, 59), _HERE)
    except ValueError as error:
        raise GroupError("Give the day as in 2026-12-04, or leave it empty.") from error
    if not desk().now() <= end <= desk().now() + _FARTHEST:
        raise GroupError("The day must not have passed, and be within two years.")
    return end.timestamp()


def _catalogue() -> Catalogue:
    content = desk().content
    return Catalogue.of(content.library, content.bank, content.practice.scenarios)


def _list(problem: str = "", name: str = "") -> str:
    with reading(desk().engine) as connection:
        found = groups_seen(connection, viewer())
    return render_template("groups/shown.html", groups=found, problem=problem, name=name)


def _page(number: int, problem: str = "") -> str:
    with reading(desk().engine) as connection:
        group = _group(connection, number)
        members, work = members_of(connection, number), work_in(connection, number)
        since = min((one.set_at for one in work), default=desk().seconds)
        done = deeds(connection, [member.learner for member in members], since) if work else {}
        others = [tutor for tutor in all_tutors(connection) if tutor.name not in group.tutors]
    catalogue = _catalogue()
    columns, rows = _table(catalogue, members, work, done)
    return render_template(
        "groups/one.html",
        group=group,
        link=_link(group),
        columns=columns,
        rows=rows,
        others=others,
        kinds=KIND_NAMES,
        targets={kind: catalogue.targets(kind) for kind in KINDS},
        today=desk().now().astimezone(_HERE).date(),
        problem=problem,
        asked=request.form,
    )


def _link(group: Desk) -> str:
    """Where learners find the group: the chat's public address, or this machine's as the tutor reached it."""
    settings = desk().settings
    host = request.host.rpartition(":")[0] or request.host
    site = settings.vendors.site or f"{request.scheme}://{host}:{settings.port}"
    return f"{site}/join/{group.code}"


def _table(
    catalogue: Catalogue, members: Sequence[Member], work: Sequence[SetWork], done: dict[int, Deeds]
) -> tuple[list[Column], list[Row]]:
    now = desk().seconds
    made = {
        (member.learner, one.id): progress(one, done[member.learner], catalogue.items_for(one), now) for member in members for one in work
    }
    rows = [Row(member, [_told(one, made[member.learner, one.id]) for one in work]) for member in members]
    return [Column(one, _name(catalogue, one), sum(made[m.learner, one.id].status is Status.DONE for m in members)) for one in work], rows


def _name(catalogue: Catalogue, work: SetWork) -> str:
    return f"{_NAMED[work.kind]}: {catalogue.title(work) or work.target}"


def _told(work: SetWork, made: Progress) -> tuple[str, str]:
    """For example `done, 4 of 5 right`, and how it looks."""
    words = made.status.value
    if work.kind == "quiz" and made.answered:
        words += f", {made.right} of {made.answered} right"
    if made.band:
        words += f", best band {made.band}"
    look = "good" if made.status is Status.DONE else ""
    return (f"{words}, late", "warn") if made.late else (words, look)
