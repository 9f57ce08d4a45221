"""Conversations written as the server stores them, event by event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.engine import insert_into
from bot.records.tables import conversations, deliveries, events, identities, learners

START = 1_790_000_000.0
MINUTE, DAY = 60.0, 86_400.0


@dataclass
class Told:
    """A conversation; `at` goes on a minute with each turn."""

    engine: Engine
    sender: str = "somebody"
    at: float = START
    channel: str = "web"
    slots: dict[str, Any] = field(default_factory=dict)

    def begins(self) -> Told:
        self._write([("session_started", {})])
        return self

    def says(
        self,
        text: str,
        *replies: str,
        intent: str = "ask",
        confidence: float = 0.9,
        slots: dict[str, Any] | None = None,
        buttons: Sequence[tuple[str, str]] = (),
        label: str | None = None,
    ) -> int:
        """A turn with replies of those kinds ("answer" where none is named); the number of the message's event.

        `label` is what stood on the button where `text` is its token.
        """
        self.at += MINUTE
        said = {
            "text": text,
            "parse_data": {"intent": {"name": intent, "confidence": confidence}, "text": text},
            "input_channel": self.channel,
            "message_id": f"m{self.at:.0f}",
        }
        offered = [{"title": title, "payload": token} for title, token in buttons]
        bots = [
            ("bot", {"text": f"({kind})", "data": {"buttons": offered or None}, "metadata": {"kind": kind}})
            for kind in replies or ("answer",)
        ]
        self.slots.update(slots or {})
        set_slots = [("slot", {"name": name, "value": value}) for name, value in (slots or {}).items()]
        numbers = self._write([("user", said), ("user_featurization", {}), ("action", {"name": "action_answer"}), *bots, *set_slots])
        if label:
            self.delivered(label, press=text)
        return numbers[0]

    def delivered(self, said: str, status: str = "answered", press: str | None = None) -> None:
        """The message of the turn before, as it stands among deliveries."""
        values = {"channel": self.channel, "message_id": f"m{self.at:.0f}", "sender_id": self.sender, "said": said, "press": press}
        times = {"status": status, "received_at": self.at, "claimed_until": self.at, "answered_at": self.at, "replies": "[]"}
        with self.engine.begin() as connection:
            connection.execute(sa.insert(deliveries).values(**values, **times))

    def of(self, learner: int) -> Told:
        """Make it the learner's, who is made where there is none of that number."""
        with self.engine.begin() as connection:
            connection.execute(insert_into(connection, learners).values(id=learner, created_at=START).on_conflict_do_nothing())
            connection.execute(sa.insert(identities).values(sender_id=self.sender, learner_id=learner))
        return self

    def writes(self, kind: str, data: str | None, at: float | None = None) -> int:
        """A row of any kind, whatever is in it."""
        with self.engine.begin() as connection:
            values = {"sender_id": self.sender, "type_name": kind, "timestamp": at, "data": data}
            return int(connection.execute(sa.insert(events).values(values)).inserted_primary_key[0])

    def _write(self, told: Sequence[tuple[str, dict[str, Any]]]) -> list[int]:
        numbers: list[int] = []
        with self.engine.begin() as connection:
            for kind, data in told:
                text = json.dumps({"event": kind, "timestamp": self.at, **data})
                values = {"sender_id": self.sender, "type_name": kind, "timestamp": self.at, "data": text}
                numbers.append(int(connection.execute(sa.insert(events).values(values)).inserted_primary_key[0]))
            stands = {"last_event_id": numbers[-1], "slots": json.dumps(self.slots)}
            put = insert_into(connection, conversations).values(sender_id=self.sender, **stands)
            connection.execute(put.on_conflict_do_update(index_elements=["sender_id"], set_=stands))
        return numbers
