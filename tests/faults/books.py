"""Holds what a database has of learners' messages against what the learners were told."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.tables import conversations, deliveries, events
from tests.faults.learner import Learner, Message


class _Spoken(NamedTuple):
    """A message's id and words, and the texts of its replies."""

    id: str
    text: str
    replies: tuple[str, ...]

    @classmethod
    def told(cls, message: Message) -> _Spoken:
        assert message.turn
        return cls(message.id, message.text, tuple(reply["text"] for reply in message.turn["replies"]))


def _spoken(said: Sequence[Mapping[str, Any]]) -> list[_Spoken]:
    """Turns, from events of type `user` and `bot` in their order."""
    turns: list[_Spoken] = []
    for event in said:
        if event["event"] == "user":
            turns.append(_Spoken(event["message_id"], event["text"], ()))
        else:
            assert turns, "nothing is said before the learner says something"
            turns[-1] = turns[-1]._replace(replies=(*turns[-1].replies, event["text"]))
    return turns


class Books:
    """Reads with a connection of its own, not through the code under test."""

    def __init__(self, address: str) -> None:
        self._address = address

    def check(self, learners: Sequence[Learner], in_order: bool = True) -> int:
        """The number of acknowledged messages. Fails when one is missing, doubled, out of order, or was refused and kept all the same.

        Messages that were sent at the same time have no order.
        """
        engine = sa.create_engine(self._address)
        with engine.connect() as connection:
            checked = sum(self._check_one(connection, learner, in_order) for learner in learners)
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        engine.dispose()
        return checked

    def _check_one(self, connection: Connection, learner: Learner, in_order: bool) -> int:
        assert not learner.open, "a check comes after every message has its answer or was given up"
        if not learner.messages:
            return 0
        told = {message.id: message.turn for message in learner.messages}
        rows = connection.execute(sa.select(deliveries).where(deliveries.c.message_id.in_(told)).order_by(deliveries.c.id)).all()
        sorting = list if in_order else sorted
        assert sorting(row.message_id for row in rows) == sorting(told), "every acknowledged message is in the inbox once, in order"
        forgotten = [message.id for message in learner.given_up]
        kept = connection.execute(sa.select(sa.func.count()).where(deliveries.c.message_id.in_(forgotten))).scalar()
        assert kept == 0, "a message that was refused and not sent again is not kept"
        for row in rows:
            turn = told[row.message_id]
            assert turn and (row.status, json.loads(row.replies)) == (turn["status"], turn["replies"]), "what is kept is what was told"
        (sender,) = {row.sender_id for row in rows}
        answered = [_Spoken.told(message) for message in learner.messages if message.turn and message.turn["status"] == "answered"]
        self._check_events(connection, sender, sorting(answered), in_order)
        return len(rows)

    @staticmethod
    def _check_events(connection: Connection, sender: str, expected: Sequence[_Spoken], in_order: bool) -> None:
        kept = connection.execute(sa.select(events).where(events.c.sender_id == sender).order_by(events.c.id)).all()
        found = _spoken([json.loads(row.data) for row in kept if row.type_name in {"user", "bot"}])
        assert [(turn.id, turn.text) for turn in (found if in_order else sorted(found))] == [(turn.id, turn.text) for turn in expected], (
            "every answered message is an event once, in order"
        )
        assert (found if in_order else sorted(found)) == expected, (
            "turns are whole, one after another, each with the replies that were told"
        )
        stands = connection.execute(sa.select(conversations.c.last_event_id).where(conversations.c.sender_id == sender)).scalar()
        assert stands == (kept[-1].id if kept else None), "the conversation stands at its last event"

    def states(self, numbers: Iterable[str]) -> Counter[str]:
        """How far messages had come. Looks at a copy of an SQLite database, so that the next start finds the files as they were left."""
        with TemporaryDirectory() as folder:
            engine = sa.create_engine(self._copied(Path(folder)))
            with engine.connect() as connection:
                found = connection.execute(
                    sa.select(deliveries.c.message_id, deliveries.c.status).where(deliveries.c.message_id.in_(list(numbers)))
                )
                states = {row.message_id: row.status for row in found}
            engine.dispose()
        return Counter(states.get(number, "not taken") for number in numbers)

    def _copied(self, folder: Path) -> str:
        url = sa.engine.make_url(self._address)
        if url.get_backend_name() != "sqlite":
            return self._address
        database = Path(url.database or "")
        for path in database.parent.glob(f"{database.name}*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder / path.name)
        return f"sqlite:///{folder / database.name}"
