"""Set work, and how far a learner is with it: the rules, on values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.assess.transcript import BANDS

KINDS: Final = ("topic", "quiz", "scenario")
MIXED: Final = "mixed"  # the target of a quiz on everything
ENOUGH_ANSWERS: Final = 5
_ANSWERED: Final = frozenset({"right", "partly", "wrong"})


class Status(str, Enum):
    NOT_STARTED = "not started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True)
class SetWork:
    """Something that a group was asked to do. `target` is the id of a topic or scenario, or MIXED. Moments in seconds since 1970."""

    id: int
    group: int
    kind: str
    target: str
    due_at: float | None
    set_at: float


@dataclass(frozen=True)
class Answer:
    """A try at an item of a quiz; `quiz` and `place` tell which item of which quiz, `number` the try, from 1."""

    quiz: str
    place: int
    number: int
    topic: str
    verdict: str
    at: float


@dataclass(frozen=True)
class Asked:
    """A question that was answered from a topic."""

    topic: str
    at: float


@dataclass(frozen=True)
class Played:
    """A practice. `ended_at` None while it is open; `ending` None where it was left; `band` one of the assessor's, where marked."""

    scenario: str
    started_at: float
    ended_at: float | None
    ending: str | None
    band: str | None


@dataclass(frozen=True)
class Deeds:
    """What a learner did, each kind in the order of time."""

    answers: tuple[Answer, ...] = ()
    asked: tuple[Asked, ...] = ()
    played: tuple[Played, ...] = ()


@dataclass(frozen=True)
class Progress:
    """`answered` items of a quiz, `right` of them at the first try; `band` the best of a scenario's finished runs.

    `done_at` is the moment from which the work counts as done; `late` when that is, or by now would be, after it was due.
    """

    status: Status
    done_at: float | None = None
    late: bool = False
    answered: int = 0
    right: int = 0
    band: str | None = None

    @property
    def share(self) -> float | None:
        """The share of answers that were right, from 0 to 1; None without any."""
        return self.right / self.answered if self.answered else None


def progress(work: SetWork, deeds: Deeds, items: int, now: float) -> Progress:
    """How far the work is, by what was done since it was set; `items` is how many items its quiz can draw on.

    A topic is done once it was asked about or an item on it was answered. A quiz is done with ENOUGH_ANSWERS answers, or one for each
    item where there are fewer. A scenario is done with a run that came to its end; one that was left has started it.
    """
    if work.kind == "topic":
        made = _topic(work, deeds)
    elif work.kind == "quiz":
        made = _quiz(work, deeds.answers, items)
    else:
        made = _scenario(work, deeds.played)
    ends = now if made.done_at is None else made.done_at
    return Progress(made.status, made.done_at, work.due_at is not None and ends > work.due_at, made.answered, made.right, made.band)


def _topic(work: SetWork, deeds: Deeds) -> Progress:
    asked = [asked.at for asked in deeds.asked if asked.topic == work.target and asked.at >= work.set_at]
    answered = [answer.at for answer in _answers(work, deeds.answers)]
    moments = asked + answered
    return Progress(Status.DONE, min(moments)) if moments else Progress(Status.NOT_STARTED)


def _quiz(work: SetWork, answers: Sequence[Answer], items: int) -> Progress:
    """Of an item with several tries the first counts."""
    firsts = {(answer.quiz, answer.place): answer for answer in reversed(_answers(work, answers))}
    counted = sorted(firsts.values(), key=lambda answer: answer.at)
    right = sum(answer.verdict == "right" and answer.number == 1 for answer in counted)
    needed = max(1, min(ENOUGH_ANSWERS, items))
    if len(counted) >= needed:
        return Progress(Status.DONE, counted[needed - 1].at, answered=len(counted), right=right)
    return Progress(Status.STARTED if counted else Status.NOT_STARTED, answered=len(counted), right=right)


def _answers(work: SetWork, answers: Sequence[Answer]) -> list[Answer]:
    """Those on the work's topic since it was set; what was skipped or only shown is no answer."""
    return [
        answer for answer in answers if answer.at >= work.set_at and answer.verdict in _ANSWERED and work.target in (MIXED, answer.topic)
    ]


def _scenario(work: SetWork, played: Sequence[Played]) -> Progress:
    since = [run for run in played if run.scenario == work.target and run.started_at >= work.set_at]
    finished = [run for run in since if run.ended_at is not None and run.ending is not None]
    if not finished:
        return Progress(Status.STARTED if since else Status.NOT_STARTED)
    bands = [run.band for run in finished if run.band in BANDS]
    best = max(bands, key=BANDS.index, default=None)
    return Progress(Status.DONE, min(run.ended_at for run in finished if run.ended_at is not None), band=best)
