"""Every table but the desk's (desk_tables.py). `versions/` holds how a database gets here; a test keeps the two equal."""

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

# Codes to go on elsewhere (`resume`) and to link conversations (`link`): only their digest is kept.
resume_codes = sa.Table(
    "resume_codes",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
    sa.Column("purpose", sa.String(8), nullable=False, server_default="resume"),
)

# One person. Conversations, of whichever channels, are theirs through `identities`.
learners = sa.Table(
    "learners",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("created_at", sa.Float, nullable=False),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), nullable=False),
    sa.Index("ix_identities_learner_id", "learner_id"),
)

# Every answer to an item of a quiz. `outcome` is how it counts in the schedule; what cards hold can be made again from these.
attempts = sa.Table(
    "attempts",
    metadata,
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
    sa.Column("sender_id", sa.String(255)),
    sa.Column("length", sa.Integer),
    sa.UniqueConstraint("learner_id", "session", "place", "number", name="uq_attempts_answer"),
    sa.CheckConstraint("verdict IN ('right', 'partly', 'wrong', 'revealed', 'skipped')", name="ck_attempts_verdict"),
    sa.CheckConstraint("outcome IN ('right', 'hinted', 'wrong')", name="ck_attempts_outcome"),
    sa.Index("ix_attempts_learner_id_at", "learner_id", "at"),
    sa.Index("ix_attempts_learner_id_item", "learner_id", "item"),
    sa.Index("ix_attempts_item", "item"),
    sa.Index("ix_attempts_sender_id", "sender_id"),
)

# What a learner remembers of an item (bot/quiz/memory/schedule.py).
cards = sa.Table(
    "cards",
    metadata,
    sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("item", sa.String(60), primary_key=True),
    sa.Column("stability", sa.Float, nullable=False),
    sa.Column("difficulty", sa.Float, nullable=False),
    sa.Column("due", sa.Float, nullable=False),
    sa.Column("last_review", sa.Float, nullable=False),
    sa.Column("reps", sa.Integer, nullable=False),
    sa.Column("lapses", sa.Integer, nullable=False),
    sa.Column("last", sa.String(16), nullable=False),
    sa.Index("ix_cards_learner_id_due", "learner_id", "due"),
)

# "I think I was right", for a tutor to decide.
appeals = sa.Table(
    "appeals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt_id", sa.Integer, sa.ForeignKey("attempts.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("decided_at", sa.Float),
    sa.Column("decided_by", sa.String(120)),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("status IN ('waiting', 'upheld', 'declined')", name="ck_appeals_status"),
    sa.Index("ix_appeals_status", "status"),
)

# A practice with a customer, as often as it is played.
practices = sa.Table(
    "practices",
    metadata,
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
    sa.Column("sender_id", sa.String(255)),
    sa.UniqueConstraint("learner_id", "run", name="uq_practices_run"),
    sa.Index("ix_practices_scenario", "scenario"),
    sa.Index("ix_practices_sender_id", "sender_id"),
)

# A line of the learner's in a practice, its moves as JSON, and the customer after it.
practice_turns = sa.Table(
    "practice_turns",
    metadata,
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

# Reflections and forms that follow a practice.
practice_notes = sa.Table(
    "practice_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("values", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_practice_notes_practice_id", "practice_id"),
)
