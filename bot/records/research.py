"""Records for research: who it was is not in them, and what was said has personal data and known names taken out."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy import hidden
from bot.records.desk_tables import memberships, practice_marks, tutors
from bot.records.engine import reading
from bot.records.people import Person, people
from bot.records.tables import attempts, events, practice_turns, practices

_BATCH: Final = 1000
_SHORTEST_NAME: Final = 3
_SELF: Final = re.compile(r"(?i)\b(my name is|my name's|i am called|this is|call me)\s+[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?")


@dataclass(frozen=True)
class _Hiding:
    """What of a text is left for strangers. `names` finds the names known of the learner and of tutors."""

    names: re.Pattern[str] | None

    def text(self, text: str) -> str:
        text = _SELF.sub(r"\1 [name]", hidden(text))
        return self.names.sub("[name]", text) if self.names else text


def research(engine: Engine, secret: str) -> Iterator[str]:
    """Lines of JSON, one for each message, answer and practice, learner by learner; never more than a batch in memory.

    Pseudonyms are made with the server's secret: the same in every export, and nobody without it can make them. Moments are a day, and
    seconds since the learner's first message. Raises sqlalchemy's errors.
    """
    with reading(engine) as connection:
        of_tutors = list(connection.execute(sa.select(tutors.c.name)).scalars())
        for person in people(connection):
            name = pseudonym(secret, f"learner {person.learner}")
            hiding = _Hiding(_pattern([*of_tutors, *_names(connection, person)]))
            spoken = sa.select(sa.func.min(events.c.timestamp)).where(events.c.sender_id.in_(person.senders))
            first = connection.execute(spoken).scalar() or 0.0
            for kind in (_messages, _answers, _practices):
                for at, record in kind(connection, person, hiding):
                    moment = datetime.fromtimestamp(at, timezone.utc)
                    when = {"day": f"{moment:%Y-%m-%d}", "seconds": round(max(0.0, at - first))}
                    yield json.dumps({"learner": name, **when, **record}, ensure_ascii=False) + "\n"


def pseudonym(secret: str, of: str) -> str:
    """Sixteen hexadecimal digits."""
    return hmac.new(secret.encode(), b"research: " + of.encode(), hashlib.sha256).hexdigest()[:16]


def _names(connection: Connection, person: Person) -> Sequence[str]:
    return list(connection.execute(sa.select(memberships.c.name).where(memberships.c.learner_id == person.learner)).scalars())


def _pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """Whole names and their parts, the longest first."""
    parts = {part for name in names for part in (name, *name.split()) if len(part) >= _SHORTEST_NAME}
    ordered = sorted(parts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE) if ordered else None


def _messages(connection: Connection, person: Person, hiding: _Hiding) -> Iterator[tuple[float, dict[str, Any]]]:
    last = 0
    own = events.c.sender_id.in_(person.senders) & events.c.type_name.in_(("user", "bot"))
    while True:
        wanted = sa.select(events).where(own, events.c.id > last).order_by(events.c.id).limit(_BATCH)
        rows = connection.execute(wanted).all()
        for row in rows:
            event = _read(row.data)
            said = event.get("text")
            parsed = event.get("parse_data")
            intent = parsed.get("intent") if isinstance(parsed, dict) else None
            about = {"intent": row.intent_name, "confidence": (intent or {}).get("confidence")} if row.type_name == "user" else {}
            speaker = "learner" if row.type_name == "user" else "tutor bot"
            yield (
                row.timestamp or 0.0,
                {"type": "message", "by": speaker, "text": hiding.text(said if isinstance(said, str) else ""), **about},
            )
        if len(rows) < _BATCH:
            return
        last = rows[-1].id


def _answers(connection: Connection, person: Person, hiding: _Hiding) -> Iterator[tuple[float, dict[str, Any]]]:
    kept = ("session", "mode", "place", "number", "item", "topic", "kind", "verdict", "outcome", "hints", "chosen", "seconds")
    for row in connection.execute(sa.select(attempts).where(attempts.c.learner_id == person.learner).order_by(attempts.c.id)):
        values = {name: getattr(row, name) for name in kept if name != "seconds"}
        yield row.at, {"type": "answer", **values, "took": round(row.seconds, 1), "text": hiding.text(row.said)}


def _practices(connection: Connection, person: Person, hiding: _Hiding) -> Iterator[tuple[float, dict[str, Any]]]:
    for row in connection.execute(sa.select(practices).where(practices.c.learner_id == person.learner).order_by(practices.c.id)).all():
        turns = sa.select(practice_turns).where(practice_turns.c.practice_id == row.id).order_by(practice_turns.c.turn)
        lines = [
            {"text": hiding.text(turn.said), "reply": hiding.text(turn.reply), "anger": turn.anger} for turn in connection.execute(turns)
        ]
        marks = sa.select(practice_marks.c.criterion, practice_marks.c.mark).where(practice_marks.c.practice_id == row.id)
        criteria = {mark.criterion: mark.mark for mark in connection.execute(marks)}
        about = {"scenario": row.scenario, "difficulty": row.difficulty, "ending": row.ending, "band": row.band}
        yield row.started_at, {"type": "practice", **about, "criteria": criteria, "lines": lines}


def _read(data: str | None) -> dict[str, Any]:
    try:
        found = json.loads(data or "")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
