"""What a practice scenario may hold (knowledge/scenarios/*.yml), and what any customer can say (knowledge/practice/lines.yml)."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union

from pydantic import confloat, conint, constr, validator

from bot.content.files import read
from bot.content.schema import Slug, Strict
from bot.errors import ContentError

Move = Literal[
    "thank", "listen", "empathise", "apologise", "probe", "verify", "explain", "resolve", "check", "follow_up", "escalate", "prevent",
    "defensive", "dismissive", "disclose", "overpromise", "rude", "scripted",
]  # fmt: skip
Mood = Literal["angry", "upset", "calm"]
Channel = Literal["phone", "chat", "counter", "email", "social"]
Temperament = Literal["patient", "brisk", "fiery"]
Ending = Literal["satisfied", "grudging", "escalated", "walked_out", "unsafe"]
Worth = Literal["full", "partial", "wrong", "not_allowed"]
Situation = Literal[
    # a move was heard
    "thank", "listen", "empathise", "apologise", "probe", "explain", "prevent", "follow_up", "check", "check_early",
    "escalate", "escalate_late",
    "defensive", "dismissive", "overpromise", "rude", "scripted", "wearing",
    # identity
    "verify_needless", "verify_again",
    # a remedy was offered, refused, or meant
    "accepted", "cold", "less", "wrong", "settles", "not_allowed", "offered_again", "besides", "vague", "refused", "premature",
    # a fact was asked, a question passed over
    "told_again", "ignored",
    # what is still wanted
    "need_heard", "need_apology", "need_reason", "need_remedy", "need_when",
    # out of the ordinary
    "silence", "small_talk", "bot", "echo", "repeat", "stuffing", "essay", "reversal", "private", "swearing", "goodbye_early", "nothing",
    "anything",
    # before an ending, and the endings
    "warn_leave", "warn_manager", "satisfied", "grudging", "escalated", "walked_out", "unsafe", "stalled",
]  # fmt: skip

MOVES: tuple[str, ...] = Move.__args__  # type: ignore[attr-defined]
MOODS: tuple[str, ...] = Mood.__args__  # type: ignore[attr-defined]
TEMPERAMENTS: tuple[str, ...] = Temperament.__args__  # type: ignore[attr-defined]
ENDINGS: tuple[str, ...] = Ending.__args__  # type: ignore[attr-defined]
SITUATIONS: tuple[str, ...] = Situation.__args__  # type: ignore[attr-defined]
PLACEHOLDERS = frozenset({"product", "problem", "want", "org", "blamed", "name", "remedy", "promise", "ignored", "leave"})

if TYPE_CHECKING:
    Line = str
    Short = str
    Cue = str
    Note = str
    Difficulty = int
    Anger = int
    Trust = int
    Shift = int
    Pounds = float
else:
    # strict: an unquoted `no` would be read as False, an unquoted 12.50 as 12.5
    Line = constr(strict=True, strip_whitespace=True, min_length=2, max_length=420)
    Short = constr(strip_whitespace=True, min_length=2, max_length=90)
    Cue = constr(strict=True, strip_whitespace=True, min_length=2, max_length=60)
    Note = constr(strip_whitespace=True, min_length=2, max_length=2400)
    Difficulty = conint(ge=1, le=3)
    Anger = conint(ge=10, le=85)
    Trust = conint(ge=15, le=60)
    Shift = conint(ge=-15, le=15)
    Pounds = confloat(gt=0)


def placeholders(line: str) -> set[str]:
    """The names in braces that the line needs. Raises ValueError for a brace that is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(line) if name is not None}


def _known_placeholders(lines: Iterable[str]) -> None:
    for line in lines:
        unknown = placeholders(line) - PLACEHOLDERS
        if unknown:
            raise ValueError(f"unknown placeholder {', '.join(sorted(unknown))} in “{line}”")


class ByMood(Strict):
    """Lines by how the customer feels; `any` fits every mood."""

    angry: tuple[Line, ...] = ()
    upset: tuple[Line, ...] = ()
    calm: tuple[Line, ...] = ()
    any: tuple[Line, ...] = ()

    def at(self, mood: str) -> tuple[str, ...]:
        """The lines that fit the mood."""
        fitting: tuple[str, ...] = getattr(self, mood)
        return (*fitting, *self.any)

    def all(self) -> tuple[str, ...]:
        return (*self.angry, *self.upset, *self.calm, *self.any)


Says = dict[Situation, Union[tuple[Line, ...], ByMood]]  # noqa: UP007 - pydantic 1 reads it when the module is imported


def said_at(says: Mapping[Any, tuple[str, ...] | ByMood], situation: str, mood: str) -> tuple[str, ...]:
    """The lines for a situation in a mood."""
    lines = says.get(situation, ())
    return lines.at(mood) if isinstance(lines, ByMood) else lines


