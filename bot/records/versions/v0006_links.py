"""Linked conversations: what a code is for; reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("resume_codes", sa.Column("purpose", sa.String(8), nullable=False, server_default="resume"))
    op.create_table(
        "reminders",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("paused_until", sa.Float),
        sa.Column("last_at", sa.Float),
        sa.Column("changed_at", sa.Float, nullable=False),
    )
