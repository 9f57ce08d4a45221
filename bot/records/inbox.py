"""The tutors' inbox: conversations that a viewer may see, filtered, a page at a time. Times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.records.access import Viewer, seen_groups, seen_learners
from bot.records.desk_tables import groups, memberships, practice_marks, tags, triage, tutors
from bot.records.search import Match, matches, search
from bot.records.tables import practices
from bot.records.triage import signs_in
from bot.triage import Sign

PAGE: Final = 50
_DONE: Final = "done"
_LONGEST_NAME: Final = 60
Mark = Literal["met", "missed", "not_applied"]
MARKS: Final[Mapping[str, bool | None]] = {"met": True, "missed": False, "not_applied": None}


@dataclass(frozen=True)
class Filters:
    """What the inbox is to show; everything left out is no condition. `status` is one of them, "open" (all but done) or "all".

    `learner` is part of a name or a number, `criterion` and `mark` go together, `below` is a confidence, `since` and `until` the last
    activity, `assignee` an account's number or 0 for nobody, `reason` the name of a sign, `words` what was said.
    """

    status: str = "open"
    learner: str = ""
    group: int | None = None
    channel: str = ""
    scenario: str = ""
    criterion: str = ""
    mark: str = ""
    tag: str = ""
    below: float | None = None
    since: float | None = None
    until: float | None = None
    assignee: int | None = None
    reason: str = ""
    words: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page begins: after this row."""

    need: int
    last_at: float
    sender: str


@dataclass(frozen=True)
class Conversation:
    """A row of the inbox. `seen` is its last event; `found` the newest message with the words looked for."""

    sender: str
    learner: int | None
    name: str
    groups: tuple[str, ...]
    channel: str
    last_at: float
    turns: int
    preview: str
    confidence: float | None
    need: int
    reasons: tuple[Sign, ...]
    status: str
    assigned_to: int | None
    assignee: str | None
    version: int
    seen: int
    found: Match | None = None

    @property
    def place(self) -> Place:
        return Place(self.need, self.last_at, self.sender)


@dataclass(frozen=True)
class Page:
    """Most needed first, ties by last activity. `after` is where the next page begins, None on the last."""

    rows: tuple[Conversation, ...]
    after: Place | None


def inbox(connection: Connection, viewer: Viewer, filters: Filters, after: Place | None = None, limit: int = PAGE) -> Page:
    """A page of conversations. Raises sqlalchemy's errors."""
    found = search(connection, filters.words, _senders(viewer)) if filters.words.strip() else None
    c = triage.c
    wanted = sa.select(triage).where(*_conditions(viewer, filters))
    if found is not None:
        wanted = wanted.where(c.sender_id.in_(list(found)))
    if after:
        wanted = wanted.where(sa.tuple_(c.need, c.last_at, c.sender_id) < sa.tuple_(after.need, after.last_at, after.sender))
    rows = connection.execute(wanted.order_by(c.need.desc(), c.last_at.desc(), c.sender_id.desc()).limit(limit + 1)).all()
    shown = _shown(connection, viewer, rows[:limit], found or {})
    return Page(shown, shown[-1].place if len(rows) > limit else None)


def conversation(connection: Connection, viewer: Viewer, sender: str) -> Conversation | None:
    """One row, None where there is none that the viewer may see."""
    own = sa.select(triage).where(triage.c.sender_id == sender, *_seen(viewer))
    rows = connection.execute(own).all()
    return _shown(connection, viewer, rows, {})[0] if rows else None


def waiting(connection: Connection, viewer: Viewer) -> int:
    """How many open conversations need a tutor."""
    wanted = sa.select(sa.func.count()).select_from(triage).where(triage.c.status != _DONE, triage.c.need > 0, *_seen(viewer))
    return int(connection.execute(wanted).scalar_one())


@dataclass(frozen=True)
class Choices:
    """What can be filtered by: (value, label)."""

    groups: tuple[tuple[int, str], ...]
    tutors: tuple[tuple[int, str], ...]
    channels: tuple[str, ...]
    scenarios: tuple[str, ...]
    tags: tuple[str, ...]


def choices(connection: Connection, viewer: Viewer) -> Choices:
    """Groups that the viewer tends, tutors with an account, and what has occurred."""
    named = sa.select(groups.c.id, groups.c.name).where(groups.c.id.in_(seen_groups(viewer))).order_by(groups.c.name)
    open_accounts = sa.select(tutors.c.id, tutors.c.name).where(tutors.c.closed_at.is_(None)).order_by(tutors.c.name)
    return Choices(
        tuple((row.id, row.name) for row in connection.execute(named)),
        tuple((row.id, row.name) for row in connection.execute(open_accounts)),
        _values(connection, triage.c.channel),
        _values(connection, practices.c.scenario),
        _values(connection, tags.c.tag),
    )


def _values(connection: Connection, column: Any) -> tuple[str, ...]:
    """The different values of an indexed column, one step through the index for each."""
    found: list[str] = []
    while (value := connection.execute(sa.select(sa.func.min(column)).where(column > (found[-1] if found else ""))).scalar()) is not None:
        found.append(value)
    return tuple(found)


def _seen(viewer: Viewer) -> tuple[Any, ...]:
    learners = seen_learners(viewer)
    return () if learners is None else (triage.c.learner_id.in_(learners),)


