"""Rows of exports, read a batch at a time: no query runs long, none is held open while a client reads slowly, memory stays flat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.exporting.rows import AttemptRow, ConversationRow, MessageRow, PracticeRow
from bot.records.access import Viewer, seen_groups
from bot.records.desk_tables import comments, groups, mark_changes, memberships, messages, practice_marks, triage
from bot.records.engine import reading
from bot.records.selection import Selection
from bot.records.tables import appeals, attempts, deliveries, events, practice_turns, practices
from bot.records.transcripts import read
from bot.records.triage import signs_in
from bot.transcripts import Said, event_of, labelled, transcript_of

_BATCH: Final = 200  # conversations, answers or practices read at once
_TURNS: Final = 400  # of several conversations read at once; longer ones are read by themselves, a page at a time
_LABELS: Final = 300  # message ids asked for at once
_OF_MATTER: Final = ("user", "bot", "session_started", "restart", "slot", "reset_slots")
_SCORES: Final = {"right": 1.0, "partly": 0.5}
_DECLINED: Final = ("declined", "garbled")


@dataclass(frozen=True)
class _Known:
    """What groups call learners, and the groups themselves, as far as whoever exports may see them."""

    names: Mapping[int, str]
    groups: Mapping[int, str]

    def of(self, learner: int | None) -> dict[str, str]:
        return {"names": self.names.get(learner or 0, ""), "groups": self.groups.get(learner or 0, "")}


def conversation_rows(engine: Engine, viewer: Viewer, wanted: Selection) -> Iterator[ConversationRow]:
    """Conversations that went on within the time, by name. What nobody has read into the inbox yet is left out."""
    for rows in _conversations(engine, wanted):
        with reading(engine) as connection:
            made = _conversation_batch(connection, viewer, rows)
        yield from made


def message_rows(engine: Engine, viewer: Viewer, wanted: Selection) -> Iterator[MessageRow]:
    """What was said within the time by either side, conversation by conversation, in order."""
    for rows in _conversations(engine, wanted):
        with reading(engine) as connection:
            known = _known(connection, viewer, [row.learner_id for row in rows])
        for some in _by_length(rows):
            for row, said in _said(engine, some):
                if wanted.since <= said.at < wanted.until:
                    yield _message(row, said, known.of(row.learner_id)["names"])


def attempt_rows(engine: Engine, viewer: Viewer, wanted: Selection) -> Iterator[AttemptRow]:
    """Answers in quizzes, in the order in which they were kept."""
    c = attempts.c
    for rows in _keyset(engine, attempts, (*wanted.of(c.learner_id), *wanted.at(c.at))):
        with reading(engine) as connection:
            made = _attempt_batch(connection, viewer, rows)
        yield from made


def practice_rows(engine: Engine, viewer: Viewer, wanted: Selection) -> Iterator[PracticeRow]:
    """Practices that began within the time, in the order in which they were kept, with the marks that count."""
    c = practices.c
    for rows in _keyset(engine, practices, (*wanted.of(c.learner_id), *wanted.at(c.started_at))):
        with reading(engine) as connection:
            made = _practice_batch(connection, viewer, rows)
        yield from made


# Batches


def _keyset(engine: Engine, table: sa.Table, where: Sequence[Any]) -> Iterator[Sequence[Row]]:
    """Rows of a table by id, those after the last one each time."""
    last = 0
    while True:
        own = sa.select(table).where(table.c.id > last, *where).order_by(table.c.id).limit(_BATCH)
        with reading(engine) as connection:
            rows = connection.execute(own).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _conversations(engine: Engine, wanted: Selection) -> Iterator[Sequence[Row]]:
    c, last = triage.c, ""
    while True:
        own = sa.select(triage).where(c.sender_id > last, *wanted.of(c.learner_id), c.last_at >= wanted.since, c.first_at < wanted.until)
        with reading(engine) as connection:
            rows = connection.execute(own.order_by(c.sender_id).limit(_BATCH)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].sender_id


def _by_length(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Together as many as fit."""
    some: list[Row] = []
    turns = 0
    for row in rows:
        if some and turns + row.turns > _TURNS:
            yield some
            some, turns = [], 0
        some.append(row)
        turns += row.turns
    if some:
        yield some


# Conversations


