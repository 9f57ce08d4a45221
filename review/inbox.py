"""The inbox: conversations ranked by need, each with its reasons, to be filtered, searched, taken on and settled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.debrief.words import load_words
from bot.records.access import may_see_sender
from bot.records.accounts import all_tutors
from bot.records.engine import reading
from bot.records.inbox import Filters, Place, choices, inbox, waiting
from bot.records.reader import Reader
from bot.records.triage import STATUSES, Change, change
from bot.triage import WEIGHTS, ReasonWords
from review.access import viewer
from review.desk import desk
from review.places import HOME
from review.trail import note

pages = Blueprint("inbox", __name__)
STATUS_LABELS: Final = {"new": "New", "in_progress": "In progress", "waiting": "Waiting", "done": "Done", "flagged": "Flagged"}
MARK_LABELS: Final = {"met": "Met", "missed": "Not met", "not_applied": "Did not apply"}
_HERE: Final = ZoneInfo("Europe/London")
_BUDGET_SECONDS: Final = 0.15  # how long a tutor waits for what was said in the last moments
_MOST_PICKED: Final = 200
_YEARS: Final = range(1971, 2200)
_TEXTS: Final = ("learner", "channel", "scenario", "criterion", "mark", "tag", "reason")
_READER: Final = "reader"


@dataclass(frozen=True)
class Words:
    """What reasons and criteria are called."""

    reasons: ReasonWords
    criteria: dict[str, str]


@pages.get("/")
def shown() -> str:
    """The inbox as the address asks for it; what cannot be read of that is left out."""
    filters, after = filters_of(request.args), _place_of(request.args.get("after", ""))
    unread = _is_unread()
    with reading(desk().engine) as connection:
        page = inbox(connection, viewer(), filters, after)
        offered, count = choices(connection, viewer()), waiting(connection, viewer())
    asked = {name: value for name, value in request.args.items() if value and name != "after"}
    note("looked at the inbox", "inbox", ", ".join(sorted(asked)))
    return render_template(
        "inbox/shown.html",
        page=page,
        asked=asked,
        offered=offered,
        waiting=count,
        unread=unread,
        is_first=after is None,
        next=urlencode({**asked, "after": _written(page.after)}) if page.after else None,
        here=request.full_path.rstrip("?"),
        words=words(desk().settings.knowledge),
        reasons=tuple(WEIGHTS)[::-1],
        scenario_title=_scenario_title,
        statuses=STATUS_LABELS,
        marks=MARK_LABELS,
        conversation=conversation_path,
    )


@pages.post("/inbox/change")
def apply() -> Response:
    """Status and assignment of the conversations picked: `pick` holds "version:last event:conversation" of each, as they were shown.

    What somebody else has changed since stays as it is, and that is said. `back` is the page of the desk to go on with.
    """
    status, assigned = request.form.get("status") or None, request.form.get("assigned_to", "")
    if (status and status not in STATUSES) or not _is_tutor(assigned):
        abort(400)
    picked = [_picked(value) for value in dict.fromkeys(request.form.getlist("pick"))][:_MOST_PICKED]
    wanted = Change(0, 0, status) if assigned == "" else Change(0, 0, status, int(assigned) or None)
    if picked and (status or assigned):
        changed, kept = _changed(picked, wanted)
        flash(_told(changed, kept))
    else:
        flash("Tick at least one conversation, and choose a status or a person.")
    return redirect(_back(request.form.get("back", "")), code=303)


def filters_of(given: Any) -> Filters:
    """From the fields of a form or an address. Days are those of the United Kingdom, the last one included."""
    texts = {name: _plain(given.get(name, "")) for name in _TEXTS}
    until = _day(given.get("until", ""))
    status = given.get("status", "open")
    return Filters(
        **texts,
        status=status if status in (*STATUSES, "all") else "open",
        group=given.get("group", type=_small),
        below=_below(given.get("below", "")),
        since=_seconds(_day(given.get("since", ""))),
        until=_seconds(until and until + timedelta(days=1)),
        assignee=given.get("assignee", type=_small),
        words=given.get("words", "")[:200],
    )


def reader() -> Reader:
    """The process's one reader of what learners say."""
    kept: Reader = current_app.extensions.setdefault(_READER, Reader(desk().engine))
    return kept


