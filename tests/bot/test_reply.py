"""Every reply that the content can produce keeps to its form."""

from __future__ import annotations

import pytest

from bot.answer import Context
from bot.reply import LONGEST, is_token
from bot.tutor import Tutor


def test_every_answer_fits_and_names_its_source(tutor: Tutor) -> None:
    wrong = []
    lengths = []
    for answerable in tutor.asking.library.answerables:
        reply = tutor.asking.words.answer(answerable, caveat=True)
        lengths.append(len(reply.text))
        sourced = "Source: " in reply.text or "not legal advice" in reply.text
        if len(reply.text) > LONGEST or not sourced:
            wrong.append(answerable.id)
    assert wrong == []
    assert sorted(lengths)[len(lengths) // 2] < 700


def test_every_law_answer_names_act_and_date(tutor: Tutor) -> None:
    for answerable in tutor.asking.library.answerables:
        if answerable.topic.law:
            text = tutor.asking.words.answer(answerable).text
            assert answerable.topic.law.act in text
            assert "(checked " in text


def test_every_button_leads_somewhere_and_fits_every_channel(tutor: Tutor) -> None:
    """Telegram allows 64 bytes of token, Slack 75 characters of label."""
    for answerable in tutor.asking.library.answerables:
        for button in tutor.asking.words.answer(answerable).buttons:
            assert is_token(button.token)
            assert len(button.token.encode()) <= 64, button.token
            assert len(button.title) <= 75
            assert tutor.asking.respond(button.token, Context()).reply.kind == "answer"


def test_every_answer_that_can_be_asked_for_has_a_token_short_enough(tutor: Tutor) -> None:
    assert [answerable.id for answerable in tutor.asking.library.answerables if len(f"ask:{answerable.id}") > 64] == []


@pytest.mark.parametrize("text", ["ask:", "ask: later", "What about ask:later-model.what", "do", "body:", "/ask", "ASK:later-model.what"])
def test_typed_words_are_not_tokens(text: str) -> None:
    assert not is_token(text)


@pytest.mark.parametrize("token", ["ask:no-such-topic.what", "body:nobody", "do:nothing"])
def test_an_old_or_invented_token_gets_help_not_an_error(tutor: Tutor, token: str) -> None:
    assert tutor.asking.respond(token, Context()).reply.kind == "help"
