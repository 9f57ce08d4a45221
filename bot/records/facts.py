"""What is recorded of conversations, as far as it can say that a tutor is needed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.practising.run import Run
from bot.quiz.session import Mode, Session
from bot.records.deliveries import Status
from bot.records.desk_tables import messages, practice_marks
from bot.records.tables import appeals, attempts, conversations, deliveries, practices
from bot.triage import Facts, Message, Played


def facts_of(connection: Connection, senders: Sequence[str]) -> dict[str, Facts]:
    """By conversation; of unknown ones they are empty."""
    said, played, stands = _messages(connection, senders), _played(connection, senders), _slots(connection, senders)
    appealed, failed = _appeals(connection, senders), _undelivered(connection, senders)
    return {
        sender: Facts(
            messages=said[sender],
            played=played[sender],
            appeals=appealed[sender],
            undelivered=failed[sender],
            unfinished=_unfinished(stands.get(sender, {})),
            last_at=max([*(message.at for message in said[sender][-1:]), *failed[sender]], default=0.0),
        )
        for sender in senders
    }


def _messages(connection: Connection, senders: Sequence[str]) -> Mapping[str, list[Message]]:
    c = messages.c
    wanted = sa.select(c.sender_id, c.event_id, c.at, c.intent, c.confidence, c.reply).where(c.sender_id.in_(senders))
    found: dict[str, list[Message]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(c.sender_id, c.event_id)):
        found[row.sender_id].append(Message(row.event_id, row.at, row.intent, row.confidence, row.reply))
    return found


def _played(connection: Connection, senders: Sequence[str]) -> Mapping[str, list[Played]]:
    """With marks as they count."""
    c = practices.c
    own = (c.sender_id.in_(senders), c.ended_at.isnot(None))
    runs = connection.execute(sa.select(c.id, c.sender_id, c.scenario, c.ended_at, c.band).where(*own).order_by(c.ended_at)).all()
    given: dict[int, dict[str, bool | None]] = defaultdict(dict)
    if runs:
        m = practice_marks.c
        of_runs = sa.select(m.practice_id, m.criterion, m.mark).where(m.practice_id.in_([run.id for run in runs]))
        for row in connection.execute(of_runs):
            given[row.practice_id][row.criterion] = row.mark
    found: dict[str, list[Played]] = defaultdict(list)
    for run in runs:
        found[run.sender_id].append(Played(run.scenario, run.ended_at, run.band, given[run.id]))
    return found


def _appeals(connection: Connection, senders: Sequence[str]) -> Mapping[str, list[float]]:
    joined = sa.select(attempts.c.sender_id, appeals.c.at).join(attempts, attempts.c.id == appeals.c.attempt_id)
    return _moments(connection.execute(joined.where(attempts.c.sender_id.in_(senders), appeals.c.status == "waiting")).all())


def _undelivered(connection: Connection, senders: Sequence[str]) -> Mapping[str, list[float]]:
    c = deliveries.c
    failed = sa.select(c.sender_id, c.received_at).where(c.status == Status.FAILED.value, c.sender_id.in_(senders))
    return _moments(connection.execute(failed).all())


def _moments(rows: Sequence[Row]) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for sender, at in rows:
        found[sender].append(at)
    return found


def _slots(connection: Connection, senders: Sequence[str]) -> Mapping[str, Any]:
    c = conversations.c
    rows = connection.execute(sa.select(c.sender_id, c.slots).where(c.sender_id.in_(senders)))
    return {row.sender_id: _table(row.slots) for row in rows}


def _table(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _unfinished(slots: Mapping[str, Any]) -> str | None:
    """What was begun in earnest: the one question offered after an answer is not, nor a customer who was never answered."""
    run, quiz = Run.from_dict(slots.get("practice")), _quiz(slots.get("quiz"))
    if run and run.is_open and run.state.turn:
        return "practice"
    return "quiz" if quiz and quiz.mode is not Mode.CHECK and quiz.item and quiz.results else None


def _quiz(values: Any) -> Session | None:
    return Session.from_dict(values) if isinstance(values, dict) else None
