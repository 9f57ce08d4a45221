"""Conversations as the server stores them, for pages to show."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.desk_tables import group_tutors, groups, memberships
from bot.records.learners import learner_for
from bot.records.tables import events

START = 1_796_000_000.0  # 30 November 2026


@dataclass(frozen=True)
class Turn:
    """What the learner said and what came back, as (kind, text); `slots` are their values after it."""

    text: str
    replies: tuple[tuple[str, str], ...] = (("answer", "Here is how it is."),)
    intent: str = "ask"
    confidence: float = 0.9
    slots: dict[str, Any] = field(default_factory=dict)


def hold(engine: Engine, sender: str, *turns: Turn, start: float = START, apart: float = 60.0) -> list[int]:
    """Write a session of these turns, one every `apart` seconds; the events' numbers of the learner's messages."""
    said = []
    with engine.begin() as connection:

        def put(kind: str, at: float, **data: Any) -> int:
            values = {"sender_id": sender, "type_name": kind, "timestamp": at, "data": json.dumps({"event": kind, "timestamp": at, **data})}
            return int(connection.execute(sa.insert(events).values(**values)).inserted_primary_key[0])

        put("session_started", start)
        for number, turn in enumerate(turns):
            at = start + number * apart
            parsed = {"intent": {"name": turn.intent, "confidence": turn.confidence}, "text": turn.text}
            said.append(put("user", at, text=turn.text, parse_data=parsed, input_channel="web", message_id=f"{sender}-{start}-{number}"))
            put("action", at, name="action_answer")
            for name, value in turn.slots.items():
                put("slot", at, name=name, value=value)
            for kind, text in turn.replies:
                put("bot", at + 1, text=text, data={}, metadata={"kind": kind})
    return said


def join(engine: Engine, sender: str, tutor: int, name: str = "Asha", group: str = "Retail 1") -> int:
    """The learner behind the conversation joins a group of the tutor's; their number."""
    with engine.begin() as connection:
        learner = learner_for(connection, sender, START)
        made = connection.execute(sa.insert(groups).values(name=group, code=f"C{learner}{tutor}", created_at=START))
        number = made.inserted_primary_key[0]
        connection.execute(sa.insert(group_tutors).values(group_id=number, tutor_id=tutor))
        connection.execute(sa.insert(memberships).values(group_id=number, learner_id=learner, name=name, joined_at=START))
    return learner
