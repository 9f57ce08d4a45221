"""Groups, who is in them, the work that is set there, and what learners did of it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.errors import AftercareError
from bot.groups.record import Group, GroupRecord, Joined
from bot.groups.work import Answer, Asked, Deeds, Played, SetWork
from bot.records.access import Viewer, seen_groups
from bot.records.desk_tables import group_tutors, groups, memberships, messages, set_work, tutors
from bot.records.engine import insert_into, reading
from bot.records.learners import learner_for, learner_of
from bot.records.resume_codes import ALPHABET
from bot.records.tables import attempts, identities, practices

CODE_LENGTH: Final = 6
SHORTEST_NAME, LONGEST_NAME = 2, 80
_DIGITS: Final = frozenset("23456789")
_OPEN: Final = groups.c.closed_at.is_(None)
_IN_FORCE: Final = set_work.c.withdrawn_at.is_(None)


class GroupError(AftercareError):
    """A group cannot be made or changed as asked; the message says why."""


@dataclass(frozen=True)
class Desk:
    """A group as the desk lists it. Moments in seconds since 1970."""

    id: int
    name: str
    code: str
    created_at: float
    closed_at: float | None
    members: int
    tutors: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Work to be set: see bot.groups.work.SetWork."""

    kind: str
    target: str
    due_at: float | None


@dataclass(frozen=True)
class Member:
    """A learner in a group, by the name given there."""

    learner: int
    name: str
    joined_at: float


class LearnerGroups:
    """The learner's side: bot.groups.record.GroupRecords."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def open_group(self, code: str) -> Group | None:
        return self._group(groups.c.code == code)

    def group(self, number: int) -> Group | None:
        return self._group(groups.c.id == number)

    def groups_of(self, sender: str) -> tuple[Group, ...]:
        own = sa.select(groups.c.id, groups.c.name).select_from(_groups_of(sender)).where(_OPEN)
        with reading(self.engine) as connection:
            rows = connection.execute(own.order_by(groups.c.name, groups.c.id)).all()
            names = _tutors_of(connection, [row.id for row in rows])
        return tuple(Group(row.id, row.name, names.get(row.id, ())) for row in rows)

    def known_as(self, sender: str) -> str | None:
        last = sa.select(memberships.c.name).select_from(_groups_of(sender))
        with reading(self.engine) as connection:
            name: str | None = connection.execute(last.order_by(memberships.c.joined_at.desc()).limit(1)).scalar()
        return name

    def newest_work(self, sender: str) -> int:
        newest = sa.select(sa.func.max(set_work.c.id)).select_from(_work_of(sender))
        with reading(self.engine) as connection:
            return int(connection.execute(newest.where(_OPEN, _IN_FORCE)).scalar() or 0)

    def work_of(self, sender: str) -> tuple[SetWork, ...]:
        own = sa.select(set_work).select_from(_work_of(sender)).where(_OPEN, _IN_FORCE)
        with reading(self.engine) as connection:
            return _work(connection.execute(own))

    def work_in(self, group: int) -> tuple[SetWork, ...]:
        with reading(self.engine) as connection:
            return work_in(connection, group)

    def deeds_of(self, sender: str, since: float) -> Deeds:
        with reading(self.engine) as connection:
            learner = learner_of(connection, sender)
            return Deeds() if learner is None else deeds(connection, [learner], since)[learner]

    def _group(self, which: Any) -> Group | None:
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(groups.c.id, groups.c.name).where(which, _OPEN)).first()
            return Group(row.id, row.name, _tutors_of(connection, [row.id]).get(row.id, ())) if row else None


def keep_group(connection: Connection, sender: str, record: GroupRecord) -> None:
    """Write what a turn gave, in the caller's transaction. A group that closed meanwhile is not joined."""
    if not isinstance(record, Joined):
        known = learner_of(connection, sender)
        if known is not None:
            remove_member(connection, record.group, known)
        return
    if connection.execute(sa.select(groups.c.id).where(groups.c.id == record.group, _OPEN)).first() is None:
        return
    learner, at = learner_for(connection, sender, record.at.timestamp()), record.at.timestamp()
    made = insert_into(connection, memberships).values(group_id=record.group, learner_id=learner, name=record.name, joined_at=at)
    again = {"name": record.name, "joined_at": memberships.c.joined_at}
    connection.execute(made.on_conflict_do_update(index_elements=["group_id", "learner_id"], set_=again))


