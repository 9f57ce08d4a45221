"""A page of a conversation, put together from what was said, marked and remarked on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from sqlalchemy.engine import Connection

from bot.content.questions import Matching, Multiple, Ordering, Single, TrueFalse
from bot.debrief import Line as Played
from bot.debrief.curve import curve_of
from bot.evidence.drawing import Drawing, draw
from bot.quiz.shown import Shown
from bot.quiz.sums import without_numbers
from bot.records.access import Viewer
from bot.records.comments import Remark, remarks_on
from bot.records.inbox import Conversation, conversation
from bot.records.marked import Answered, PracticeMarks, answers_of, contested_of, page_start, practices_between
from bot.records.transcripts import read
from bot.reply import Curve
from bot.transcripts import Said, Transcript
from review.desk import Content
from review.pieces import Piece, Span, pieces

EVENTS = 260  # of a page: about thirty turns
_TURNS_BEFORE = 8  # shown before a message that is looked for
_BY_PLACE = (Single, Multiple, Ordering, Matching, TrueFalse)


@dataclass(frozen=True)
class Where:
    """Which page: the newest, the one before or after an event, or the one that holds it."""

    before: int | None = None
    after: int | None = None
    event: int | None = None


@dataclass(frozen=True)
class Line:
    """A message as it is shown. `practice` is the one it belongs to; `mood`, `anger` and `trust` the customer's after their line."""

    said: Said
    pieces: tuple[Piece, ...]
    answers: tuple[Answered, ...] = ()
    remarks: tuple[Remark, ...] = ()
    answered_from: str = ""
    practice: int | None = None
    turn: int | None = None
    mood: str = ""
    anger: int | None = None
    trust: int | None = None


@dataclass(frozen=True)
class Practice:
    """A practice with its title and the customer's mood as a picture; `curve` is None before the first line."""

    marks: PracticeMarks
    title: str
    customer: str
    curve: Curve | None

    @property
    def drawing(self) -> Drawing | None:
        return draw(self.curve) if self.curve else None


@dataclass(frozen=True)
class Page:
    """Sessions oldest first, each with the moment it began. `overview` is None where the inbox does not know the conversation yet."""

    sender: str
    overview: Conversation | None
    transcript: Transcript
    sessions: tuple[tuple[float, tuple[Line, ...]], ...]
    practices: tuple[Practice, ...]
    contested: tuple[Answered, ...]
    remarks: tuple[Remark, ...]

    @cached_property
    def last(self) -> int | None:
        """The last message's event."""
        return self.transcript.messages[-1].event_id if self.transcript.messages else None


def page_of(connection: Connection, viewer: Viewer, sender: str, where: Where, content: Content) -> Page:
    """What the viewer sees; whether they may is settled before. Raises sqlalchemy's errors."""
    transcript = _read(connection, sender, where)
    said = transcript.messages
    since, until = _times(transcript)
    played = practices_between(connection, sender, since, until) if said else ()
    answers = answers_of(connection, sender, since, until) if said else ()
    remarks = remarks_on(connection, sender)
    making = _Making(content, played, answers, remarks, until)
    lines = {line.said.event_id: line for line in making.lines(said)}
    sessions = tuple((one.started_at, tuple(lines[message.event_id] for message in one.messages)) for one in transcript.sessions)
    return Page(
        sender,
        conversation(connection, viewer, sender),
        transcript,
        sessions,
        tuple(practice_shown(one, content) for one in played),
        contested_of(connection, sender),
        tuple(one for one in remarks if one.place.event is None),
    )


def practice_shown(marks: PracticeMarks, content: Content) -> Practice:
    """A scenario that has been taken out since has its id for a title."""
    scenario = content.practice.scenarios.get(marks.played.scenario)
    name = scenario.customer.name if scenario else "The customer"
    curve = curve_of(content.debriefer.words, marks.played, name) if marks.played.lines else None
    return Practice(marks, scenario.title if scenario else marks.played.scenario, name, curve)


def topic_title(answer: str, content: Content) -> str:
    """ "CSAT" for "csat.what", "CSAT: how" for another facet; the id itself where it has been taken out."""
    id, _, facet = answer.partition(".")
    topic = content.library.topics.get(id)
    if topic is None:
        return answer
    return topic.title if facet in ("", "what") else f"{topic.title}: {facet.replace('-', ' ')}"


def asked(item: str, content: Content) -> str:
    """The question of an item, or its id where it has been taken out."""
    found = content.bank.items.get(item)
    return without_numbers(found.ask) if found else item


