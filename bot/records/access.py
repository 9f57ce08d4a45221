"""Whose records a tutor may see: those of learners in their groups; a lead sees all."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.records.desk_tables import group_tutors, groups, memberships
from bot.records.tables import identities


@dataclass(frozen=True)
class Viewer:
    """`tutor` is the account's number; `lead` sees everything."""

    tutor: int
    lead: bool


def seen_learners(viewer: Viewer) -> sa.sql.Select | None:
    """Numbers of the learners whom the viewer may see, to be used inside `in_()`; None where all may be seen."""
    if viewer.lead:
        return None
    joined = memberships.join(group_tutors, group_tutors.c.group_id == memberships.c.group_id)
    return sa.select(memberships.c.learner_id).select_from(joined).where(group_tutors.c.tutor_id == viewer.tutor)


def seen_groups(viewer: Viewer) -> sa.sql.Select:
    """Numbers of the groups whom the viewer tends, closed ones too."""
    if viewer.lead:
        return sa.select(groups.c.id)
    return sa.select(group_tutors.c.group_id).where(group_tutors.c.tutor_id == viewer.tutor)


def may_see_learner(connection: Connection, viewer: Viewer, learner: int) -> bool:
    seen = seen_learners(viewer)
    if seen is None:
        return True
    return connection.execute(sa.select(sa.literal(1)).where(sa.literal(learner).in_(seen))).first() is not None


def may_see_sender(connection: Connection, viewer: Viewer, sender: str) -> bool:
    """Of a conversation whose learner is not known, only leads see anything."""
    seen = seen_learners(viewer)
    if seen is None:
        return True
    own = sa.select(identities.c.sender_id).where(identities.c.sender_id == sender, identities.c.learner_id.in_(seen))
    return connection.execute(own).first() is not None


def may_see_group(connection: Connection, viewer: Viewer, group: int) -> bool:
    return connection.execute(sa.select(sa.literal(1)).where(sa.literal(group).in_(seen_groups(viewer)))).first() is not None
