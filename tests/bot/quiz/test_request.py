"""Which quiz is wanted, from free text."""

from __future__ import annotations

import pytest

from bot.quiz.request import Requests
from bot.tutor import Tutor


@pytest.fixture(scope="session")
def requests(tutor: Tutor) -> Requests:
    return tutor.quiz.requests


@pytest.mark.parametrize(
    ("text", "mode", "what", "count"),
    [
        ("quiz me", "quiz", "", None),
        ("quiz me on the law", "quiz", "the law", None),
        ("quizz me on teh law plz", "quiz", "the law", None),
        ("Can I have a quiz on customer service legislation?", "quiz", "the law", None),
        ("10 questions on complaints", "quiz", "Complaints and recovery", 10),
        ("give me five questions about data protection", "quiz", "Data protection", 5),
        ("test me on KPIs please", "quiz", "KPIs and SLAs", None),
        ("great, quiz me on the models", "quiz", "models", None),
        ("quiz on returns and refunds", "quiz", "returns and refunds", None),
        ("can you test me on nps", "quiz", "Net Promoter Score (NPS)", None),
        ("quiz me on the recovery paradox", "quiz", "Service recovery paradox", None),
        ("mock test", "mock", "", None),
        ("i want to do a mock exam under exam conditions", "mock", "", None),
        ("what's due today?", "due", "", None),
        ("just the ones I get wrong", "wrong", "", None),
        ("take the checkpoint", "checkpoint", "", None),
        ("100 questions on everything", "quiz", "", 20),
    ],
)
def test_what_is_wanted(requests: Requests, text: str, mode: str, what: str, count: int | None) -> None:
    wanted = requests.read(text)
    assert (wanted.mode, wanted.what, wanted.count) == (mode, what, count)


def test_kind_and_level_are_understood(requests: Requests) -> None:
    assert requests.read("true or false quiz on equality").kinds == frozenset({"true-false"})
    assert requests.read("give me a hard multiple choice quiz").level == 3
    assert requests.read("give me a hard multiple choice quiz").kinds == frozenset({"single"})
    assert requests.read("a quick quiz on complaints").count == 5


def test_those_means_what_was_talked_about(requests: Requests) -> None:
    wanted = requests.read("ok quiz me on those", ["equality-act", "data-protection"])
    assert wanted.topics
    assert {"equality-act", "data-protection", "reasonable-adjustments"} <= wanted.topics


@pytest.mark.parametrize(
    "text",
    [
        "quiz me on the law",
        "ok quiz me on those",
        "please test me on slas",
        "can we do a quick quiz",
        "10 questions on complaints",
        "mock test",
        "give me some questions",
    ],
)
def test_requests_are_told_by_their_words(requests: Requests, text: str) -> None:
    assert requests.asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "how many questions should a survey have?",
        "a survey had 5 questions and 96 of 150 people answered, what is the response rate",
        "what questions should I ask an angry customer",
        "the customer tested the kettle at home",
        "what is a good test of whether goods are faulty",
    ],
)
def test_questions_about_questions_are_no_requests(requests: Requests, text: str) -> None:
    assert not requests.asks(text)
