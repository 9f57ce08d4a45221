"""The tables behind messaging channels: where their people are reached, and which answers are still to be sent, who wants reminders.

Times are seconds since 1970. Vendors' names of people stand in `addresses` alone, and go when the learner is erased.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.records.tables import metadata

# Where the person of a conversation is reached: a chat's number, a channel, a telephone number.
addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("address", sa.String(255), nullable=False),
    sa.Column("heard_at", sa.Float, nullable=False),
)

# The answer to each delivery of a messaging channel: how many of its parts the vendor has taken, and who is at it until when.
# `claim` goes up with every change of hands. `problem` is why it was given up, never anything that was said.
sendings = sa.Table(
    "sendings",
    metadata,
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("message_id", sa.String(128), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("parts", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("claim", sa.Integer, nullable=False),
    sa.Column("claimed_until", sa.Float, nullable=False),
    sa.Column("taken_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float),
    sa.Column("problem", sa.Text),
    sa.Index("ix_sendings_sender_id", "sender_id"),
    sa.Index("ix_sendings_ended_at", "ended_at"),
)

# Who wants to be reminded of what is due, in which conversation; none before `paused_until`. `last_at` is when it was done last.
reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("paused_until", sa.Float),
    sa.Column("last_at", sa.Float),
    sa.Column("changed_at", sa.Float, nullable=False),
)
