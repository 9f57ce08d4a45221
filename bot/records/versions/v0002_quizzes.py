"""Learners, what they answered in quizzes, what they remember, and their appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _learners()
    _identities()
    _attempts()
    _cards()
    _appeals()


def _learners() -> None:
    op.create_table(
        "learners",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created_at", sa.Float, nullable=False),
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("sender_id", sa.String(255), primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_identities_learner_id", "identities", ["learner_id"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
        sa.Column("session", sa.String(16), nullable=False),
        sa.Column("mode", sa.String(24), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("chosen", sa.String(60), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.UniqueConstraint("learner_id", "session", "place", "number", name="uq_attempts_answer"),
        sa.CheckConstraint("verdict IN ('right', 'partly', 'wrong', 'revealed', 'skipped')", name="ck_attempts_verdict"),
        sa.CheckConstraint("outcome IN ('right', 'hinted', 'wrong')", name="ck_attempts_outcome"),
    )
    op.create_index("ix_attempts_learner_id_at", "attempts", ["learner_id", "at"])
    op.create_index("ix_attempts_learner_id_item", "attempts", ["learner_id", "item"])
    op.create_index("ix_attempts_item", "attempts", ["item"])


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("item", sa.String(60), primary_key=True),
        sa.Column("stability", sa.Float, nullable=False),
        sa.Column("difficulty", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("last_review", sa.Float, nullable=False),
        sa.Column("reps", sa.Integer, nullable=False),
        sa.Column("lapses", sa.Integer, nullable=False),
        sa.Column("last", sa.String(16), nullable=False),
    )
    op.create_index("ix_cards_learner_id_due", "cards", ["learner_id", "due"])


def _appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("attempt_id", sa.Integer, sa.ForeignKey("attempts.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("decided_at", sa.Float),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("status IN ('waiting', 'upheld', 'declined')", name="ck_appeals_status"),
    )
    op.create_index("ix_appeals_status", "appeals", ["status"])