def _conversation_batch(connection: Connection, viewer: Viewer, rows: Sequence[Row]) -> list[ConversationRow]:
    senders = [row.sender_id for row in rows]
    known = _known(connection, viewer, [row.learner_id for row in rows])
    declined = _counts(connection, messages.c.sender_id, senders, messages.c.reply.in_(_DECLINED))
    answers = _counts(connection, attempts.c.sender_id, senders)
    right = _counts(connection, attempts.c.sender_id, senders, attempts.c.verdict == "right")
    played = _counts(connection, practices.c.sender_id, senders)
    remarks = _counts(connection, comments.c.sender_id, senders)
    bands, changed = _bands(connection, senders), _changes_by_sender(connection, senders)
    return [
        ConversationRow(
            conversation=row.sender_id,
            learner=row.learner_id,
            **known.of(row.learner_id),
            channel=row.channel,
            first_at=row.first_at,
            last_at=row.last_at,
            turns=row.turns,
            status=row.status,
            need=row.need,
            reasons="; ".join(sign.name for sign in signs_in(row.reasons)),
            confidence=row.confidence,
            declined=declined[row.sender_id],
            answers=answers[row.sender_id],
            right=right[row.sender_id],
            practices=played[row.sender_id],
            last_band=bands.get(row.sender_id, ""),
            marks_changed=changed[row.sender_id],
            comments=remarks[row.sender_id],
        )
        for row in rows
    ]


def _known(connection: Connection, viewer: Viewer, learners: Sequence[int | None]) -> _Known:
    numbers = {number for number in learners if number is not None}
    joined = memberships.join(groups, groups.c.id == memberships.c.group_id)
    wanted = sa.select(memberships.c.learner_id, memberships.c.name, groups.c.name.label("group_name")).select_from(joined)
    own = (memberships.c.learner_id.in_(numbers), groups.c.id.in_(seen_groups(viewer)))
    names: dict[int, dict[str, None]] = defaultdict(dict)
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for row in connection.execute(wanted.where(*own).order_by(groups.c.id)):
        names[row.learner_id][row.name] = None
        found[row.learner_id][row.group_name] = None
    return _Known({number: "; ".join(of) for number, of in names.items()}, {number: "; ".join(of) for number, of in found.items()})


def _counts(connection: Connection, column: Any, keys: Sequence[Any], *where: Any) -> Mapping[Any, int]:
    counted = sa.select(column, sa.func.count()).where(column.in_(keys), *where).group_by(column)
    return defaultdict(int, {key: int(count) for key, count in connection.execute(counted)})


def _bands(connection: Connection, senders: Sequence[str]) -> dict[str, str]:
    """Of the practice that ended last."""
    c = practices.c
    ended = sa.select(c.sender_id, c.band).where(c.sender_id.in_(senders), c.band.isnot(None)).order_by(c.ended_at, c.id)
    return {row.sender_id: row.band for row in connection.execute(ended)}