def read_on() -> bool:
    """The background's part: read on where learners are, and through old conversations. True while more waits."""
    desk().content.practice  # noqa: B018  # titles of scenarios, which take a second to read: not while a tutor waits
    return reader().round(desk().seconds)


@cache
def words(knowledge: Path) -> Words:
    return Words(ReasonWords.load(knowledge), load_words(knowledge).criteria)


def conversation_path(sender: str, event: int | None = None) -> str:
    """Where the conversation is shown, at a message of it where one is given."""
    if event is None:
        return url_for("conversation.shown", sender=sender)
    return url_for("conversation.shown", sender=sender, event=event, _anchor=f"m{event}")


def _is_unread() -> bool:
    """Read what was said in the last moments; whether some of it has to wait, as it does while others are writing."""
    try:
        return reader().look(desk().seconds, _BUDGET_SECONDS)
    except sa.exc.OperationalError:
        return True


def _changed(picked: list[tuple[int, int, str]], wanted: Change) -> tuple[int, int]:
    """How many were changed, and how many not."""
    changed = 0
    detail = " ".join(filter(None, (wanted.status or "", f"to {wanted.assigned_to}" if isinstance(wanted.assigned_to, int) else "")))
    with desk().engine.begin() as connection:
        for version, seen, sender in sorted(picked, key=lambda one: one[2]):  # in one order, so that two tutors never wait for each other
            if not may_see_sender(connection, viewer(), sender):
                abort(404)
            if change(connection, sender, replace(wanted, version=version, seen=seen), desk().seconds):
                note("changed a conversation's status", sender, detail, connection)
                changed += 1
    return changed, len(picked) - changed


def _told(changed: int, kept: int) -> str:
    done = f"{changed} conversation{'' if changed == 1 else 's'} changed." if changed else "Nothing was changed."
    if not kept:
        return done
    who = "One conversation has" if kept == 1 else f"{kept} conversations have"
    return f"{done} {who} been changed by somebody else since you opened this page: look again and decide then."


def _picked(value: str) -> tuple[int, int, str]:
    version, _, rest = value.partition(":")
    seen, _, sender = rest.partition(":")
    if not (_is_number(version) and _is_number(seen) and sender and sender == _plain(sender)):
        abort(400)
    return int(version), int(seen), sender


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _is_tutor(assigned: str) -> bool:
    """Whether it is left as it is, nobody (0), or an account that is open."""
    if assigned in ("", "0"):
        return True
    with reading(desk().engine) as connection:
        return assigned in {str(tutor.id) for tutor in all_tutors(connection)}


def _back(wanted: str) -> str:
    """A path of the desk itself and nothing else."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc) and wanted.isprintable()
    return wanted if ours else HOME


def _small(text: str) -> int:
    if not _is_number(text):
        raise ValueError
    return int(text)


def _below(text: str) -> float | None:
    """A confidence, written as a share or a percentage."""
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        return None
    return value / 100 if 1 < value <= 100 else value if 0 <= value <= 1 else None


def _day(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=_HERE)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _plain(text: str) -> str:
    """As every database takes it."""
    return text.replace("\x00", "").strip()[:255]


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _written(place: Place) -> str:
    return f"{place.need}:{place.last_at!r}:{place.sender}"


def _place_of(text: str) -> Place | None:
    need, _, rest = text.partition(":")
    at, _, sender = rest.partition(":")
    try:
        return Place(_small(need), float(at), _plain(sender)) if sender else None
    except ValueError:
        return None


def _scenario_title(scenario: str) -> str:
    found = desk().content.practice.scenarios.get(scenario)
    return found.title if found else scenario
