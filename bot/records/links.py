"""Conversations of one learner: codes that link them, learners who turn out to be one, and a conversation that goes its own way."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.linking.record import CodeGiven, Linked, LinkRecord, NewCode, Owner
from bot.records import trail
from bot.records.desk_tables import memberships
from bot.records.engine import insert_into, reading
from bot.records.erasure import delete_rows
from bot.records.learners import learner_for, learner_of
from bot.records.people import person
from bot.records.resume_codes import ALPHABET, LENGTH, LIFETIME_SECONDS, digest_of
from bot.records.study import join_cards
from bot.records.tables import attempts, conversations, identities, learners, practices, resume_codes
from bot.records.triage import reassess

PURPOSE: Final = "link"
_DIGITS: Final = frozenset("23456789")


class Links:
    """The learner's side: bot.linking.record.LinkRecords. Codes are kept as digests under the secret."""

    def __init__(self, engine: Engine, secret: str) -> None:
        self.engine = engine
        self._secret = secret

    def new_code(self) -> NewCode:
        """With a digit, by which it is told from words."""
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            if _DIGITS & set(code):
                return NewCode(f"{code[:4]}-{code[4:]}", self.digest(code))

    def digest(self, code: str) -> str:
        return digest_of(self._secret, PURPOSE, code)

    def owner(self, sender: str, digest: str, now: float) -> Owner | None:
        with reading(self.engine) as connection:
            found = _sender_of(connection, digest, now)
            if found is None:
                return None
            if found == sender:
                return Owner.THIS
            learner = learner_of(connection, sender)
            same = learner is not None and learner == learner_of(connection, found)
        return Owner.LINKED if same else Owner.OTHER

    def others(self, sender: str) -> int:
        with reading(self.engine) as connection:
            learner = learner_of(connection, sender)
            return 0 if learner is None else len(person(connection, learner).senders) - 1


def keep_link(connection: Connection, sender: str, record: LinkRecord) -> None:
    """Write what a turn gave, in the caller's transaction."""
    at = record.at.timestamp()
    if isinstance(record, CodeGiven):
        _keep_code(connection, sender, record.digest, at)
    elif isinstance(record, Linked):
        other = _use(connection, record.digest, at)
        if other is not None and other != sender:
            link(connection, other, sender, record.at)
    else:
        unlink(connection, sender, at)


def link(connection: Connection, first: str, second: str, at: datetime) -> None:
    """Both conversations, with all others of whoever is behind them, are one learner's. Turns of any of them wait until this is written."""
    now = at.timestamp()
    _hold(connection, _senders(connection, (first, second)))
    known = sorted({learner for learner in (learner_of(connection, first), learner_of(connection, second)) if learner is not None})
    kept = known[0] if known else learner_for(connection, first, now)
    if len(known) == 2:
        _merge(connection, kept, known[1])
    own = insert_into(connection, identities).values([{"sender_id": sender, "learner_id": kept} for sender in (first, second)])
    connection.execute(own.on_conflict_do_nothing())
    detail = f"learner {known[1]} became learner {kept}" if len(known) == 2 else ""
    trail.note(connection, trail.Entry(now, "the learner", "linked conversations", f"learner {kept}", detail))
    for sender in person(connection, kept).senders:
        reassess(connection, sender, now)


def unlink(connection: Connection, sender: str, now: float) -> bool:
    """A new learner for the conversation; what was recorded stays with the one before. False where it is the only one of theirs."""
    learner = learner_of(connection, sender)
    if learner is None or len(person(connection, learner).senders) < 2:
        return False
    connection.execute(sa.delete(identities).where(identities.c.sender_id == sender))
    connection.execute(sa.delete(resume_codes).where(resume_codes.c.sender_id == sender, resume_codes.c.purpose == PURPOSE))
    fresh = learner_for(connection, sender, now)
    detail = f"a conversation of theirs is learner {fresh} from now on"
    trail.note(connection, trail.Entry(now, "the learner", "unlinked a conversation", f"learner {learner}", detail))
    reassess(connection, sender, now)
    return True


def _keep_code(connection: Connection, sender: str, digest: str, now: float) -> None:
    """The conversation's only one."""
    c = resume_codes.c
    connection.execute(sa.delete(resume_codes).where(c.purpose == PURPOSE, (c.sender_id == sender) | (c.expires_at < now)))
    values = {"digest": digest, "sender_id": sender, "expires_at": now + LIFETIME_SECONDS, "purpose": PURPOSE}
    connection.execute(sa.insert(resume_codes).values(values))


def _sender_of(connection: Connection, digest: str, now: float) -> str | None:
    c = resume_codes.c
    wanted = sa.select(c.sender_id).where(c.digest == digest, c.purpose == PURPOSE, c.expires_at >= now)
    found: str | None = connection.execute(wanted).scalar()
    return found


def _use(connection: Connection, digest: str, now: float) -> str | None:
    """The conversation of the code, which is then gone: of two who use it at once, one gets it."""
    found = _sender_of(connection, digest, now)
    gone = connection.execute(sa.delete(resume_codes).where(resume_codes.c.digest == digest, resume_codes.c.purpose == PURPOSE))
    return found if gone.rowcount == 1 else None


def _senders(connection: Connection, names: Sequence[str]) -> list[str]:
    numbers = [number for number in (learner_of(connection, name) for name in names) if number is not None]
    return sorted({*names, *(sender for number in numbers for sender in person(connection, number).senders)})


def _hold(connection: Connection, senders: Sequence[str]) -> None:
    """Whoever stores a turn of theirs waits from here on, and then finds the learner anew."""
    c = conversations.c
    connection.execute(sa.select(c.sender_id).where(c.sender_id.in_(senders)).order_by(c.sender_id).with_for_update()).all()


def _merge(connection: Connection, kept: int, gone: int) -> None:
    """All that is the one's becomes the other's. Quizzes and practices have random names of 64 bits, which do not meet."""
    numbers = (kept, gone)
    connection.execute(sa.select(learners.c.id).where(learners.c.id.in_(numbers)).order_by(learners.c.id).with_for_update()).all()
    join_cards(connection, kept, gone)
    _join_memberships(connection, kept, gone)
    for table in (attempts, practices, identities):
        connection.execute(sa.update(table).where(table.c.learner_id == gone).values(learner_id=kept))
    delete_rows(connection, learners, learners.c.id == gone)


def _join_memberships(connection: Connection, kept: int, gone: int) -> None:
    """In a group of both they have been since the earlier day, under the name given last."""
    c = memberships.c
    own = {row.group_id: row for row in connection.execute(sa.select(memberships).where(c.learner_id == kept))}
    for row in connection.execute(sa.select(memberships).where(c.learner_id == gone)).all():
        there = (c.group_id == row.group_id, c.learner_id == gone)
        mine = own.get(row.group_id)
        if mine is None:
            connection.execute(sa.update(memberships).where(*there).values(learner_id=kept))
            continue
        name = max((mine, row), key=lambda one: one.joined_at).name
        connection.execute(sa.delete(memberships).where(*there))
        values = {"name": name, "joined_at": min(mine.joined_at, row.joined_at)}
        connection.execute(sa.update(memberships).where(c.group_id == row.group_id, c.learner_id == kept).values(values))
