"""What has been kept long enough goes: first words, of which statistics stay, then results, in short transactions between turns."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.records.channel_tables import addresses, reminders, sendings
from bot.records.desk_tables import (
    audit,
    comments,
    failed_sign_ins,
    groups,
    improvements,
    mark_changes,
    memberships,
    message_vectors,
    messages,
    practice_marks,
    second_marks,
    tags,
    triage,
)
from bot.records.engine import reading
from bot.records.erasure import GONE
from bot.records.tables import (
    appeals,
    attempts,
    cards,
    conversations,
    deliveries,
    events,
    identities,
    learners,
    practice_notes,
    practice_turns,
    practices,
    resume_codes,
)

BATCH: Final = 400  # rows of one transaction
_PAUSE_SECONDS: Final = 0.02  # between two of them: whoever waits to write comes first
_SIGN_INS_DAYS: Final = 30
_YEAR_BEGINS: Final = 9  # September; academic years in the United Kingdom end with August
_BLANK: Final = '{"blanked": true'


@dataclass(frozen=True)
class Periods:
    """How long things are kept: days of deliveries, of words and of the trail; academic years of results after the one they fell in."""

    deliveries: int
    words: int
    results: int
    trail: int


@dataclass(frozen=True)
class Rule:
    """Rows to be deleted, or with `values` to be emptied. `what` says which, for the report."""

    what: str
    table: sa.Table
    where: Any
    values: Mapping[str, Any] | None = None


def retain(engine: Engine, periods: Periods, now: datetime, dry_run: bool = False) -> dict[str, int]:
    """Apply the periods; how many rows that was, by what they are. With `dry_run`, how many it would be, and nothing is changed.

    Raises sqlalchemy's errors: what was done until then stays done, and the next run goes on.
    """
    done: dict[str, int] = {}
    for rule in _rules(periods, now):
        count = _count(engine, rule) if dry_run else _apply(engine, rule)
        done[rule.what] = done.get(rule.what, 0) + count
    done["learners of whom nothing was left"] = _leave(engine, results_cut(periods.results, now).timestamp(), dry_run)
    return done


def results_cut(years: int, now: datetime) -> datetime:
    """What happened before this moment falls in an academic year that ended more than that many whole years ago.

    With one year, at any time from September 2026 to August 2027: the first of September 2025.
    """
    begun = now.year if now.month >= _YEAR_BEGINS else now.year - 1
    return datetime(begun - years, _YEAR_BEGINS, 1, tzinfo=timezone.utc)


def _rules(periods: Periods, now: datetime) -> Iterator[Rule]:
    def before(days: int) -> float:
        return (now - timedelta(days=days)).timestamp()

    yield Rule("resume codes", resume_codes, resume_codes.c.expires_at < now.timestamp())
    yield Rule("failed sign-ins", failed_sign_ins, failed_sign_ins.c.at < before(_SIGN_INS_DAYS))
    yield Rule("deliveries", sendings, sendings.c.taken_at < before(periods.deliveries))
    yield Rule("deliveries", deliveries, (deliveries.c.received_at < before(periods.deliveries)) & (deliveries.c.channel != GONE))
    yield from _of_words(before(periods.words))
    yield from _of_results(results_cut(periods.results, now).timestamp())
    yield Rule("entries of the trail", audit, audit.c.at < before(periods.trail))


def _of_words(cut: float) -> Iterator[Rule]:
    """The words of learners, and about them. Who, when, which intent, how sure, which marks: that stays."""
    recent = sa.select(events.c.id).where(events.c.sender_id == conversations.c.sender_id, events.c.timestamp >= cut).exists()
    old_practices = sa.select(practices.c.id).where(practices.c.started_at < cut)
    said = events.c.type_name.in_(("user", "bot"))
    yield Rule("words in conversations", events, (events.c.timestamp < cut) & said & ~events.c.data.like(f"{_BLANK}%"), {})
    yield Rule("states between turns", events, (events.c.timestamp < cut) & ~said & (events.c.sender_id != GONE))
    yield Rule("states between turns", conversations, ~recent & (conversations.c.slots != "{}"), {"slots": "{}"})
    yield Rule("words in the desk's index", messages, (messages.c.at < cut) & (messages.c.text != ""), {"text": ""})
    blank = sa.select(messages.c.event_id).where(messages.c.text == "")
    yield Rule("words in the desk's index", message_vectors, message_vectors.c.event_id.in_(blank))
    yield Rule("previews", triage, (triage.c.last_at < cut) & (triage.c.preview != ""), {"preview": "", "reasons": "[]", "need": 0})
    yield Rule("comments", comments, comments.c.at < cut)
    yield Rule("improvements that were not applied", improvements, (improvements.c.at < cut) & improvements.c.applied_at.is_(None))
    unlinked = {"text": "", "sender_id": GONE, "event_id": None}
    yield Rule("words in improvements", improvements, (improvements.c.at < cut) & (improvements.c.text != ""), unlinked)
    yield Rule("lines of practices", practice_turns, practice_turns.c.practice_id.in_(old_practices) & (practice_turns.c.said != ""), _LINE)
    yield Rule("reflections and forms", practice_notes, practice_notes.c.at < cut)
    yield Rule("words in answers", attempts, (attempts.c.at < cut) & (attempts.c.said != ""), {"said": ""})
    yield Rule("words in appeals", appeals, (appeals.c.at < cut) & (appeals.c.words != ""), {"words": ""})
    yield Rule("addresses of messaging channels", addresses, addresses.c.heard_at < cut)
    reached = sa.select(addresses.c.sender_id)
    yield Rule("wishes for reminders", reminders, (reminders.c.changed_at < cut) & ~reminders.c.sender_id.in_(reached))


_LINE: Final = {"said": "", "reply": ""}


def _of_results(cut: float) -> Iterator[Rule]:
    """Rows that hang on others go before them, so that they are counted."""
    answered = sa.select(attempts.c.id).where(attempts.c.at < cut)
    played = sa.select(practices.c.id).where(practices.c.started_at < cut)
    gone = mark_changes.c.attempt_id.in_(answered) | mark_changes.c.practice_id.in_(played)
    yield Rule("changes of marks", mark_changes, gone)
    yield Rule("appeals", appeals, appeals.c.attempt_id.in_(answered))
    for table in (second_marks, practice_marks, practice_notes, practice_turns):
        yield Rule("practices", table, table.c.practice_id.in_(played))
    yield Rule("practices", practices, practices.c.started_at < cut)
    yield Rule("quiz answers", attempts, attempts.c.at < cut)
    yield Rule("schedules", cards, cards.c.last_review < cut)
    closed = sa.select(groups.c.id).where(groups.c.closed_at < cut)
    yield Rule("memberships of closed groups", memberships, memberships.c.group_id.in_(closed))
    yield Rule("tags", tags, tags.c.at < cut)
    yield Rule("conversations without words", messages, messages.c.at < cut)
    yield Rule("conversations without words", triage, triage.c.last_at < cut)
    yield Rule("conversations without words", events, (events.c.timestamp < cut) & (events.c.sender_id != GONE))
    rest = sa.select(events.c.id).where(events.c.sender_id == conversations.c.sender_id).exists()
    yield Rule("conversations without words", conversations, ~rest)


def _count(engine: Engine, rule: Rule) -> int:
    with reading(engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(rule.table).where(rule.where)).scalar_one())


def _apply(engine: Engine, rule: Rule) -> int:
    """A batch at a time. Rows that are emptied fall out of the condition, so that the next batch is the next rows."""
    keys = list(rule.table.primary_key.columns)
    done = 0
    while True:
        with engine.begin() as connection:
            rows = connection.execute(sa.select(*keys).where(rule.where).order_by(*keys).limit(BATCH)).all()
            if rows:
                _change(connection, rule, sa.tuple_(*keys).in_([tuple(row) for row in rows]))
        done += len(rows)
        if len(rows) < BATCH:
            return done
        time.sleep(_PAUSE_SECONDS)


def _change(connection: Connection, rule: Rule, these: Any) -> None:
    if rule.values is None:
        connection.execute(sa.delete(rule.table).where(these))
    elif rule.table is events:
        changed = [{"row": row.id, "blank": _blank(row)} for row in connection.execute(sa.select(events).where(these))]
        connection.execute(sa.update(events).where(events.c.id == sa.bindparam("row")).values(data=sa.bindparam("blank")), changed)
    else:
        connection.execute(sa.update(rule.table).where(these).values(rule.values))


def _blank(row: Row) -> str:
    """The event without anything that was said: when, by whom, through what, understood as what, answered by what kind of reply."""
    try:
        event = json.loads(row.data or "{}")
    except ValueError:
        event = {}
    event = event if isinstance(event, dict) else {}
    kept: dict[str, Any] = {"event": row.type_name, "timestamp": row.timestamp, "text": ""}
    if row.type_name == "user":
        parsed = event.get("parse_data")
        intent = parsed.get("intent") if isinstance(parsed, dict) else None
        kept |= {name: event.get(name) for name in ("input_channel", "message_id")}
        kept["parse_data"] = {"text": "", "intent": intent or {}, "entities": []}
    else:
        inner = event.get("data")
        custom = inner.get("custom") if isinstance(inner, dict) else None
        about = {**(custom if isinstance(custom, dict) else {}), **(event.get("metadata") or {})}
        kept |= {"data": {"buttons": [], "custom": {"kind": about.get("kind")}}, "metadata": {"kind": about.get("kind")}}
    return _BLANK + ", " + json.dumps(kept)[1:]


def _leave(engine: Engine, cut: float, dry_run: bool) -> int:
    """Learners with no results and no conversations any more: their names in groups go, and that they were there."""
    spoken = sa.select(identities.c.learner_id).where(
        sa.select(events.c.id).where(events.c.sender_id == identities.c.sender_id).exists()
        | sa.select(deliveries.c.id).where(deliveries.c.sender_id == identities.c.sender_id).exists()
    )
    kept = [sa.select(table.c.learner_id) for table in (attempts, practices, cards)]
    kept.append(sa.select(memberships.c.learner_id).where(memberships.c.joined_at >= cut))
    nothing = (learners.c.created_at < cut) & (learners.c.created_at > 0)
    for busy in (*kept, spoken):
        nothing &= ~learners.c.id.in_(busy)
    newest = sa.select(sa.func.max(learners.c.id)).scalar_subquery()  # its number would be given again
    left = Rule("learners", learners, nothing & (learners.c.id != newest))
    if dry_run:
        return _count(engine, left)
    for table in (memberships, identities):
        _apply(engine, Rule(table.name, table, table.c.learner_id.in_(sa.select(learners.c.id).where(nothing))))
    return _apply(engine, left)