# The desk's side, always in the caller's transaction


def make_group(connection: Connection, name: str, tutor: int, now: float) -> int:
    """A new group of that tutor, with a code of its own; its number. Raises GroupError for a name that cannot be used."""
    values = {"name": _usable(name), "code": _fresh_code(connection), "created_at": now}
    number = int(connection.execute(sa.insert(groups).values(values)).inserted_primary_key[0])
    connection.execute(sa.insert(group_tutors).values(group_id=number, tutor_id=tutor))
    return number


def new_code(connection: Connection, group: int) -> str:
    """Another code for a group; the old one stops working."""
    code = _fresh_code(connection)
    connection.execute(sa.update(groups).where(groups.c.id == group).values(code=code))
    return code


def close_group(connection: Connection, group: int, now: float) -> bool:
    """Ends joining and set work; what its members did stays with them. False when it is closed already."""
    closed = connection.execute(sa.update(groups).where(groups.c.id == group, _OPEN).values(closed_at=now))
    return bool(closed.rowcount)


def add_group_tutor(connection: Connection, group: int, tutor: int) -> bool:
    """False when the tutor has it already, or has no open account."""
    if connection.execute(sa.select(tutors.c.id).where(tutors.c.id == tutor, tutors.c.closed_at.is_(None))).first() is None:
        return False
    made = insert_into(connection, group_tutors).values(group_id=group, tutor_id=tutor).on_conflict_do_nothing()
    return bool(connection.execute(made).rowcount)


def remove_member(connection: Connection, group: int, learner: int) -> bool:
    """False when the learner is not in the group."""
    gone = sa.delete(memberships).where(memberships.c.group_id == group, memberships.c.learner_id == learner)
    return bool(connection.execute(gone).rowcount)


def give_work(connection: Connection, group: int, wanted: Wanted, by: str, now: float) -> int:
    """Set work for a group; its number. What is set there already and in force is not set twice: GroupError."""
    same = (set_work.c.group_id == group, set_work.c.kind == wanted.kind, set_work.c.target == wanted.target, _IN_FORCE)
    if connection.execute(sa.select(set_work.c.id).where(*same)).first():
        raise GroupError("That is set for this group already. Withdraw it first to set it again.")
    values = {**vars(wanted), "group_id": group, "set_at": now, "by": by}
    return int(connection.execute(sa.insert(set_work).values(values)).inserted_primary_key[0])


def withdraw_work(connection: Connection, group: int, number: int, now: float) -> bool:
    """False when it is no work of the group that is in force."""
    same = (set_work.c.id == number, set_work.c.group_id == group, _IN_FORCE)
    return bool(connection.execute(sa.update(set_work).where(*same).values(withdrawn_at=now)).rowcount)


def groups_seen(connection: Connection, viewer: Viewer) -> tuple[Desk, ...]:
    """The groups that the viewer tends, open ones first, by name."""
    return _desk(connection, groups.c.id.in_(seen_groups(viewer)))


def group_seen(connection: Connection, viewer: Viewer, number: int) -> Desk | None:
    """None where there is no such group, or it is not the viewer's to see."""
    found = _desk(connection, (groups.c.id == number) & groups.c.id.in_(seen_groups(viewer)))
    return found[0] if found else None


def members_of(connection: Connection, group: int) -> tuple[Member, ...]:
    """By name."""
    wanted = (
        sa.select(memberships).where(memberships.c.group_id == group).order_by(sa.func.lower(memberships.c.name), memberships.c.learner_id)
    )
    return tuple(Member(row.learner_id, row.name, row.joined_at) for row in connection.execute(wanted))


def work_in(connection: Connection, group: int) -> tuple[SetWork, ...]:
    """What is set in a group and in force, what is due first first."""
    return _work(connection.execute(sa.select(set_work).where(set_work.c.group_id == group, _IN_FORCE)))


