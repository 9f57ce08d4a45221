"""Every table. `versions/` holds how a database gets here; a test keeps the two equal."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

# Rasa's own table, column for column, so that its tools read it too; filled by server/tracker_store.py.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, sa.Sequence("events_id_seq"), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    sa.Index("ix_events_sender_id", "sender_id"),
    sa.Index("ix_events_sender_id_id", "sender_id", "id"),
)

# Where a conversation stands: enough, with its last few events, to go on without replaying it.
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("last_event_id", sa.Integer, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),
)

# Every message that was taken, with its reply. A repeat of (channel, message_id) gets the stored reply.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("message_id", sa.String(128), nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("press", sa.String(160)),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("claimed_until", sa.Float, nullable=False),
    sa.Column("answered_at", sa.Float),
    sa.Column("replies", sa.Text),
    sa.Column("problem", sa.Text),
    sa.UniqueConstraint("channel", "message_id", name="uq_deliveries_message"),
    sa.CheckConstraint("status IN ('received', 'answered', 'failed')", name="ck_deliveries_status"),
    sa.Index("ix_deliveries_sender_id_id", "sender_id", "id"),
    sa.Index("ix_deliveries_status", "status"),
)

# Codes to go on elsewhere: only their digest is kept.
resume_codes = sa.Table(
    "resume_codes",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
)
