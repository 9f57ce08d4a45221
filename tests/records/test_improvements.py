"""What tutors put right waits, is seen by those who may, is withdrawn or applied."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.improving import INTENT, PHRASING, Change
from bot.records.access import Viewer
from bot.records.desk_tables import group_tutors, groups, memberships, messages, tutors
from bot.records.engine import reading
from bot.records.improvements import add_change, applied, mark_applied, put_right, said, waiting, withdraw
from bot.records.tables import identities, learners

LEAD = Viewer(1, True)
TOM = Viewer(2, False)
CHANGE = Change(0, INTENT, "can i go now", "goodbye", "ask", "Tom", 100.0, "talk-1", 11)
OTHER = Change(0, PHRASING, "what do i do with a moaner", "later-model.what", None, "Lena", 200.0, "talk-2", 12)


@pytest.fixture
def college(engine: Engine) -> Engine:
    """Tom tends a group with the learner of talk-1; the learner of talk-2 is in none."""
    with engine.begin() as connection:
        connection.execute(sa.insert(tutors).values(id=2, name="Tom", password="x", role="tutor", session=1, created_at=0.0))
        connection.execute(sa.insert(groups).values(id=1, name="A", code="ABC123", created_at=0.0))
        connection.execute(sa.insert(group_tutors).values(group_id=1, tutor_id=2))
        for number in (1, 2):
            connection.execute(sa.insert(learners).values(id=number, created_at=0.0))
            connection.execute(sa.insert(identities).values(sender_id=f"talk-{number}", learner_id=number))
        connection.execute(sa.insert(memberships).values(group_id=1, learner_id=1, name="Ann", joined_at=0.0))
    return engine


def test_a_change_waits_once_until_it_is_applied(college: Engine) -> None:
    with college.begin() as connection:
        assert add_change(connection, CHANGE)
        assert not add_change(connection, replace(CHANGE, by="Lena"))
        assert add_change(connection, OTHER)
        first, second = waiting(connection)
        assert replace(first, id=0) == CHANGE
        assert put_right(connection) == (frozenset({11, 12}), (CHANGE.text, OTHER.text))
        mark_applied(connection, [first], 300.0)
        assert waiting(connection) == (second,)
        assert applied(connection, LEAD) == ((first, 300.0),)
        assert withdraw(connection, first.id, LEAD) is None, "what is in the files is taken out there"
        assert add_change(connection, CHANGE), "it was applied, taken out of the files by hand, and is wanted again"


def test_a_tutor_sees_and_withdraws_changes_of_their_groups_only(college: Engine) -> None:
    with college.begin() as connection:
        add_change(connection, CHANGE)
        add_change(connection, OTHER)
        own, other = waiting(connection)
        assert waiting(connection, TOM) == (own,)
        assert withdraw(connection, other.id, TOM) is None
        assert withdraw(connection, own.id, TOM) == own
        assert waiting(connection) == (other,)


def test_a_message_is_read_as_it_was_said(engine: Engine) -> None:
    with engine.begin() as connection:
        values = {"event_id": 5, "sender_id": "t", "at": 1.0, "text": "hm", "intent": "ask", "confidence": 0.4, "reply": "declined"}
        connection.execute(sa.insert(messages).values(**values))
    with reading(engine) as connection:
        found = said(connection, 5)
        assert found and (found.text, found.reply, found.answer) == ("hm", "declined", None)
        assert said(connection, 6) is None
