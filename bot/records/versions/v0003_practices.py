"""Practices with a customer, their turns, and what was written after them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _practices()
    _practice_turns()
    _practice_notes()


def _practices() -> None:
    op.create_table(
        "practices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
        sa.Column("run", sa.String(16), nullable=False),
        sa.Column("scenario", sa.String(60), nullable=False),
        sa.Column("difficulty", sa.Integer, nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("opening", sa.Text, nullable=False),
        sa.Column("mood", sa.String(60), nullable=False),
        sa.Column("anger", sa.Integer, nullable=False),
        sa.Column("trust", sa.Integer, nullable=False),
        sa.Column("body", sa.String(16)),
        sa.Column("origin", sa.String(16)),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.Column("ending", sa.String(16)),
        sa.Column("band", sa.String(16)),
        sa.Column("criteria", sa.Text),
        sa.UniqueConstraint("learner_id", "run", name="uq_practices_run"),
    )
    op.create_index("ix_practices_scenario", "practices", ["scenario"])


def _practice_turns() -> None:
    op.create_table(
        "practice_turns",
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("moves", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("mood", sa.String(60), nullable=False),
        sa.Column("anger", sa.Integer, nullable=False),
        sa.Column("trust", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )


def _practice_notes() -> None:
    op.create_table(
        "practice_notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("values", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_practice_notes_practice_id", "practice_notes", ["practice_id"])