def given(answer: Answered, content: Content) -> str:
    """What was answered, in words: own words, the choices picked, or a number."""
    item = content.bank.items.get(answer.item)
    if answer.said or not isinstance(item, _BY_PLACE) or not answer.chosen.isdigit():
        return answer.said or answer.chosen
    try:
        return "; ".join(Shown(item, tuple(map(int, answer.chosen))).options)
    except IndexError:  # the item has changed since
        return answer.chosen


def _read(connection: Connection, sender: str, where: Where) -> Transcript:
    if where.event is None:
        return read(connection, sender, before=where.before, after=where.after, limit=EVENTS)
    newest = read(connection, sender, limit=EVENTS)
    if any(said.event_id == where.event for said in newest.messages):
        return newest
    return read(connection, sender, after=page_start(connection, sender, where.event, _TURNS_BEFORE), limit=EVENTS)


def _times(transcript: Transcript) -> tuple[float, float]:
    """From the first message to the one after the last, in seconds; to the end of time on the newest page."""
    said = transcript.messages
    if not said:
        return 0.0, 0.0
    return min(one.at for one in said), float("inf") if transcript.newer is None else max(one.at for one in said) + 1.0


class _Making:
    """Goes through the messages of a page in order."""

    def __init__(
        self, content: Content, played: Iterable[PracticeMarks], answers: Iterable[Answered], remarks: Iterable[Remark], until: float
    ) -> None:
        self._content, self._until = content, until
        self._played = {one.run: one for one in played}
        self._answers: dict[tuple[str, int], list[Answered]] = {}
        for answer in answers:
            self._answers.setdefault((answer.session, answer.place), []).append(answer)
        self._remarks: dict[int, list[Remark]] = {}
        for remark in remarks:
            if remark.place.event is not None:
                self._remarks.setdefault(remark.place.event, []).append(remark)
        self._run: str | None = None
        self._turn = 0

    def lines(self, said: Sequence[Said]) -> Iterable[Line]:
        heard = [one for one in said if one.who == "learner"]
        ends = {one.event_id: later.at for one, later in pairwise(heard)}
        for one in said:
            if one.who == "learner":
                yield self._learner(one, ends.get(one.event_id, self._until))
            else:
                yield self._tutor(one)

    def _learner(self, said: Said, until: float) -> Line:
        self._run, self._turn = said.run, said.turn or 0
        practice = self._played.get(said.run or "")
        line = _line(practice, said.turn, "agent")
        remarks = self._of(said)
        spans = [*_spans(remarks), *(self._moves(said, line) if line else ())]
        answered_from = topic_title(said.answer, self._content) if said.answer else ""
        return Line(
            said,
            pieces(said.text, spans),
            self._answered(said, until),
            remarks,
            answered_from,
            practice.id if practice and line else None,
            said.turn,
        )

    def _tutor(self, said: Said) -> Line:
        practice = self._played.get(self._run or "") if said.kind == "customer" else None
        line = _line(practice, self._turn, "customer")
        remarks = self._of(said)
        cut = pieces(said.text, _spans(remarks))
        if practice is None or line is None:
            return Line(said, cut, remarks=remarks)
        return Line(said, cut, (), remarks, "", practice.id, line.turn, line.mood, line.anger, line.trust)

    def _moves(self, said: Said, line: Played) -> Iterable[Span]:
        """Places in the line as it was kept, moved to where it stands in the message."""
        shift = said.text.find(line.text)
        if shift < 0:
            return
        for move in line.moves:
            yield Span(move.start + shift, move.end + shift, self._content.moves.get(move.name, move.name))

    def _answered(self, said: Said, until: float) -> tuple[Answered, ...]:
        if said.session is None or said.place is None:
            return ()
        of_item = self._answers.get((said.session, said.place), ())
        return tuple(answer for answer in of_item if said.at <= answer.at < until)

    def _of(self, said: Said) -> tuple[Remark, ...]:
        return tuple(self._remarks.get(said.event_id, ()))


def _spans(remarks: Iterable[Remark]) -> list[Span]:
    """Of those on part of a message."""
    placed = [(one, one.place) for one in remarks if one.place.start is not None and one.place.end is not None]
    return [Span(place.start or 0, place.end or 0, remark=remark.id) for remark, place in placed]


def _line(practice: PracticeMarks | None, turn: int | None, who: str) -> Played | None:
    if practice is None or turn is None:
        return None
    return next((line for line in practice.played.lines if line.turn == turn and line.who == who), None)
