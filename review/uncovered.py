"""What learners ask that is not covered: declined questions in clusters, and what to do about a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from bot.improving import INTENT, PHRASING, plain
from bot.records.engine import reading
from bot.records.improvements import Said, put_right
from bot.records.vectors import UNCOVERED, embed_waiting, known_as, uncovered, uncovered_events, uncovered_waiting, vectors_of
from bot.similar import Cluster, Groups, clusters
from review.access import viewer
from review.desk import desk
from review.improving import OUTSIDE, chosen_answer, masked, need_message, propose, suggested
from review.similar import meaning
from review.trail import note

pages = Blueprint("uncovered", __name__)
ON_A_PAGE = 25
MOST_WORDINGS = 60  # of a cluster on its page
_AT_A_TIME = 8  # a second or so: what was said is read in the same thread
_HELD = "uncovered groups"


@dataclass
class Held:
    """The groups of everything read so far. They are kept between requests, as only what is new needs to be compared."""

    groups: Groups = field(default_factory=Groups)
    lock: Lock = field(default_factory=Lock)

    def names(self, connection: Connection) -> Mapping[int, int]:
        """Clusters by event, brought up to date; made anew when a message that they came from was erased."""
        with self.lock:
            events = uncovered_events(connection)
            if not self.groups.events <= set(events):
                self.groups = Groups()
            new = [event for event in events if event not in self.groups]
            for part, vectors in vectors_of(connection, new):
                self.groups.add(part, vectors)
            return self.groups.clusters()


@pages.get("/uncovered")
def shown() -> str:
    page = max(1, request.args.get("page", 1, int))
    with reading(desk().engine) as connection:
        found = _found(connection)
        waits = uncovered_waiting(connection)
    note("looked at what is not covered", "uncovered")
    here = found[ON_A_PAGE * (page - 1) : ON_A_PAGE * page]
    more = len(found) > ON_A_PAGE * page
    return render_template("uncovered/shown.html", clusters=here, count=len(found), waits=waits, page=page, more=more, masked=masked)


@pages.get("/uncovered/<int:name>")
def cluster(name: int) -> str:
    note("looked at what is not covered", "uncovered", f"cluster {name}")
    return _cluster_page(name)


@pages.post("/uncovered/<int:name>/attach")
def attach(name: int) -> Response | tuple[str, int]:
    ticked, answer = _ticked(), chosen_answer()
    problem = propose(ticked, PHRASING, answer) if ticked else "Tick at least one question."
    if problem:
        return _cluster_page(name, problem), 400
    flash(f"Kept: {_counted(len(ticked))} of asking for that answer, when changes are applied.")
    return redirect(url_for("uncovered.shown"), code=303)


@pages.post("/uncovered/<int:name>/outside")
def outside(name: int) -> Response | tuple[str, int]:
    ticked = _ticked()
    problem = propose(ticked, INTENT, OUTSIDE) if ticked else "Tick at least one question."
    if problem:
        return _cluster_page(name, problem), 400
    flash("Kept as questions that are not for us. They no longer stand here.")
    return redirect(url_for("uncovered.shown"), code=303)


def read_meanings() -> bool:
    """Give a few messages that wait their vectors, and group them once none wait. Whether more may wait."""
    count = embed_waiting(desk().engine, meaning(), _AT_A_TIME)
    if count == _AT_A_TIME:
        return True
    if count or not held().groups.events:
        with reading(desk().engine) as connection:
            held().names(connection)
    return False


def held() -> Held:
    made: Held = current_app.extensions.setdefault(_HELD, Held())
    return made


def _found(connection: Connection) -> tuple[Cluster, ...]:
    """Clusters of what the tutor may see, without what somebody put right already in the same words."""
    names = held().names(connection)
    events, texts = put_right(connection)
    asked = uncovered(connection, viewer())
    words = {one.event: plain(one.text) for one in asked}
    done = {*map(plain, texts), *(words[event] for event in events if event in words)}
    asked = tuple(one for one in asked if words[one.event] not in done)
    return clusters(asked, names)


def _cluster_page(name: int, problem: str = "") -> str:
    with reading(desk().engine) as connection:
        one = next((cluster for cluster in _found(connection) if cluster.name == name), None)
        if one is None:
            abort(404)
        wordings = one.wordings[:MOST_WORDINGS]
        names = known_as(connection, viewer(), [wording.asked.sender for wording in wordings])
    search = request.args.get("q", "").strip()[:200]
    return render_template(
        "uncovered/cluster.html",
        cluster=one,
        wordings=wordings,
        names=names,
        search=search,
        offered=suggested(masked(wordings[0].text), search),
        library=desk().content.library,
        problem=problem,
        masked=masked,
    )


def _ticked() -> list[tuple[Said, str]]:
    """The messages that were ticked with their texts as they were changed; 404 for one that may not be seen."""
    events = dict.fromkeys(int(value) for value in request.form.getlist("event") if value.isascii() and value.isdigit() and len(value) < 12)
    with reading(desk().engine) as connection:
        messages = [need_message(connection, event) for event in list(events)[:MOST_WORDINGS]]
    if any(message.reply != UNCOVERED for message in messages):
        abort(404)
    return [(message, masked(request.form.get(f"text-{message.event}", message.text))) for message in messages]


def _counted(number: int) -> str:
    return "1 new way" if number == 1 else f"{number} new ways"
