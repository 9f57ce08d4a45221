"""What tutors put right stays right: their relabelled messages and attached questions, on the trained model."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.gate import Understand, answered_as
from bot.improving import Reviewed
from bot.settings import ROOT
from bot.tutor import Tutor
from server.gate import understanding

REVIEWED = Reviewed.read(ROOT)
INTENTS = [(text, intent) for intent, texts in REVIEWED.intents.items() for text in texts]
ANSWERS = [(text, answer) for answer, texts in REVIEWED.answers.items() for text in texts]


@pytest.fixture(scope="module")
def understand(model: Path) -> Understand:
    return understanding(model)


@pytest.mark.parametrize(("text", "intent"), INTENTS)
def test_a_relabelled_message_has_its_intent(understand: Understand, text: str, intent: str) -> None:
    assert understand(text)[0] == intent


@pytest.mark.parametrize(("question", "answer"), ANSWERS)
def test_an_attached_question_has_its_answer(tutor: Tutor, understand: Understand, question: str, answer: str) -> None:
    assert answered_as(tutor.asking, understand, question) == answer
