"""Quizzes as learners live them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.questions import Short, Single, TrueFalse
from bot.conversation import State
from bot.quiz import Bank
from bot.quiz.memory.schedule import Outcome
from bot.quiz.session import Session
from bot.quiz.shown import show
from tests.bot.talk import Talk


def current(talk: Talk) -> Session:
    assert talk.state.quiz
    return talk.state.quiz


def answer(talk: Talk, bank: Bank, right: bool) -> str:
    """Type an answer to the current item: a right one, or a wrong one; "skip" for kinds that need more than a letter."""
    session = current(talk)
    item = bank.items[session.item or ""]
    shown = show(item, session.seed)
    if isinstance(item, TrueFalse):
        return talk.say("true" if item.true == right else "false")
    if isinstance(item, Single):
        place = next(place for place, choice in enumerate(item.choices) if choice.right == right)
        return talk.say("abcdef"[shown.order.index(place)])
    return talk.say("skip")


@pytest.fixture
def single(bank: Bank) -> Single:
    return next(item for item in bank.for_practice if isinstance(item, Single) and item.checked_on)


def letter(talk: Talk, item: Single, right: bool, nth: int = 0) -> str:
    places = [place for place, choice in enumerate(item.choices) if choice.right == right]
    return "abcdef"[show(item, current(talk).seed).order.index(places[nth])]


def test_a_quiz_starts_at_once_with_buttons_to_change_it(talk: Talk) -> None:
    said = talk.say("quiz me on the law", "quiz")
    assert "Question 1 of 10" in said
    assert talk.turn
    titles = [button.title for reply in talk.turn.replies for button in reply.buttons]
    assert {"Complaints", "Mock test", "Hint", "Skip", "Stop", "Take the checkpoint"} <= set(titles)


def test_a_wrong_choice_is_explained_and_tried_again_before_the_answer_is_told(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    first = letter(talk, single, right=False)
    said = talk.say(first)
    assert talk.turn
    titles = [button.title for button in talk.turn.replies[-1].buttons]
    assert titles[: len(single.choices)] == list("ABCDEF"[: len(single.choices)]), "there is something to press for the second try"
    wrong = [choice for choice in single.choices if not choice.right]
    right = next(choice for choice in single.choices if choice.right)
    assert wrong[0].why in said
    assert right.text not in said
    said = talk.say(letter(talk, single, right=False, nth=1))
    assert wrong[1].why in said
    assert right.text in said
    assert single.explain in said
    assert "checked" in said, "law says when it was checked"
    assert "Source:" in said
    assert talk.study.cards(talk.sender)[single.id].last is Outcome.WRONG


def test_right_at_the_second_try_counts_less_than_at_the_first(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    talk.say(letter(talk, single, right=False))
    talk.say(letter(talk, single, right=True))
    assert talk.study.cards(talk.sender)[single.id].last is Outcome.HINTED
    attempts = talk.study.answered(talk.sender)
    assert attempts == (1, 0), "one item answered, none of them unaided"


def test_the_answer_comes_after_two_hints_and_never_counts_as_right(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    right = next(choice.text for choice in single.choices if choice.right)
    assert single.hints[0] in talk.say("just tell me")
    assert single.hints[1] in talk.say("tell me the answer")
    assert right in talk.say("i give up")
    assert talk.study.cards(talk.sender)[single.id].last is Outcome.WRONG


def test_a_hint_alone_counts_for_nothing(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    talk.press("Hint")
    talk.press("Another hint")
    assert talk.turn
    assert "Tell me the answer" in [button.title for button in talk.turn.replies[-1].buttons]
    talk.say("stop")
    assert talk.study.answered(talk.sender) == (0, 0)


@pytest.mark.parametrize("text", ["don't know", "not sure", "idk", "no idea", "i dunno mate", "nah dont get it", "ooh can i get a clue"])
def test_not_knowing_gets_a_hint(talk: Talk, single: Single, text: str) -> None:
    talk.ask_only(single.id)
    assert single.hints[0] in talk.say(text)


def test_gibberish_asks_again_and_costs_nothing(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    first, second = talk.say("asdkjh qwpoe zzzzx"), talk.say("flibble flobble 9999")
    assert single.ask in first
    assert single.ask in second
    assert first != second
    assert talk.study.attempts_of(talk.sender, current(talk).id) == ()


def test_a_side_question_is_answered_and_the_question_comes_back_unmarked(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    said = talk.say("what does SLA mean?")
    assert "service level agreement" in said.lower()
    assert single.ask in said
    assert talk.study.attempts_of(talk.sender, current(talk).id) == ()


def test_progress_and_thanks_do_not_lose_the_question(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    assert single.ask in talk.say("hw am i doin", "progress")
    assert single.ask in talk.say("thank you", "thank")


def test_stop_ends_it_for_good(talk: Talk, bank: Bank) -> None:
    talk.say("quiz me on complaints", "quiz")
    answer(talk, bank, right=True)
    assert "stopped" in talk.say("ok stop now").lower()
    assert talk.state.quiz is None
    assert "not marked" in talk.say("a")
    assert "Question" not in talk.say("what does FCR mean?")


@pytest.mark.parametrize(
    "text", ["they have to stop using it", "you end the contract", "the customer can skip the repair and get a refund instead"]
)
def test_answers_that_hold_such_words_are_answers(talk: Talk, bank: Bank, text: str) -> None:
    talk.ask_only(next(item.id for item in bank.for_practice if isinstance(item, Short)))
    talk.say(text)
    assert talk.state.quiz or talk.kinds[0] in ("quiz_wrong", "quiz_right")
    assert talk.kinds[0] in ("quiz_wrong", "quiz_right", "quiz_question")


def test_pausing_leaves_the_learner_free_and_resuming_brings_the_same_question_back(talk: Talk) -> None:
    first = talk.say("quiz me on the law", "quiz").split("**Question")[-1]
    talk.say("pause")
    assert "Question 1" not in talk.say("what is CSAT?")
    assert talk.say("carry on").split("**Question")[-1] == first


def test_distress_leaves_the_quiz_and_nothing_is_marked(talk: Talk) -> None:
    talk.say("quiz me on the law", "quiz")
    said = talk.say("i don't want to be alive any more")
    assert "116 123" in said
    assert "Question" not in said
    assert "Question" not in talk.say("thank you", "thank")
    assert talk.study.answered(talk.sender) == (0, 0)
    assert "Question 1" in talk.say("resume")


@pytest.mark.parametrize("text", ["stop", "this is boring, finish", "can we stop the quiz", "i want to stop now please"])
def test_wanting_to_stop_is_never_taken_for_distress(talk: Talk, text: str) -> None:
    talk.say("quiz me on the law", "quiz")
    assert "116 123" not in talk.say(text, "distress", 0.9)
    assert talk.state.quiz is None


def test_a_whole_quiz_tells_the_result_and_asks_nothing_twice(talk: Talk, bank: Bank) -> None:
    talk.say("10 questions on the law", "quiz")
    asked = []
    while talk.state.quiz:
        asked.append(current(talk).item)
        answer(talk, bank, right=True)
    assert talk.turn
    assert "quiz_finished" in talk.kinds
    assert len(asked) == len(set(asked)) == 10
    assert talk.study.answered(talk.sender)[0] == 10


def test_what_was_wrong_comes_back_and_can_be_asked_for(talk: Talk, single: Single) -> None:
    talk.ask_only(single.id)
    talk.say("skip")
    talk.say("just the ones i get wrong", "quiz")
    assert current(talk).items == (single.id,)
    talk.now += timedelta(days=3)
    talk.state = State()
    talk.say("what's due today", "quiz")
    assert current(talk).items == (single.id,)


def test_nothing_due_is_said_and_a_mix_asked_instead(talk: Talk) -> None:
    said = talk.say("what's due today", "quiz")
    assert "Nothing is due" in said
    assert "Question 1" in said


def test_old_buttons_are_never_taken_for_answers_to_another_question(talk: Talk, bank: Bank) -> None:
    talk.say("true or false quiz", "quiz")
    assert talk.turn
    old = next(button.token for button in talk.turn.replies[-1].buttons if button.title == "True")
    answer(talk, bank, right=True)
    before = current(talk)
    assert "earlier question" in talk.say(old)
    assert current(talk) == before
    talk.say("stop")
    assert "ended" in talk.say(old)


def test_pressing_answers_as_typing_does(talk: Talk, bank: Bank) -> None:
    talk.say("true or false quiz", "quiz")
    item = bank.items[current(talk).item or ""]
    assert isinstance(item, TrueFalse)
    talk.press("True" if item.true else "False")
    assert talk.kinds[0] == "quiz_right"


def test_an_appeal_keeps_the_answer_and_the_learners_words(talk: Talk, bank: Bank) -> None:
    item = next(item for item in bank.for_practice if isinstance(item, Short) and len(item.ideas) > 1)
    talk.ask_only(item.id)
    talk.say("something about being nice to people all day long at work")
    assert talk.kinds == ["quiz_wrong"]
    said = talk.say("I think I was right")
    assert "tutor" in said
    assert talk.turn
    assert [type(record).__name__ for record in talk.turn.records] == ["Appeal"]
    assert item.ask in said, "and the question goes on"


def test_a_fixed_key_is_explained_instead_of_appealed(talk: Talk, bank: Bank) -> None:
    talk.say("true or false quiz", "quiz")
    item = bank.items[current(talk).item or ""]
    answer(talk, bank, right=False)
    assert item.explain in talk.say("but i was right")


def test_a_mock_test_tells_nothing_before_its_end(talk: Talk, bank: Bank) -> None:
    talk.say("mock test", "quiz")
    session = current(talk)
    assert len(session.items) == 20
    assert len({bank.area_of[bank.items[name].topic] for name in session.items}) == len(bank.file.areas), "over the whole unit"
    said = talk.say("hint")
    assert bank.items[session.item or ""].hints[0] not in said
    assert "after" in talk.say("what does SLA mean?")
    while (quiz := talk.state.quiz) and quiz.item:
        explained = bank.items[quiz.item].explain
        said = answer(talk, bank, right=False)
        assert explained not in said
    assert "By topic" in said
    assert "By assessment criterion" in said
    missed = talk.press("Go through my misses")
    assert "Missed 1 of" in missed
    assert "Missed 2 of" in talk.say("next")
    talk.say("stop")
    assert talk.state.quiz is None


def test_a_mock_test_ends_when_its_time_is_up(talk: Talk, bank: Bank) -> None:
    talk.say("mock test", "quiz")
    answer(talk, bank, right=True)
    talk.now += timedelta(minutes=31)
    said = talk.say("a")
    assert "Time is up" in said
    assert "after 1 of 20" in said


def test_checkpoints_are_unaided_unscheduled_and_two_weeks_apart(talk: Talk, bank: Bank) -> None:
    talk.say("take the checkpoint", "quiz")
    assert current(talk).items == bank.forms["checkpoint-first"]
    while talk.state.quiz and talk.state.quiz.item:
        answer(talk, bank, right=True)
    assert talk.study.cards(talk.sender) == {}
    assert talk.study.checkpoints(talk.sender)["checkpoint-first"][2] == 15
    talk.state = State()
    assert "two weeks" not in talk.say("quiz me on the law", "quiz")
    talk.state = State()
    talk.now += timedelta(days=15)
    assert "two weeks" in talk.say("quiz me on the law", "quiz")
    talk.press("Take the checkpoint")
    assert current(talk).items == bank.forms["checkpoint-second"]


def test_quizzes_leave_the_checkpoints_items_alone(bank: Bank) -> None:
    reserved = {name for form in bank.forms.values() for name in form}
    assert not reserved & {item.id for item in bank.for_practice}
    assert len(bank.for_practice) >= 240


def test_an_item_taken_out_of_the_bank_is_passed_over(talk: Talk) -> None:
    talk.say("quiz me on the law", "quiz")
    session = current(talk).to_dict()
    session["items"][0] = "no-longer-there"
    talk.state = State.from_slots({"quiz": session})
    said = talk.say("a")
    assert "does not count" in said
    assert "Question 2" in said
    session["items"] = ["gone", "gone-too"]
    talk.state = State.from_slots({"quiz": session})
    assert "no longer in the bank" in talk.say("b")
    assert talk.state.quiz is None


def test_a_clock_that_jumps_back_breaks_nothing(talk: Talk, bank: Bank) -> None:
    talk.say("quiz me on the law", "quiz")
    answer(talk, bank, right=True)
    talk.now -= timedelta(days=40)
    answer(talk, bank, right=True)
    assert talk.say("how am i doing", "progress")
    talk.state = State()
    assert "Question 1" in talk.say("quiz me on the law", "quiz")


def test_the_state_is_small_and_survives_its_slot(talk: Talk) -> None:
    talk.say("20 questions", "quiz")
    slots = talk.state.to_slots()
    assert len(json.dumps(slots)) < 2048
    assert State.from_slots(json.loads(json.dumps(slots))) == talk.state


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_a_foreign_slot_is_no_session(value: object) -> None:
    assert State.from_slots({"quiz": value if isinstance(value, dict) else None}).quiz is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.one_of(
            st.text(max_size=120), st.sampled_from(["a", "true", "hint", "skip", "why", "1b 2a", "£12", "pause", "resume", "I was right"])
        ),
        max_size=8,
    )
)
def test_no_text_breaks_a_quiz(talk: Talk, texts: list[str]) -> None:
    talk.say("quiz me on the law", "quiz")
    for text in texts:
        assert talk.say(text)


def test_a_plain_answer_offers_one_question_on_the_same_topic(talk: Talk, bank: Bank) -> None:
    talk.say("what does LATER stand for?")
    assert "Test me on this" in [button.title for button in talk.turn.replies[0].buttons]  # type: ignore[union-attr]
    talk.press("Test me on this")
    item = bank.items[current(talk).item or ""]
    assert item.topic == "later-model"
    talk.say("skip")
    assert talk.state.quiz is None
