"""Whose a conversation is."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.tables import identities, learners


def learner_of(connection: Connection, sender_id: str) -> int | None:
    """The learner behind a conversation; None while nothing is recorded of them."""
    found: int | None = connection.execute(sa.select(identities.c.learner_id).where(identities.c.sender_id == sender_id)).scalar()
    return found


def learner_for(connection: Connection, sender_id: str, now: float) -> int:
    """The learner behind a conversation, a new one where there is none yet. The conversation is held by this transaction already."""
    known = learner_of(connection, sender_id)
    if known is not None:
        return known
    made = connection.execute(sa.insert(learners).values(created_at=now))
    number = int(made.inserted_primary_key[0])
    connection.execute(sa.insert(identities).values(sender_id=sender_id, learner_id=number))
    return number