def all_said(says: Mapping[Any, tuple[str, ...] | ByMood]) -> Iterator[str]:
    """Every line, whatever the situation."""
    for lines in says.values():
        yield from lines.all() if isinstance(lines, ByMood) else lines


class Brief(Strict):
    """What the learner sees before the first line: who they are, what they may do, policy, what is on the screen."""

    role: Note
    may: tuple[Note, ...]
    policy: tuple[Note, ...]
    screen: tuple[Note, ...]


class Customer(Strict):
    """Who complains and how they speak. `anger` and `trust` (0-100) replace the temperament's at the start; `blames` is a noun phrase."""

    name: Short
    who: Note
    speech: Note
    temperament: Temperament
    anger: Anger | None = None
    trust: Trust | None = None
    blames: Short


class Phrases(Strict):
    """Noun phrases that shared lines put into sentences: "the kettle", "a kettle that trips the electrics", "my money back"."""

    product: Short
    problem: Short
    want: Short
    org: Short


class Fact(Strict):
    """Told when a question holds one of the cues. A `needed` one has to be known before a remedy makes sense."""

    id: Slug
    cues: tuple[Cue, ...]
    tells: tuple[Line, ...]
    again: tuple[Line, ...] = ()
    needed: bool = False

    @validator("cues", "tells")
    def _is_not_empty(cls, values: tuple[str, ...]) -> tuple[str, ...]:  # noqa: N805
        if not values:
            raise ValueError("give at least one")
        return values


class Question(Strict):
    """What the customer asks; any of `answered_by` or `cues` answers it. `ignored` completes "I asked you ...": "how long it takes"."""

    id: Slug
    asks: tuple[Line, ...]
    ignored: Short
    answered_by: tuple[Move, ...]
    cues: tuple[Cue, ...] = ()


class Remedy(Strict):
    """Something that can be offered, in the order that the customer would choose. `amount` in pounds: a smaller sum is less than owed."""

    id: Slug
    name: Short
    worth: Worth
    kind: Slug | None = None
    cues: tuple[Cue, ...] = ()
    move: Move = "resolve"
    amount: Pounds | None = None
    lines: tuple[Line, ...]

    @validator("cues", always=True)
    def _can_be_recognised(cls, cues: tuple[str, ...], values: dict[str, object]) -> tuple[str, ...]:  # noqa: N805
        if not cues and not values.get("kind"):
            raise ValueError("give a kind or cues")
        return cues


class Touch(Strict):
    """Words that soothe or inflame this customer beyond their move, by how much, and what they say to it."""

    cues: tuple[Cue, ...]
    anger: Shift
    trust: Shift = 0
    lines: tuple[Line, ...] = ()


class Cause(Strict):
    """What lay behind it and what would prevent it, for the debrief; `cues` tell that the learner named it, `lines` what they say then."""

    root: Note
    prevent: Note
    cues: tuple[Cue, ...]
    lines: tuple[Line, ...]

    @validator("cues", "lines")
    def _is_not_empty(cls, values: tuple[str, ...]) -> tuple[str, ...]:  # noqa: N805
        if not values:
            raise ValueError("give at least one")
        return values


class Identity(Strict):
    """Whether identity has to be checked: `none`; `account`, before anything `guarded` is said; `third_party`, when nothing may be said.

    `given` is how the customer answers the check. `never` may not be said at all: it is about somebody else.
    """

    kind: Literal["none", "account", "third_party"]
    given: tuple[Line, ...] = ()
    guarded: tuple[Cue, ...] = ()
    never: tuple[Cue, ...] = ()

    @validator("given", always=True)
    def _answers_the_check(cls, given: tuple[str, ...], values: dict[str, object]) -> tuple[str, ...]:  # noqa: N805
        if not given and values.get("kind") != "none":
            raise ValueError("say how the customer answers an identity check")
        return given


class Owed(Strict):
    """What law or policy gives this customer; `topic` is where it is taught."""

    topic: Slug
    act: Short
    section: Short | None = None
    says: Note


class ScriptLine(Strict):
    """A line of a script and the moves it makes, by the published rubric."""

    say: Note
    moves: tuple[Move, ...]


