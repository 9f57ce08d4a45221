"""The tutors' desk: accounts, groups, triage, what tutors write, changes of marks, and the trail; the conversation of answers and runs."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for make in (
        _tutors,
        _failed_sign_ins,
        _groups,
        _group_tutors,
        _memberships,
        _set_work,
        _messages,
        _message_vectors,
        _triage,
        _desk_readers,
        _comments,
        _tags,
        _practice_marks,
        _second_marks,
        _advisory_criteria,
        _mark_changes,
        _improvements,
        _audit,
        _senders,
        _marks_given,
        _search,
    ):
        make()


def _tutors() -> None:
    op.create_table(
        "tutors",
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


def _failed_sign_ins() -> None:
    op.create_table(
        "failed_sign_ins",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_failed_sign_ins_account_at", "failed_sign_ins", ["account", "at"])
    op.create_index("ix_failed_sign_ins_address_at", "failed_sign_ins", ["address", "at"])


def _groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("closed_at", sa.Float),
        sa.UniqueConstraint("code", name="uq_groups_code"),
    )


def _group_tutors() -> None:
    op.create_table(
        "group_tutors",
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tutor_id", sa.Integer, sa.ForeignKey("tutors.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_group_tutors_tutor_id", "group_tutors", ["tutor_id"])


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("joined_at", sa.Float, nullable=False),
    )
    op.create_index("ix_memberships_learner_id", "memberships", ["learner_id"])


def _set_work() -> None:
    op.create_table(
        "set_work",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("due_at", sa.Float),
        sa.Column("set_at", sa.Float, nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("withdrawn_at", sa.Float),
        sa.CheckConstraint("kind IN ('topic', 'quiz', 'scenario')", name="ck_set_work_kind"),
    )
    op.create_index("ix_set_work_group_id", "set_work", ["group_id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("intent", sa.String(60)),
        sa.Column("confidence", sa.Float),
        sa.Column("reply", sa.String(40)),
        sa.Column("answer", sa.String(120)),
    )
    op.create_index("ix_messages_sender_id_event_id", "messages", ["sender_id", "event_id"])
    op.create_index("ix_messages_reply_event_id", "messages", ["reply", "event_id"])


def _message_vectors() -> None:
    op.create_table(
        "message_vectors",
        sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )


def _triage() -> None:
    op.create_table(
        "triage",
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
    )
    op.create_index("ix_triage_need_last_at", "triage", ["need", "last_at"])
    op.create_index("ix_triage_last_at", "triage", ["last_at"])
    op.create_index("ix_triage_status_need", "triage", ["status", "need"])
    op.create_index("ix_triage_learner_id", "triage", ["learner_id"])
    op.create_index("ix_triage_channel", "triage", ["channel"])
    op.create_index("ix_triage_due_at", "triage", ["due_at"])


def _desk_readers() -> None:
    op.create_table(
        "desk_readers",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("event_id", sa.Integer, nullable=False),
    )


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("event_id", sa.Integer),
        sa.Column("start", sa.Integer),
        sa.Column("end", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_comments_sender_id", "comments", ["sender_id"])
    op.create_index("ix_comments_event_id", "comments", ["event_id"])


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sender_id", sa.String(255), nullable=False),
        sa.Column("event_id", sa.Integer),
        sa.Column("start", sa.Integer),
        sa.Column("end", sa.Integer),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_tags_sender_id", "tags", ["sender_id"])
    op.create_index("ix_tags_event_id", "tags", ["event_id"])
    op.create_index("ix_tags_tag_sender_id", "tags", ["tag", "sender_id"])


def _practice_marks() -> None:
    op.create_table(
        "practice_marks",
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("criterion", sa.String(24), primary_key=True),
        sa.Column("mark", sa.Boolean),
        sa.Column("assessed", sa.Boolean),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_practice_marks_criterion_mark", "practice_marks", ["criterion", "mark"])


def _second_marks() -> None:
    op.create_table(
        "second_marks",
        sa.Column("practice_id", sa.Integer, sa.ForeignKey("practices.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("criterion", sa.String(24), primary_key=True),
        sa.Column("tutor_id", sa.Integer, sa.ForeignKey("tutors.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("mark", sa.Boolean),
        sa.Column("at", sa.Float, nullable=False),
    )


def _advisory_criteria() -> None:
    op.create_table(
        "advisory_criteria",
        sa.Column("criterion", sa.String(24), primary_key=True),
        sa.Column("kappa", sa.Float, nullable=False),
        sa.Column("pairs", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )


def _mark_changes() -> None:
    op.create_table(
        "mark_changes",
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
    )
    op.create_index("ix_mark_changes_practice_id", "mark_changes", ["practice_id"])
    op.create_index("ix_mark_changes_attempt_id", "mark_changes", ["attempt_id"])


def _improvements() -> None:
    op.create_table(
        "improvements",
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
    )
    op.create_index("ix_improvements_applied_at", "improvements", ["applied_at"])
    op.create_index("ix_improvements_sender_id", "improvements", ["sender_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject"])


def _senders() -> None:
    """Until now every learner has had one conversation. Of how many items a quiz was, old answers do not tell."""
    for table in ("attempts", "practices"):
        op.add_column(table, sa.Column("sender_id", sa.String(255)))
        op.create_index(f"ix_{table}_sender_id", table, ["sender_id"])
        op.execute(f"UPDATE {table} SET sender_id = (SELECT i.sender_id FROM identities i WHERE i.learner_id = {table}.learner_id)")  # noqa: S608 - two names of ours
    op.add_column("attempts", sa.Column("length", sa.Integer))


def _marks_given() -> None:
    """One row for each criterion that stood in JSON."""
    connection = op.get_bind()
    marks = sa.table("practice_marks", *(sa.column(name) for name in ("practice_id", "criterion", "mark", "assessed", "version")))
    for practice in connection.execute(sa.text("SELECT id, criteria FROM practices WHERE criteria IS NOT NULL")).all():
        given = [
            {"practice_id": practice.id, "criterion": name, "mark": mark, "assessed": mark, "version": 0}
            for name, mark in json.loads(practice.criteria).items()
        ]
        if given:
            connection.execute(sa.insert(marks), given)
    op.drop_column("practices", "criteria")


def _search() -> None:
    """Each database's own full-text index over what learners said."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_messages_words ON messages USING gin (to_tsvector('english', text))")
        return
    op.execute(
        "CREATE VIRTUAL TABLE message_words USING fts5(text, content='messages', content_rowid='event_id', tokenize='porter unicode61')"
    )
    added = "INSERT INTO message_words(rowid, text) VALUES (new.event_id, new.text);"
    removed = "INSERT INTO message_words(message_words, rowid, text) VALUES ('delete', old.event_id, old.text);"
    op.execute(f"CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN {added} END")
    op.execute(f"CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN {removed} END")
    op.execute(f"CREATE TRIGGER messages_changed AFTER UPDATE ON messages BEGIN {removed} {added} END")
