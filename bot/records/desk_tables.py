"""The tables behind the tutors' desk: who works there, groups, what is seen at a glance, what tutors write, and the trail of it all.

Times are seconds since 1970. `by` columns hold a tutor's name as it was: a trail outlives the account.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.records.tables import metadata

# `session` goes up to end every open session of the account.
tutors = sa.Table(
    "tutors",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("password", sa.String(255), nullable=False),
    sa.Column("role", sa.String(8), nullable=False),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("closed_at", sa.Float),
    sa.UniqueConstraint("name", name="uq_tutors_name"),
    sa.CheckConstraint("role IN ('tutor', 'lead')", name="ck_tutors_role"),
)

# Sign-ins that failed, to slow down guessing. `account` and `address` are keyed digests.
failed_sign_ins = sa.Table(
    "failed_sign_ins",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_failed_sign_ins_account_at", "account", "at"),
    sa.Index("ix_failed_sign_ins_address_at", "address", "at"),
)

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("code", sa.String(12), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("closed_at", sa.Float),
    sa.UniqueConstraint("code", name="uq_groups_code"),
)

group_tutors = sa.Table(
    "group_tutors",
    metadata,
    sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tutor_id", sa.Integer, sa.ForeignKey("tutors.id", ondelete="CASCADE"), primary_key=True),
    sa.Index("ix_group_tutors_tutor_id", "tutor_id"),
)

# `name` is what the learner wants to be known by in this group.
memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("joined_at", sa.Float, nullable=False),
    sa.Index("ix_memberships_learner_id", "learner_id"),
)

# Work set for a group: a topic to ask about, a quiz on a topic, or a scenario to practise; `target` is its id.
set_work = sa.Table(
    "set_work",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("target", sa.String(60), nullable=False),
    sa.Column("due_at", sa.Float),
    sa.Column("set_at", sa.Float, nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("withdrawn_at", sa.Float),
    sa.CheckConstraint("kind IN ('topic', 'quiz', 'scenario')", name="ck_set_work_kind"),
    sa.Index("ix_set_work_group_id", "group_id"),
)

# What learners said, one row a message, read from `events`. `reply` is the kind of the reply to it, `answer` the answer it was given.
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("intent", sa.String(60)),
    sa.Column("confidence", sa.Float),
    sa.Column("reply", sa.String(40)),
    sa.Column("answer", sa.String(120)),
    sa.Index("ix_messages_sender_id_event_id", "sender_id", "event_id"),
    sa.Index("ix_messages_reply_event_id", "reply", "event_id"),
)

# The meaning of messages that tutors look through for others like them: 384 half-precision floats, unit length.
message_vectors = sa.Table(
    "message_vectors",
    metadata,
    sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)

# A conversation as the inbox shows it. `reasons` is JSON: what needs a tutor and why, heaviest first; `need` is its weight.
# `status` and `assigned_to` are the tutors' own; `version` goes up with each of their changes. `done_event_id` is the last event that
# was there when it was marked done: what comes after opens it again. `due_at` is when time alone will bring a new reason.
triage = sa.Table(
    "triage",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("learner_id", sa.Integer),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("last_event_id", sa.Integer, nullable=False),
    sa.Column("first_at", sa.Float, nullable=False),
    sa.Column("last_at", sa.Float, nullable=False),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("preview", sa.String(200), nullable=False),
    sa.Column("confidence", sa.Float),
    sa.Column("need", sa.Integer, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("assigned_to", sa.Integer, sa.ForeignKey("tutors.id", ondelete="SET NULL")),
    sa.Column("done_event_id", sa.Integer),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("due_at", sa.Float),
    sa.CheckConstraint("status IN ('new', 'in_progress', 'waiting', 'done', 'flagged')", name="ck_triage_status"),
    sa.Index("ix_triage_need_last_at", "need", "last_at"),
    sa.Index("ix_triage_last_at", "last_at"),
    sa.Index("ix_triage_status_need", "status", "need"),
    sa.Index("ix_triage_learner_id", "learner_id"),
    sa.Index("ix_triage_channel", "channel"),
    sa.Index("ix_triage_due_at", "due_at"),
)

# How far the desk has read; one row for each reader.
desk_readers = sa.Table(
    "desk_readers",
    metadata,
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("event_id", sa.Integer, nullable=False),
)

# On a conversation, one of its messages, or part of its text from `start` to `end`.
comments = sa.Table(
    "comments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("event_id", sa.Integer),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_comments_sender_id", "sender_id"),
    sa.Index("ix_comments_event_id", "event_id"),
)

tags = sa.Table(
    "tags",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("event_id", sa.Integer),
    sa.Column("start", sa.Integer),
    sa.Column("end", sa.Integer),
    sa.Column("tag", sa.String(40), nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_tags_sender_id", "sender_id"),
    sa.Index("ix_tags_event_id", "event_id"),
    sa.Index("ix_tags_tag_sender_id", "tag", "sender_id"),
)

# The criteria of a practice that ended. `mark` is what counts, `assessed` what the assessor gave; null where it did not apply.
practice_marks = sa.Table(
    "practice_marks",
    metadata,
    sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("criterion", sa.String(24), primary_key=True),
    sa.Column("mark", sa.Boolean),
    sa.Column("assessed", sa.Boolean),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("ix_practice_marks_criterion_mark", "criterion", "mark"),
)

# A tutor's own marks beside the assessor's, given without seeing others': they count for agreement only.
second_marks = sa.Table(
    "second_marks",
    metadata,
    sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("criterion", sa.String(24), primary_key=True),
    sa.Column("tutor_id", sa.Integer, sa.ForeignKey("tutors.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("mark", sa.Boolean),
    sa.Column("at", sa.Float, nullable=False),
)

# Criteria on which markers agree too little: shown, and left out of the band.
advisory_criteria = sa.Table(
    "advisory_criteria",
    metadata,
    sa.Column("criterion", sa.String(24), primary_key=True),
    sa.Column("kappa", sa.Float, nullable=False),
    sa.Column("pairs", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

# Every change of a mark, with what it was: of a criterion of a practice, of an answer, or of an appeal on it; when the learner was told.
mark_changes = sa.Table(
    "mark_changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE")),
    sa.Column("criterion", sa.String(24)),
    sa.Column("attempt_id", sa.Integer, sa.ForeignKey("attempts.id", ondelete="CASCADE")),
    sa.Column("old", sa.String(16), nullable=False),
    sa.Column("new", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("told_at", sa.Float),
    sa.CheckConstraint("kind IN ('criterion', 'item', 'appeal')", name="ck_mark_changes_kind"),
    sa.Index("ix_mark_changes_practice_id", "practice_id"),
    sa.Index("ix_mark_changes_attempt_id", "attempt_id"),
)

# What reviewing teaches the tutor: a message's right intent, or the answer that a question belongs to. Waits to be written into files.
improvements = sa.Table(
    "improvements",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("event_id", sa.Integer),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("was", sa.String(120)),
    sa.Column("target", sa.String(120), nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("applied_at", sa.Float),
    sa.CheckConstraint("kind IN ('intent', 'phrasing')", name="ck_improvements_kind"),
    sa.Index("ix_improvements_applied_at", "applied_at"),
    sa.Index("ix_improvements_sender_id", "sender_id"),
)

# Who looked at what and changed what. Each row's digest covers the one before it, so that a change of the past shows.
# `subject` is a conversation, learner, group or account; `detail` never holds words of a learner.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("by", sa.String(60), nullable=False),
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(255), nullable=False),
    sa.Column("detail", sa.String(200), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Index("ix_audit_at", "at"),
    sa.Index("ix_audit_subject", "subject"),
)