class Scenario(Strict):
    """One customer, one problem, and everything that they can say about it."""

    id: Slug
    title: Short
    difficulty: Difficulty
    channel: Channel
    writing: bool = False
    topics: tuple[Slug, ...]
    covers: tuple[str, ...]
    tags: tuple[Short, ...] = ()
    brief: Brief
    customer: Customer
    phrases: Phrases
    opening: tuple[Note, ...]
    wants: Note
    owed: tuple[Owed, ...]
    cause: Cause
    identity: Identity
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...] = ()
    remedies: tuple[Remedy, ...]
    soothes: tuple[Touch, ...] = ()
    inflames: tuple[Touch, ...] = ()
    says: Says = {}  # noqa: RUF012 - pydantic copies it
    endings: dict[Ending, tuple[Line, ...]]
    model: tuple[ScriptLine, ...]
    defensive: tuple[ScriptLine, ...]

    @validator("topics", "covers", "opening", "owed", "model", "defensive")
    def _is_not_empty(cls, values: tuple[object, ...]) -> tuple[object, ...]:  # noqa: N805
        if not values:
            raise ValueError("give at least one")
        return values

    @validator("facts", "questions", "remedies")
    def _ids_are_distinct(cls, values: tuple[Fact, ...]) -> tuple[Fact, ...]:  # noqa: N805
        if len({value.id for value in values}) < len(values):
            raise ValueError("an id stands twice")
        return values

    @validator("remedies")
    def _one_remedy_is_right(cls, remedies: tuple[Remedy, ...]) -> tuple[Remedy, ...]:  # noqa: N805
        if not any(remedy.worth == "full" for remedy in remedies):
            raise ValueError("give at least one remedy of worth `full`")
        return remedies

    @validator("endings")
    def _every_ending_has_words(cls, endings: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:  # noqa: N805
        missing = [ending for ending in ENDINGS if not endings.get(ending)]
        if missing:
            raise ValueError(f"no words for {', '.join(missing)}")
        return endings

    @validator("says")
    def _says_have_known_placeholders(cls, says: Says) -> Says:  # noqa: N805
        _known_placeholders(all_said(says))
        return says

    @validator("model")
    def _a_writing_is_one_reply(cls, model: tuple[ScriptLine, ...], values: dict[str, object]) -> tuple[ScriptLine, ...]:  # noqa: N805
        if values.get("writing") and len(model) != 1:
            raise ValueError("a written complaint is answered once")
        return model

    def remedy(self, id: str | None) -> Remedy | None:
        return next((remedy for remedy in self.remedies if remedy.id == id), None)

    def fact(self, id: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.id == id), None)

    def question(self, id: str | None) -> Question | None:
        return next((question for question in self.questions if question.id == id), None)

    def lines(self) -> Iterator[str]:
        """Everything this customer can say, the opening excepted."""
        for fact in self.facts:
            yield from (*fact.tells, *fact.again)
        for question in self.questions:
            yield from question.asks
        for remedy in self.remedies:
            yield from remedy.lines
        for touch in (*self.soothes, *self.inflames):
            yield from touch.lines
        yield from self.cause.lines
        yield from self.identity.given
        yield from all_said(self.says)
        for lines in self.endings.values():
            yield from lines


class LineFile(Strict):
    """knowledge/practice/lines.yml: what any customer can say, then by temperament; `leave` says how they go, by channel.

    `spoken` is for those who hear each other, `face_to_face` for a counter.
    """

    leave: dict[Channel, Short]
    lines: Says
    spoken: Says = {}  # noqa: RUF012 - pydantic copies it
    face_to_face: Says = {}  # noqa: RUF012
    tempers: dict[Temperament, Says] = {}  # noqa: RUF012 - pydantic copies it
    touches: tuple[Touch, ...] = ()

    @validator("lines", "spoken", "face_to_face")
    def _lines_have_known_placeholders(cls, lines: Says) -> Says:  # noqa: N805
        _known_placeholders(all_said(lines))
        return lines

    @validator("tempers")
    def _tempers_have_known_placeholders(cls, tempers: dict[str, Says]) -> dict[str, Says]:  # noqa: N805
        for says in tempers.values():
            _known_placeholders(all_said(says))
        return tempers

    def at(self, situation: str, mood: str, channel: str) -> tuple[str, ...]:
        """What anybody can say there: nobody hears a voice in a chat, or stands at a counter on the phone."""
        fitting = [self.lines]
        fitting += [self.spoken] if channel in ("phone", "counter") else []
        fitting += [self.face_to_face] if channel == "counter" else []
        return tuple(line for says in fitting for line in said_at(says, situation, mood))

    def all(self) -> Iterator[str]:
        """Every shared line."""
        for says in (self.lines, self.spoken, self.face_to_face):
            yield from all_said(says)
        for says in self.tempers.values():
            yield from all_said(says)
        for touch in self.touches:
            yield from touch.lines


def load_scenarios(folder: Path) -> dict[str, Scenario]:
    """Scenarios by id, in the order of the files' names. Raises ContentError listing every problem of every file in `folder`."""
    problems: list[str] = []
    scenarios: dict[str, Scenario] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            scenario = read(path, Scenario)
        except ContentError as error:
            problems += error.problems
            continue
        if scenario.id != path.stem:
            problems.append(f"{path}:1: id: is {scenario.id}, but the file is named {path.stem}")
        scenarios[scenario.id] = scenario
    if problems:
        raise ContentError(problems)
    return scenarios