def deeds(connection: Connection, learners: Collection[int], since: float) -> dict[int, Deeds]:
    """What each of the learners did from that moment on, in three queries for all of them."""
    a, p = attempts.c, practices.c
    answers = sa.select(a.learner_id, a.session, a.place, a.number, a.topic, a.verdict, a.at).where(
        a.learner_id.in_(learners), a.at >= since
    )
    played = sa.select(p.learner_id, p.scenario, p.started_at, p.ended_at, p.ending, p.band)
    played = played.where(p.learner_id.in_(learners), p.started_at >= since).order_by(p.started_at)
    told = sa.select(identities.c.learner_id, messages.c.answer, messages.c.at)
    told = told.select_from(messages.join(identities, identities.c.sender_id == messages.c.sender_id))
    told = told.where(identities.c.learner_id.in_(learners), messages.c.answer.isnot(None), messages.c.at >= since)
    rows = {
        "answers": _by_learner(connection.execute(answers.order_by(a.at, a.id)), _answer),
        "asked": _by_learner(connection.execute(told.order_by(messages.c.at)), lambda row: Asked(row.answer.partition(".")[0], row.at)),
        "played": _by_learner(connection.execute(played), _played),
    }
    return {learner: Deeds(*(tuple(of.get(learner, ())) for of in rows.values())) for learner in learners}


def _by_learner(rows: Iterable[Row], made: Any) -> dict[int, list[Any]]:
    sorted_out: dict[int, list[Any]] = {}
    for row in rows:
        sorted_out.setdefault(row.learner_id, []).append(made(row))
    return sorted_out


def _answer(row: Row) -> Answer:
    return Answer(row.session, row.place, row.number, row.topic, row.verdict, row.at)


def _played(row: Row) -> Played:
    return Played(row.scenario, row.started_at, row.ended_at, row.ending, row.band)


def _groups_of(sender: str) -> Any:
    """The sender's memberships, each with its group."""
    own = (memberships.c.learner_id == identities.c.learner_id) & (identities.c.sender_id == sender)
    return identities.join(memberships, own).join(groups, groups.c.id == memberships.c.group_id)


def _work_of(sender: str) -> Any:
    return _groups_of(sender).join(set_work, set_work.c.group_id == groups.c.id)


def _work(rows: Iterable[Row]) -> tuple[SetWork, ...]:
    """What has no due date comes last."""
    made = [SetWork(row.id, row.group_id, row.kind, row.target, row.due_at, row.set_at) for row in rows]
    return tuple(sorted(made, key=lambda work: (work.due_at is None, work.due_at or 0.0, work.id)))


def _desk(connection: Connection, which: Any) -> tuple[Desk, ...]:
    count = sa.select(sa.func.count()).where(memberships.c.group_id == groups.c.id).scalar_subquery()
    wanted = sa.select(groups, count.label("members")).where(which)
    rows = connection.execute(wanted.order_by(groups.c.closed_at.isnot(None), sa.func.lower(groups.c.name), groups.c.id)).all()
    names = _tutors_of(connection, [row.id for row in rows])
    return tuple(Desk(row.id, row.name, row.code, row.created_at, row.closed_at, row.members, names.get(row.id, ())) for row in rows)


def _tutors_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Names of open accounts, by group."""
    wanted = sa.select(group_tutors.c.group_id, tutors.c.name).join(tutors, tutors.c.id == group_tutors.c.tutor_id)
    wanted = wanted.where(group_tutors.c.group_id.in_(numbers), tutors.c.closed_at.is_(None)).order_by(sa.func.lower(tutors.c.name))
    names: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(wanted):
        names[row.group_id] = (*names.get(row.group_id, ()), row.name)
    return names


def _fresh_code(connection: Connection) -> str:
    """With a digit and a letter, so that no English word is ever taken for one; never one that any group has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        digits = _DIGITS & set(code)
        if not digits or set(code) <= _DIGITS:
            continue
        if connection.execute(sa.select(groups.c.id).where(groups.c.code == code)).first() is None:
            return code


def _usable(name: str) -> str:
    name = " ".join(name.split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise GroupError(f"A group's name has {SHORTEST_NAME} to {LONGEST_NAME} characters.")
    return name
