"""Sessions and messages of a conversation, put together from its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from bot.reply import is_token
from bot.transcripts.events import Begun, Event, Heard, Skipped, Slot, Spoken, number

Skill = Literal["answer", "quiz", "practice"]
ANSWERED: Final = frozenset({"answer", "compared", "sum"})  # kinds of reply that come from the topic in hand
_PRACTICE: Final = ("practice_", "customer", "debrief", "paperwork_")
SLOTS: Final = ("conversation", "quiz", "practice")


@dataclass(frozen=True)
class Choice:
    """A button."""

    title: str
    token: str


@dataclass(frozen=True)
class Said:
    """Something said, by either side. Times are seconds since 1970.

    Of the tutor: `kind` of the reply (`answer`, `declined`, `quiz_question`, ...), its `buttons`, and `picture` as in bot/reply.py (of a
    customer the meter of their mood).

    Of the learner: the `intent` that was recognised and its `confidence`; `press` is the token where a button was pressed, `text` then its
    label; `replies` the kinds of the replies to it; `answer` the id of the answerable it was answered from ("csat.what"). `run` is the run
    of the practice it belongs to and `turn` its number there, as in `practice_turns`; `session` and `place` those of the quiz item that it
    answered, as in `attempts`.
    """

    event_id: int
    at: float
    who: Literal["learner", "tutor"]
    text: str
    kind: str | None = None
    buttons: tuple[Choice, ...] = ()
    picture: Mapping[str, Any] | None = None
    intent: str | None = None
    confidence: float | None = None
    press: str | None = None
    replies: tuple[str, ...] = ()
    answer: str | None = None
    skill: Skill = "answer"
    run: str | None = None
    turn: int | None = None
    session: str | None = None
    place: int | None = None
    channel: str = ""
    message_id: str = ""

    @property
    def reply(self) -> str | None:
        """The kind of the first reply to it."""
        return self.replies[0] if self.replies else None


@dataclass(frozen=True)
class Session:
    """What was said in one go. `started_at` in seconds since 1970."""

    started_at: float
    messages: tuple[Said, ...]


@dataclass(frozen=True)
class Transcript:
    """A page of a conversation, oldest session first.

    `older` and `newer` are what to read the neighbouring pages `before` and `after`, None where there is nothing more; `skipped` counts
    the rows on this page that could not be read.
    """

    sender: str
    sessions: tuple[Session, ...]
    older: int | None = None
    newer: int | None = None
    skipped: int = 0

    @property
    def messages(self) -> tuple[Said, ...]:
        return tuple(said for session in self.sessions for said in session.messages)


@dataclass(frozen=True)
class Before:
    """What held before the first event: the slots' values, and the labels of buttons by token."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


def transcript_of(sender: str, events: Iterable[Event], before: Before = Before()) -> Transcript:
    """All events as one page. Never raises."""
    making = _Making(before)
    for event in events:
        making.take(event)
    return Transcript(sender, making.sessions(), skipped=making.skipped)


def labelled(transcript: Transcript, labels: Mapping[str, str]) -> Transcript:
    """The same with what deliveries hold as the labels of pressed buttons, by message id."""

    def label(said: Said) -> Said:
        return replace(said, text=labels[said.message_id]) if said.press and labels.get(said.message_id) else said

    sessions = tuple(replace(session, messages=tuple(map(label, session.messages))) for session in transcript.sessions)
    return replace(transcript, sessions=sessions)


class _Making:
    """Goes through events in order. A turn is closed when the next message, session or the end comes."""

    def __init__(self, before: Before) -> None:
        self.skipped = 0
        self._slots = {name: before.slots.get(name) for name in SLOTS}
        self._labels = dict(before.labels)
        self._sessions: list[tuple[float, list[Said]]] = []
        self._heard: Heard | None = None
        self._held = dict(self._slots)  # the slots when the open message came
        self._replies: list[Spoken] = []

    def take(self, event: Event) -> None:
        if isinstance(event, Skipped):
            self.skipped += 1
        elif isinstance(event, Heard):
            self._close()
            self._heard, self._held = event, dict(self._slots)
        elif isinstance(event, Spoken):
            self._replies.append(event)
        elif isinstance(event, Slot):
            self._slots.update({event.name: event.value} if event.name else dict.fromkeys(SLOTS))
        elif isinstance(event, Begun):
            self._close()
            self._sessions.append((event.at, []))

    def sessions(self) -> tuple[Session, ...]:
        self._close()
        return tuple(Session(at, tuple(messages)) for at, messages in self._sessions if messages)

    def _close(self) -> None:
        turn: list[Said] = []
        skill: Skill = _skill(self._replies[0].kind) if self._replies else "answer"
        if self._heard:
            turn.append(self._learner(self._heard, skill))
        turn.extend(_tutor(spoken, skill) for spoken in self._replies)
        for spoken in self._replies:
            self._labels.update((token, title) for title, token in spoken.buttons)
        if turn:
            if not self._sessions:
                self._sessions.append((turn[0].at, []))
            self._sessions[-1][1].extend(turn)
        self._heard, self._replies = None, []

    def _learner(self, heard: Heard, skill: Skill) -> Said:
        kinds = tuple(spoken.kind for spoken in self._replies if spoken.kind)
        press = heard.text if is_token(heard.text) else None
        said = Said(
            heard.id,
            heard.at,
            "learner",
            self._labels.get(heard.text, heard.text) if press else heard.text,
            intent=heard.intent,
            confidence=heard.confidence,
            press=press,
            replies=kinds,
            answer=_text(self._slots, "conversation", "answerable") if ANSWERED & set(kinds) else None,
            skill=skill,
            channel=heard.channel,
            message_id=heard.message_id,
        )
        if skill == "practice":
            return self._practised(said)
        return self._quizzed(said) if skill == "quiz" else said

    def _practised(self, said: Said) -> Said:
        """A line belongs to the run that was being played; what begins one, to that."""
        was_open = _text(self._held, "practice", "phase") in ("playing", "paused", "paperwork")
        run = _text(self._held if was_open else self._slots, "practice", "id")
        turns = [number(_table(_table(slots, "practice"), "state").get("turn")) or 0 for slots in (self._held, self._slots)]
        same = run == _text(self._slots, "practice", "id")
        return replace(said, run=run, turn=int(turns[1]) if was_open and same and turns[1] > turns[0] else None)

    def _quizzed(self, said: Said) -> Said:
        """Whatever is said while an item is open is about that item."""
        session = _text(self._held, "quiz", "id")
        place = int(number(_table(self._held, "quiz").get("at")) or 0) if session else None
        return replace(said, session=session or _text(self._slots, "quiz", "id"), place=place)


def _tutor(spoken: Spoken, skill: Skill) -> Said:
    buttons = tuple(Choice(title, token) for title, token in spoken.buttons)
    return Said(
        spoken.id,
        spoken.at,
        "tutor",
        spoken.text,
        kind=spoken.kind,
        buttons=buttons,
        picture=spoken.picture,
        skill=_skill(spoken.kind, skill),
    )


def _skill(kind: str | None, otherwise: Skill = "answer") -> Skill:
    if kind is None:
        return otherwise
    return "quiz" if kind.startswith("quiz_") else "practice" if kind.startswith(_PRACTICE) else "answer"


def _table(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(slots: Mapping[str, Any], slot: str, key: str) -> str | None:
    found = _table(slots, slot).get(key)
    return found if isinstance(found, str) else None
