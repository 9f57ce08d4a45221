"""Signs that a conversation needs a tutor, as pure functions of what is recorded of it. Times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Heaviest first. Each outweighs all that follow it together, so that the inbox is in the order of the heaviest reason.
_HEAVY: Final = ("safeguarding", "appeal", "customer_at_risk", "disclosed", "failed")
_LIGHT: Final = ("unhelpful", "declined", "unsure", "undelivered", "gave_up", "back")
WEIGHTS: Final[Mapping[str, int]] = {name: 2**place for place, name in enumerate(reversed((*_HEAVY, *_LIGHT)))}

SEVERAL: Final = 3  # messages in a row
UNSURE: Final = 0.4  # an intent's confidence below this is little more than a guess
LEFT_SECONDS: Final = 86_400
AWAY_SECONDS: Final = 14 * 86_400
_DAY: Final = 86_400
_GRAVE: Final = frozenset({"distress", "emergency"})
_DECLINED: Final = frozenset({"declined", "garbled", "unclear"})
_UNHELPFUL: Final = frozenset({"unhelpful", "insult"})
_ELSEWHERE: Final = ("quiz_", "practice_", "customer", "debrief", "paperwork_")  # replies of skills that need no intent
_LATEST: Final = 10


@dataclass(frozen=True)
class Message:
    """A message of the learner's; `reply` is the kind of the first reply to it."""

    event_id: int
    at: float
    intent: str | None = None
    confidence: float | None = None
    reply: str | None = None

    @property
    def guess(self) -> float | None:
        """How sure the intent is, where it was typed and mattered."""
        if self.intent == "press" or (self.reply or "").startswith(_ELSEWHERE):
            return None
        return self.confidence


@dataclass(frozen=True)
class Played:
    """A practice that ended. `criteria` are marks as they count; None where one did not apply."""

    scenario: str
    ended_at: float
    band: str | None
    criteria: Mapping[str, bool | None]

    @property
    def faults(self) -> tuple[str, ...]:
        """Criteria that fail it, or `band` where the band alone does."""
        given = self.criteria
        found = [name for name, wrong in (("disclosed_data", True), ("defensive", True), ("verify", False)) if given.get(name) is wrong]
        if self.band == "fail":
            found += [] if given.get("resolve", True) else ["resolve"]
            found += ["apologise"] if given.get("apologise") is False and given.get("empathise") is False else []
        return tuple(found) or (("band",) if self.band == "fail" else ())


@dataclass(frozen=True)
class Facts:
    """What is recorded of a conversation. `messages` and `played` oldest first; `appeals` and `undelivered` are moments.

    `unfinished` is "quiz" or "practice" where one is open; `last_at` the last activity.
    """

    messages: Sequence[Message] = ()
    played: Sequence[Played] = ()
    appeals: Sequence[float] = ()
    undelivered: Sequence[float] = ()
    unfinished: str | None = None
    last_at: float = 0.0

    @property
    def confidence(self) -> float | None:
        """The lowest of the latest messages' confidences."""
        return min([message.guess for message in self.messages if message.guess is not None][-_LATEST:], default=None)


@dataclass(frozen=True)
class Done:
    """Up to where a tutor has dealt with a conversation: an event and its moment."""

    event_id: int
    at: float


NEVER: Final = Done(0, 0.0)


@dataclass(frozen=True)
class Sign:
    """`event_id` is the latest message that shows it, where one does; `detail` names what it was (knowledge/desk.yml, `details`)."""

    name: str
    at: float
    count: int = 1
    event_id: int | None = None
    detail: str | None = None

    @property
    def weight(self) -> int:
        return WEIGHTS.get(self.name, 0)


def signs_of(facts: Facts, done: Done, now: float) -> tuple[Sign, ...]:
    """What has come up since a tutor was done with the conversation, heaviest first."""
    messages = [message for message in facts.messages if message.event_id > done.event_id]
    found = [
        *_said(messages, "safeguarding", _GRAVE),
        *_recorded("appeal", [at for at in facts.appeals if at > done.at]),
        *_said(messages, "customer_at_risk", frozenset({"distress_customer"})),
        *_practised([played for played in facts.played if played.ended_at > done.at]),
        *_said(messages, "unhelpful", _UNHELPFUL),
        *_in_a_row(messages, "declined", [message.reply in _DECLINED for message in messages]),
        *_in_a_row(messages, "unsure", [message.guess is not None and message.guess < UNSURE for message in messages]),
        *_recorded("undelivered", [at for at in facts.undelivered if at > done.at]),
        *_gave_up(facts, done, now),
        *_back(facts.messages, done),
    ]
    return tuple(sorted(found, key=lambda sign: -sign.weight))


def need_of(signs: Sequence[Sign]) -> int:
    """How much a tutor is needed: signs weigh once each, however often they came."""
    return sum({sign.name: sign.weight for sign in signs}.values())


def due_at(facts: Facts, now: float) -> float | None:
    """When time alone will bring a new sign."""
    left = facts.last_at + LEFT_SECONDS
    return left if facts.unfinished and left >= now else None


def _said(messages: Sequence[Message], name: str, kinds: frozenset[str]) -> Iterator[Sign]:
    found = [message for message in messages if message.reply in kinds]
    if found:
        yield Sign(name, found[-1].at, len(found), found[-1].event_id)


def _recorded(name: str, moments: Sequence[float]) -> Iterator[Sign]:
    if moments:
        yield Sign(name, max(moments), len(moments))


def _practised(played: Sequence[Played]) -> Iterator[Sign]:
    """Data given away counts every time; a failure only until the same scenario goes better."""
    disclosed = [run for run in played if run.criteria.get("disclosed_data")]
    if disclosed:
        yield Sign("disclosed", disclosed[-1].ended_at, len(disclosed), detail="disclosed_data")
    latest = {run.scenario: run for run in played}.values()
    failed = [(run.ended_at, faults[0]) for run in latest if (faults := [name for name in run.faults if name != "disclosed_data"])]
    if failed:
        at, fault = max(failed)
        yield Sign("failed", at, len(failed), detail=fault)


def _in_a_row(messages: Sequence[Message], name: str, troubled: Sequence[bool]) -> Iterator[Sign]:
    """The last run of troubled messages that was long enough."""
    best, last, length = 0, 0, 0
    for place, trouble in enumerate(troubled):
        length = length + 1 if trouble else 0
        if length >= SEVERAL:
            best, last = length, place
    if best:
        yield Sign(name, messages[last].at, best, messages[last].event_id)


def _gave_up(facts: Facts, done: Done, now: float) -> Iterator[Sign]:
    if facts.unfinished and now - facts.last_at > LEFT_SECONDS and facts.last_at > done.at:
        yield Sign("gave_up", facts.last_at, detail=facts.unfinished)


def _back(messages: Sequence[Message], done: Done) -> Iterator[Sign]:
    """The last return after a long absence; what came before counts for how long it was, also where that is dealt with."""
    for before, after in zip(reversed(messages[:-1]), reversed(messages), strict=False):
        away = after.at - before.at
        if after.event_id <= done.event_id:
            return
        if away > AWAY_SECONDS:
            yield Sign("back", after.at, int(away // _DAY), after.event_id)
            return
