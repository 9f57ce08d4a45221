"""A learner who does quizzes and practices in turn: what is said next depends on what was shown."""

from __future__ import annotations

import uuid
from functools import cache
from itertools import count

from bot.content.scenarios import Scenario, load_scenarios
from bot.settings import ROOT
from tests.faults.learner import Learner, Message
from tests.faults.transcript import START, Play, Question, Transcript

ANSWERS = 6  # to a quiz, before something else is begun: its next question is open then
_ASIDE = "what is an SLA?"


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Those whose customer's mood is shown."""
    return tuple(scenario for scenario in load_scenarios(ROOT / "knowledge" / "scenarios").values() if not scenario.writing)


class Student(Learner):
    """Every other one begins with a practice."""

    _numbers = count()

    def __init__(self, *urls: str) -> None:
        super().__init__(*urls)
        self._number = next(self._numbers)

    @property
    def transcript(self) -> Transcript:
        return Transcript(self.messages)

    def next_message(self) -> Message:
        shown = self.transcript
        if shown.play:
            return self._line(shown.play)
        question = shown.question
        if question and sum(mark.session == question.session for mark in shown.marks) < ANSWERS:
            return self._answer(question)
        return self._begin(shown)

    def _begin(self, shown: Transcript) -> Message:
        begun = len(shown.plays) + len({mark.session for mark in shown.marks})
        turn = self._number + begun
        if turn % 2:
            return _said(START + scenarios()[(self._number + len(shown.plays)) % len(scenarios())].id, pressed=True)
        return _said("quiz:start", pressed=True) if turn % 4 else _said("quiz me on the law")

    def _answer(self, question: Question) -> Message:
        """A letter, pressed or typed; a question of their own now and then; where no letter answers, a hint and then on."""
        said = len(self.messages)
        if said % 5 == 4:
            return _said(_ASIDE)
        if not question.letters:
            return _said("skip" if question.hints else "hint")
        title, token = question.letters[said % len(question.letters)]
        return _said(token, pressed=True) if said % 2 else _said(title)

    @staticmethod
    def _line(play: Play) -> Message:
        """The scenario's model, line by line, then the debrief if the customer still waits."""
        model = next(scenario.model for scenario in scenarios() if scenario.id == play.scenario)
        return _said(model[len(play.lines)].say if len(play.lines) < len(model) else "feedback")


def _said(text: str, pressed: bool = False) -> Message:
    return Message(str(uuid.uuid4()), text, pressed)