def _changes_by_sender(connection: Connection, senders: Sequence[str]) -> Mapping[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for table, key in ((practices, mark_changes.c.practice_id), (attempts, mark_changes.c.attempt_id)):
        joined = mark_changes.join(table, table.c.id == key)
        own = sa.select(table.c.sender_id, sa.func.count()).select_from(joined).where(table.c.sender_id.in_(senders))
        for sender, count in connection.execute(own.group_by(table.c.sender_id)):
            counted[sender] += int(count)
    return counted


# Messages


def _said(engine: Engine, rows: Sequence[Row]) -> Iterator[tuple[Row, Said]]:
    if len(rows) == 1 and rows[0].turns > _TURNS:
        yield from ((rows[0], said) for said in _said_at_length(engine, rows[0].sender_id))
        return
    senders = [row.sender_id for row in rows]
    c = events.c
    own = sa.select(c.sender_id, c.id, c.type_name, c.timestamp, c.data).where(c.sender_id.in_(senders), c.type_name.in_(_OF_MATTER))
    found: dict[str, list[Row]] = defaultdict(list)
    with reading(engine) as connection:
        for event in connection.execute(own.order_by(c.sender_id, c.id)):
            found[event.sender_id].append(event)
        made = {sender: transcript_of(sender, map(event_of, found[sender])) for sender in senders}
        pressed = [said.message_id for transcript in made.values() for said in transcript.messages if said.press and said.message_id]
        labels = _labels(connection, pressed, senders)
    for row in rows:
        yield from ((row, said) for said in labelled(made[row.sender_id], labels.get(row.sender_id, {})).messages)


def _said_at_length(engine: Engine, sender: str) -> Iterator[Said]:
    """Page by page."""
    after: int | None = 0
    while after is not None:
        with reading(engine) as connection:
            page = read(connection, sender, after=after)
        yield from page.messages
        after = page.newer


def _labels(connection: Connection, pressed: Sequence[str], senders: Sequence[str]) -> Mapping[str, dict[str, str]]:
    c = deliveries.c
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for at in range(0, len(pressed), _LABELS):
        own = sa.select(c.sender_id, c.message_id, c.said).where(c.sender_id.in_(senders), c.message_id.in_(pressed[at : at + _LABELS]))
        for row in connection.execute(own):
            found[row.sender_id][row.message_id] = row.said
    return found


def _message(row: Row, said: Said, names: str) -> MessageRow:
    return MessageRow(
        conversation=row.sender_id,
        learner=row.learner_id,
        names=names,
        channel=said.channel or row.channel,
        message=said.event_id,
        at=said.at,
        who=said.who,
        text=said.text,
        skill=said.skill,
        kind=said.kind or "",
        intent=said.intent or "",
        confidence=said.confidence,
        pressed=said.press or "",
        reply=said.reply or "",
        answer=said.answer or "",
        practice_run=said.run or "",
        practice_turn=said.turn,
        quiz_session=said.session or "",
        quiz_place=said.place,
    )


# Answers and practices


def _attempt_batch(connection: Connection, viewer: Viewer, rows: Sequence[Row]) -> list[AttemptRow]:
    ids = [row.id for row in rows]
    known = _known(connection, viewer, [row.learner_id for row in rows])
    contested = sa.select(appeals.c.attempt_id, appeals.c.status).where(appeals.c.attempt_id.in_(ids))
    statuses = {row.attempt_id: row.status for row in connection.execute(contested)}
    changes: dict[int, list[str]] = defaultdict(list)
    changed = sa.select(mark_changes.c.attempt_id, mark_changes.c.old, mark_changes.c.new).where(mark_changes.c.attempt_id.in_(ids))
    for change in connection.execute(changed.order_by(mark_changes.c.id)):
        if change.old != change.new:  # an appeal that was declined changes nothing
            changes[change.attempt_id].append(change.old)
    return [
        AttemptRow(
            attempt=row.id,
            learner=row.learner_id,
            **known.of(row.learner_id),
            conversation=row.sender_id or "",
            at=row.at,
            session=row.session,
            mode=row.mode,
            place=row.place,
            number=row.number,
            length=row.length,
            item=row.item,
            topic=row.topic,
            kind=row.kind,
            verdict=row.verdict,
            score=_SCORES.get(row.verdict, 0.0),
            hints=row.hints,
            seconds=row.seconds,
            chosen=row.chosen,
            said=row.said,
            appeal=statuses.get(row.id, ""),
            changes=len(changes[row.id]),
            marked_before=changes[row.id][0] if changes[row.id] else "",
        )
        for row in rows
    ]


def _practice_batch(connection: Connection, viewer: Viewer, rows: Sequence[Row]) -> list[PracticeRow]:
    ids = [row.id for row in rows]
    known = _known(connection, viewer, [row.learner_id for row in rows])
    turns = _counts(connection, practice_turns.c.practice_id, ids)
    changes = _counts(connection, mark_changes.c.practice_id, ids)
    m = practice_marks.c
    marks: dict[int, dict[str, bool | None]] = defaultdict(dict)
    for mark in connection.execute(sa.select(m.practice_id, m.criterion, m.mark).where(m.practice_id.in_(ids))):
        marks[mark.practice_id][mark.criterion] = mark.mark
    return [
        PracticeRow(
            practice=row.id,
            learner=row.learner_id,
            **known.of(row.learner_id),
            conversation=row.sender_id or "",
            run=row.run,
            scenario=row.scenario,
            difficulty=row.difficulty,
            started_at=row.started_at,
            ended_at=row.ended_at,
            turns=turns[row.id],
            ending=row.ending or "",
            band=row.band or "",
            origin=row.origin or "",
            changes=changes[row.id],
            criteria=marks[row.id],
        )
        for row in rows
    ]
