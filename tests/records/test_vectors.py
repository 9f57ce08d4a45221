"""Vectors are made of what tutors look through, once for each text, and found again only by those who may see them."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.encoder import DIMENSIONS, Encoder
from bot.records.access import Viewer
from bot.records.desk_tables import comments, group_tutors, groups, memberships, message_vectors, messages, triage, tutors
from bot.records.engine import reading
from bot.records.improvements import Said, said
from bot.records.tables import identities, learners
from bot.records.vectors import alike, embed_waiting, uncovered, uncovered_events, uncovered_waiting, vectors_of
from bot.similar import packed

LEAD = Viewer(1, True)
TOM = Viewer(2, False)
ENOUGH = 10_000  # of 768 bytes, more than one reading


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(published=True)


class Counted(Encoder):
    """The real encoder, which remembers what it was asked to encode."""

    def __init__(self, encoder: Encoder) -> None:
        self.tokeniser, self.fingerprint, self.inner, self.asked = encoder.tokeniser, encoder.fingerprint, encoder, list[str]()

    def encode(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return self.inner.encode(text)


def say(engine: Engine, *rows: tuple[int, str, str, str | None]) -> None:
    with engine.begin() as connection:
        for event, sender, text, reply in rows:
            connection.execute(sa.insert(messages).values(event_id=event, sender_id=sender, at=float(event), text=text, reply=reply))


def flag(engine: Engine, sender: str) -> None:
    plain = {"channel": "web", "last_event_id": 0, "first_at": 0.0, "last_at": 0.0, "turns": 1, "preview": "", "need": 0, "reasons": "[]"}
    with engine.begin() as connection:
        connection.execute(sa.insert(triage).values(sender_id=sender, status="flagged", version=1, **plain))


def comment(engine: Engine, event: int) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(comments).values(sender_id="x", event_id=event, text="look", by="Tom", at=0.0))


def kept(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        return list(connection.execute(sa.select(message_vectors.c.event_id).order_by(message_vectors.c.event_id)).scalars())


def asked(engine: Engine, event: int) -> Said:
    with reading(engine) as connection:
        found = said(connection, event)
    assert found
    return found


def test_vectors_are_made_of_declined_flagged_and_commented_messages_once_a_text(engine: Engine, encoder: Encoder) -> None:
    say(
        engine,
        (1, "a", "how much is the bus", "declined"),
        (2, "a", "what is an SLA", "answer"),
        (3, "b", "how much is the bus", "declined"),
        (4, "c", "i hate this course", "answer"),
        (5, "d", "nobody helps me", "answer"),
        (6, "d", "ok", "answer"),
        (7, "e", "qwrtz", "garbled"),
    )
    flag(engine, "c")
    comment(engine, 5)
    counted = Counted(encoder)
    assert embed_waiting(engine, counted, 3) == 3
    assert kept(engine) == [1, 3, 4]
    assert embed_waiting(engine, counted, 3) == 2
    assert kept(engine) == [1, 3, 4, 5, 7]
    assert embed_waiting(engine, counted, 3) == 0
    assert counted.asked == ["how much is the bus", "i hate this course", "nobody helps me", "qwrtz"]
    with reading(engine) as connection:
        assert uncovered_events(connection) == (1, 3)
        assert uncovered_waiting(connection) == 0
        ((events, rows),) = vectors_of(connection, [1, 2, 3])
    assert events == (1, 3)
    assert np.allclose(rows[0], rows[1])


def test_a_message_erased_while_it_was_encoded_leaves_no_vector(engine: Engine, encoder: Encoder) -> None:
    say(engine, (1, "a", "how much is the bus", "declined"), (2, "b", "where is lunch", "declined"))

    class Slow(Counted):
        def encode(self, text: str) -> np.ndarray:
            with engine.begin() as connection:
                connection.execute(sa.delete(messages).where(messages.c.event_id == 1))
            return super().encode(text)

    embed_waiting(engine, Slow(encoder), 10)
    assert kept(engine) == [2]


def test_others_like_a_message_are_found_among_those_that_the_tutor_may_see(engine: Engine, encoder: Encoder) -> None:
    say(
        engine,
        (1, "a", "what does the bus to college cost", "answer"),  # asked about: neither declined, flagged nor commented on
        (2, "a", "how much is a bus ticket to college", "declined"),
        (3, "b", "price of the college bus", "declined"),
        (4, "b", "can dogs eat grapes", "declined"),
        (5, "c", "bus fare to college please", "answer"),
    )
    comment(engine, 5)
    with engine.begin() as connection:
        connection.execute(sa.insert(tutors).values(id=2, name="Tom", password="x", role="tutor", session=1, created_at=0.0))
        connection.execute(sa.insert(groups).values(id=1, name="A", code="ABC123", created_at=0.0))
        connection.execute(sa.insert(group_tutors).values(group_id=1, tutor_id=2))
        for number, sender in enumerate("abc", 1):
            connection.execute(sa.insert(learners).values(id=number, created_at=0.0))
            connection.execute(sa.insert(identities).values(sender_id=sender, learner_id=number))
        connection.execute(sa.insert(memberships).values(group_id=1, learner_id=1, name="Ann", joined_at=0.0))
    embed_waiting(engine, encoder, 10)
    found = alike(engine, LEAD, asked(engine, 1), encoder)
    assert {one.said.event for one in found[:3]} == {2, 3, 5}
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)
    assert {one.said.event: (one.declined, one.commented) for one in found}[5] == (False, True)
    assert 1 not in [one.said.event for one in found]
    assert [one.said.event for one in alike(engine, TOM, asked(engine, 1), encoder)] == [2]
    with reading(engine) as connection:
        assert [one.event for one in uncovered(connection, TOM)] == [2]
        assert [one.who for one in uncovered(connection, LEAD)] == ["1", "2", "2"]


def fill(engine: Engine, vectors: Sequence[bytes]) -> None:
    with engine.begin() as connection:
        for start in range(0, len(vectors), 5000):
            part = range(start, start + 5000)
            connection.execute(
                sa.insert(messages),
                [{"event_id": n, "sender_id": f"s{n % 900}", "at": float(n), "text": f"question {n}", "reply": "declined"} for n in part],
            )
            connection.execute(sa.insert(message_vectors), [{"event_id": n, "vector": vectors[n]} for n in part])


def test_many_vectors_are_searched_without_filling_memory(engine: Engine, encoder: Encoder) -> None:
    dice = np.random.RandomState(3)
    rows = dice.randn(400, DIMENSIONS).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    fill(engine, [packed(rows[number % 400]) for number in range(ENOUGH)])
    question = asked(engine, 7)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    found = alike(engine, LEAD, question, encoder)
    assert time.perf_counter() - started < 1.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024  # KiB
    assert len(found) == 20
    assert all(one.said.event % 400 == 7 for one in found)