def _senders(viewer: Viewer) -> sa.sql.Select | None:
    return None if viewer.lead else sa.select(triage.c.sender_id).where(*_seen(viewer))


def _conditions(viewer: Viewer, filters: Filters) -> list[Any]:
    return [*_seen(viewer), *_of_status(filters), *_of_learners(viewer, filters), *_of_records(filters), *_of_reading(filters)]


def _of_status(filters: Filters) -> list[Any]:
    c = triage.c
    found: list[Any] = []
    if filters.status == "open":
        found.append(c.status != _DONE)
    elif filters.status != "all":
        found.append(c.status == filters.status)
    if filters.assignee is not None:
        found.append(c.assigned_to == filters.assignee if filters.assignee else c.assigned_to.is_(None))
    return found


def _of_learners(viewer: Viewer, filters: Filters) -> list[Any]:
    """A name counts in groups that the viewer tends; a number is that of the learner."""
    found: list[Any] = []
    visible = memberships.c.group_id.in_(seen_groups(viewer))
    name = filters.learner.strip().lower()[:_LONGEST_NAME]
    if name:
        named = sa.select(memberships.c.learner_id).where(visible, sa.func.lower(memberships.c.name).contains(name, autoescape=True))
        digits = name.removeprefix("learner").strip()
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
        found.append(sa.or_(triage.c.learner_id.in_(named), triage.c.learner_id == number) if number else triage.c.learner_id.in_(named))
    if filters.group is not None:
        members = sa.select(memberships.c.learner_id).where(visible, memberships.c.group_id == filters.group)
        found.append(triage.c.learner_id.in_(members))
    return found


def _of_records(filters: Filters) -> list[Any]:
    found: list[Any] = []
    if filters.scenario:
        found.append(triage.c.sender_id.in_(sa.select(practices.c.sender_id).where(practices.c.scenario == filters.scenario)))
    if filters.criterion and filters.mark in MARKS:
        m = practice_marks.c
        marked = sa.select(practices.c.sender_id).join(practice_marks, m.practice_id == practices.c.id)
        given = m.mark.is_(None) if MARKS[filters.mark] is None else m.mark == MARKS[filters.mark]
        found.append(triage.c.sender_id.in_(marked.where(m.criterion == filters.criterion, given)))
    if filters.tag:
        found.append(triage.c.sender_id.in_(sa.select(tags.c.sender_id).where(tags.c.tag == filters.tag)))
    return found


def _of_reading(filters: Filters) -> list[Any]:
    c = triage.c
    found: list[Any] = []
    if filters.channel:
        found.append(c.channel == filters.channel)
    if filters.below is not None:
        found.append(c.confidence < filters.below)
    if filters.since is not None:
        found.append(c.last_at >= filters.since)
    if filters.until is not None:
        found.append(c.last_at < filters.until)
    if filters.reason:
        found.append(c.reasons.contains(f'"name": "{filters.reason}"', autoescape=True))
    return found


def _shown(connection: Connection, viewer: Viewer, rows: Sequence[Row], found: Mapping[str, int]) -> tuple[Conversation, ...]:
    people = _people(connection, viewer, {row.learner_id for row in rows if row.learner_id is not None})
    assigned = {row.assigned_to for row in rows if row.assigned_to is not None}
    accounts = connection.execute(sa.select(tutors.c.id, tutors.c.name).where(tutors.c.id.in_(assigned))).all() if assigned else []
    names = {account.id: account.name for account in accounts}
    texts = matches(connection, [found[row.sender_id] for row in rows if row.sender_id in found]) if found else {}
    return tuple(
        Conversation(
            sender=row.sender_id,
            learner=row.learner_id,
            name=people.get(row.learner_id, ((), ""))[1] or _nameless(row),
            groups=people.get(row.learner_id, ((), ""))[0],
            channel=row.channel,
            last_at=row.last_at,
            turns=row.turns,
            preview=row.preview,
            confidence=row.confidence,
            need=row.need,
            reasons=signs_in(row.reasons),
            status=row.status,
            assigned_to=row.assigned_to,
            assignee=names.get(row.assigned_to),
            version=row.version,
            seen=row.last_event_id,
            found=texts.get(row.sender_id),
        )
        for row in rows
    )


def _nameless(row: Row) -> str:
    """Whoever is in no group of the viewer's; of visitors nothing is recorded but what they said."""
    return f"Learner {row.learner_id}" if row.learner_id is not None else f"Visitor {row.sender_id[:6]}"


def _people(connection: Connection, viewer: Viewer, learners: set[int]) -> dict[int, tuple[tuple[str, ...], str]]:
    """Groups and name of learners, as the viewer's groups know them."""
    if not learners:
        return {}
    joined = sa.select(memberships.c.learner_id, memberships.c.name, groups.c.name.label("group_name")).join(groups)
    visible = joined.where(memberships.c.learner_id.in_(learners), groups.c.id.in_(seen_groups(viewer))).order_by(memberships.c.joined_at)
    found: dict[int, tuple[tuple[str, ...], str]] = {}
    for row in connection.execute(visible):
        known, name = found.get(row.learner_id, ((), row.name))
        found[row.learner_id] = ((*known, row.group_name), name)
    return found
