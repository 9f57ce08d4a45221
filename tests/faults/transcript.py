"""What a learner was shown of quizzes and practices, read off the replies as a person would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.faults.learner import Message

START = "practice:start."
_ON_ITEM = re.compile(r"quiz:([0-9a-f]{8})\.(\d+)\.(\w+)")
_VERDICTS = {"quiz_right": "right", "quiz_wrong": "wrong", "quiz_skipped": "skipped", "quiz_revealed": "revealed"}
_NEEDED_HELP = {"right": "h", "wrong": "w", "skipped": "s", "revealed": "v"}  # the letters of bot/quiz/session.py


class Mark(NamedTuple):
    """What an answer was told to be. `place` counts from 0, `number` from 1."""

    session: str
    place: int
    number: int
    verdict: str


@dataclass
class Question:
    """The open one as it was last shown; `letters` are (title, token) of the buttons that answer it."""

    session: str
    place: int
    text: str
    letters: list[tuple[str, str]] = field(default_factory=list)
    tries: int = 0
    hints: int = 0


class Line(NamedTuple):
    """What the learner said to the customer, and the customer after it; `anger` from 0 to 100."""

    said: str
    reply: str
    mood: str
    anger: int


@dataclass
class Play:
    """A practice from its brief on."""

    scenario: str
    opening: str = ""
    lines: list[Line] = field(default_factory=list)
    over: bool = False


class Transcript:
    """`question` is the one that is open, `results` one letter for each item that has ended in its quiz."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.marks: list[Mark] = []
        self.question: Question | None = None
        self.results = ""
        self.plays: list[Play] = []
        for message in messages:
            if message.turn and message.turn["status"] == "answered":
                for reply in message.turn["replies"]:
                    self._read(message.text, reply)

    @property
    def play(self) -> Play | None:
        """The practice whose customer waits."""
        return self.plays[-1] if self.plays and not self.plays[-1].over else None

    def _read(self, said: str, reply: Mapping[str, Any]) -> None:
        kind = reply["kind"]
        if kind == "quiz_question":
            self._asked(reply)
        elif kind in _VERDICTS:
            self._marked(_VERDICTS[kind])
        elif kind in ("quiz_hint_1", "quiz_hint_2"):
            self._open_question().hints += 1
        elif kind == "quiz_finished":
            self.question = None
        elif kind == "practice_brief":
            self.plays.append(Play(said.removeprefix(START)))
        elif kind == "customer":
            self._spoke(said, reply)
        elif kind in ("debrief", "debrief_short"):
            self.plays[-1].over = True

    def _asked(self, reply: Mapping[str, Any]) -> None:
        """A question, or the open one once more."""
        buttons = [(button["title"], button["token"], _ON_ITEM.fullmatch(button["token"])) for button in reply["buttons"]]
        (session, place), *_ = {(found[1], int(found[2])) for _, _, found in buttons if found}
        before = self.question
        if before is None or (before.session, before.place) != (session, place):
            self._next_question(before, Question(session, place, ""))
        question = self._open_question()
        question.text = reply["text"]
        question.letters = [(title, token) for title, token, found in buttons if found and len(found[3]) == 1]

    def _next_question(self, before: Question | None, question: Question) -> None:
        if before is None or before.session != question.session:
            self.results = ""
        else:
            self.results += self._result(before)
        assert question.place == len(self.results), "questions come one after another"
        self.question = question

    def _result(self, ended: Question) -> str:
        last = self.marks[-1]
        assert (last.session, last.place) == (ended.session, ended.place), "the next question comes after a mark"
        unaided = last.verdict == "right" and last.number == 1 and not ended.hints
        return "r" if unaided else _NEEDED_HELP[last.verdict]

    def _marked(self, verdict: str) -> None:
        question = self._open_question()
        question.tries += 1
        self.marks.append(Mark(question.session, question.place, question.tries, verdict))

    def _open_question(self) -> Question:
        assert self.question, "marks and hints come to a question"
        return self.question

    def _spoke(self, said: str, reply: Mapping[str, Any]) -> None:
        play = self.plays[-1]
        if not play.opening:
            play.opening = reply["text"]
            return
        meter = reply["picture"]
        play.lines.append(Line(said, reply["text"], meter["text"], round(100 * meter["value"])))
