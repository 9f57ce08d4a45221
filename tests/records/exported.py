"""A few learners with something in every export, written straight into the tables; and very many, to weigh exports."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.assess.labels import Move
from bot.practising.record import Began, Finished, Said
from bot.quiz.attempt import Appeal, Attempt
from bot.quiz.memory.schedule import Outcome
from bot.records.accounts import Tutor
from bot.records.desk_tables import group_tutors, groups, memberships, triage
from bot.records.learners import learner_for
from bot.records.reader import catch_up
from bot.records.tables import attempts, conversations, events, identities, learners
from bot.records.turns import TakenTurn, keep_turn

NOW: Final = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
EVIL: Final = '=HYPERLINK("http://evil.example","you won")'
ANSWERS: Final = ("single", "multiple", "true-false", "ordering", "matching", "numeric", "short")


def talk(connection: Connection, sender: str, said: str, told: str, day: int = 20) -> None:
    """One turn: a question on that day of November, and the answer."""
    at = NOW.replace(day=day).timestamp()
    message = f"{sender}-{day}"
    user = {"event": "user", "timestamp": at, "text": said, "input_channel": "web", "message_id": message}
    user["parse_data"] = {"intent": {"name": "ask", "confidence": 0.8123456}}
    slot = {"event": "slot", "timestamp": at + 0.2, "name": "conversation", "value": {"answerable": "csat.what"}}
    bot = {"event": "bot", "timestamp": at + 0.1, "text": told, "metadata": {"kind": "answer"}, "data": {"buttons": None}}
    made = [{"event": "session_started", "timestamp": at - 0.1}, user, bot, slot]
    keep_turn(connection, TakenTurn(sender, "web", message, said, None, made, {}, [], (), at, at + 1))


def answer(item: str, kind: str, place: int, chosen: str = "", said: str = "") -> Attempt:
    """Right, unless it was said in own words."""
    verdict = "wrong" if said else "right"
    outcome = Outcome.RIGHT if verdict == "right" else Outcome.WRONG
    at = NOW.replace(hour=10 + place)
    return Attempt("5e551014", "quiz", place, 1, item, "csat", kind, verdict, outcome, 0, said, chosen, 12.345, at, 7)


def practice() -> tuple[Began | Said | Finished, ...]:
    """Of two lines, passed."""
    began = Began("0000ab12", "faulty-baby-monitor", 1, 7, False, "It goes blank.", "upset", 50, 40, None, None, NOW)
    lines = [
        Said("0000ab12", turn, text, (Move("apologise", 0, 5, 0.9),), "Right.", "calm", 30, 60, NOW.replace(minute=turn))
        for turn, text in ((1, "Sorry about that."), (2, "+44 is where I would ring you back."))
    ]
    criteria = {"listen": True, "apologise": True, "verify": None, "defensive": False}
    return began, *lines, Finished("0000ab12", "satisfied", "pass", criteria, (), NOW.replace(minute=5))


def fill(engine: Engine, tom: Tutor, items: dict[str, tuple[str, str]]) -> dict[str, int]:
    """Ann, whom Tom teaches, with answers to `items` (kind: item, chosen), a practice and an appeal; and Bob, whom nobody does.

    Gives their numbers.
    """
    from bot.records.unit import keep

    with engine.begin() as connection:
        talk(connection, "ann", EVIL, "CSAT is a share.")
        talk(connection, "bob", "  @SUM(1+1)*cmd", "I do not know.", day=25)
        given = [answer(item, kind, place, chosen=chosen) for place, (kind, (item, chosen)) in enumerate(items.items())]
        wrong = answer("gone-from-the-bank", "short", len(given), said="\t-2+3")
        appeal = Appeal(wrong.session, wrong.place, 1, "I was right", NOW.replace(hour=20))
        keep(connection, "ann", (*given, wrong, appeal, *practice()))
        ann, bob = learner_for(connection, "ann", 0.0), learner_for(connection, "bob", 0.0)
        group = {"id": 4, "name": "=Tuesday", "code": "TUE123", "created_at": 0.0}
        connection.execute(sa.insert(groups), [group])
        connection.execute(sa.insert(group_tutors), [{"group_id": 4, "tutor_id": tom.id}])
        connection.execute(sa.insert(memberships), [{"group_id": 4, "learner_id": ann, "name": "Ann, “A”", "joined_at": 0.0}])
    while catch_up(engine, NOW.timestamp(), 5.0):
        pass
    return {"ann": ann, "bob": bob}


def crowd(engine: Engine, count: int) -> None:
    """So many conversations of one turn, each with an answer in a quiz; as the desk has read them."""
    at = NOW.timestamp()
    rows: dict[sa.Table, list[dict[str, Any]]] = {table: [] for table in (learners, identities, conversations, events, triage, attempts)}
    for number in range(1, count + 1):
        sender = f"{number:032x}"
        rows[learners].append({"id": number, "created_at": at})
        rows[identities].append({"sender_id": sender, "learner_id": number})
        rows[conversations].append({"sender_id": sender, "last_event_id": 2 * number, "slots": "{}"})
        for place, (kind, text) in enumerate((("user", f"What is CSAT, {number}?"), ("bot", "A share of replies. " * 20))):
            data = {"event": kind, "timestamp": at + place, "text": text, "parse_data": {"intent": {"name": "ask", "confidence": 0.9}}}
            rows[events].append({"sender_id": sender, "type_name": kind, "timestamp": at + place, "data": json.dumps(data)})
        stands = {"channel": "web", "last_event_id": 2 * number, "first_at": at, "last_at": at + 1, "turns": 1, "preview": "What is CSAT?"}
        judged = {"need": 0, "reasons": "[]", "status": "new", "version": 0}
        rows[triage].append({"sender_id": sender, "learner_id": number, **stands, **judged})
        kept = {**vars(answer("csat", "single", 0, chosen="1")), "outcome": "right", "at": at}
        rows[attempts].append({**kept, "learner_id": number, "sender_id": sender})
    with engine.begin() as connection:
        for table, made in rows.items():
            for first in range(0, len(made), 5000):
                connection.execute(sa.insert(table), made[first : first + 5000])
