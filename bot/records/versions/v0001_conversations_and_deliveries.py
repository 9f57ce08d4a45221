"""The first tables: Rasa's events, where conversations stand, deliveries, resume codes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _events()
    op.create_table(
        "conversations",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("last_event_id", sa.Integer, nullable=False),
        sa.Column("slots", sa.Text, nullable=False),
    )
    op.create_table(
        "deliveries",
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
    )
    op.create_index("ix_deliveries_sender_id_id", "deliveries", ["sender_id", "id"])
    op.create_index("ix_deliveries_status", "deliveries", ["status"])
    op.create_table(
        "resume_codes",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
    )


def _events() -> None:
    """Databases from before versions have Rasa's table already, with its one index."""
    if not sa.inspect(op.get_bind()).has_table("events"):
        sequence = sa.Sequence("events_id_seq")
        if op.get_bind().dialect.name == "postgresql":
            op.execute(sa.schema.CreateSequence(sequence))
        op.create_table(
            "events",
            sa.Column("id", sa.Integer, sequence, primary_key=True),
            sa.Column("sender_id", sa.String(255), nullable=False),
            sa.Column("type_name", sa.String(255), nullable=False),
            sa.Column("timestamp", sa.Float),
            sa.Column("intent_name", sa.String(255)),
            sa.Column("action_name", sa.String(255)),
            sa.Column("data", sa.Text),
        )
        op.create_index("ix_events_sender_id", "events", ["sender_id"])
    op.create_index("ix_events_sender_id_id", "events", ["sender_id", "id"])
