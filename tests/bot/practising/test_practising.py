"""Practices as learners live them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import State
from bot.practising import Run
from bot.records import Practices
from tests.bot.talk import Talk

RUDE = ("That's not our fault, you should have read the terms.", "You're being ridiculous. Calm down.", "Not my problem. Go away.")


def current(talk: Talk) -> Run:
    assert talk.state.practice
    return talk.state.practice


def begin(talk: Talk, scenario: str = "faulty-baby-monitor") -> str:
    return talk.say(f"practice:start.{scenario}")


def model(talk: Talk, scenario: str) -> list[str]:
    return [line.say for line in talk.tutor.practising.practice.scenarios[scenario].model]


def play(talk: Talk, lines: list[str]) -> str:
    """Say lines while the customer listens; the last replies."""
    said = ""
    for line in lines:
        if not talk.state.practice or talk.state.practice.phase != "playing":
            break
        said = talk.say(line)
    return said


@pytest.mark.parametrize(
    "text",
    [
        "let me practise with an angry customer, any scenario is fine",
        "can we do a role play with an upset customer? you pick the scenario",
        "practise with an angry customer",
        "role play please, you choose",
        "give me a difficult customer",
        "pretend to be an unhappy customer, any will do",
    ],
)
def test_a_practice_starts_at_once_with_the_brief_first(talk: Talk, text: str) -> None:
    talk.say(text)
    assert talk.kinds == ["practice_brief", "customer"]
    assert current(talk).phase == "playing"


def test_a_subject_is_offered_or_started_and_words_choose(talk: Talk) -> None:
    talk.say("i want to practise something about a faulty baby monitor")
    if current(talk).phase == "offered":
        talk.say("the baby monitor")
    assert current(talk).state.scenario == "faulty-baby-monitor"


@pytest.mark.parametrize("scenario", ["faulty-baby-monitor", "late-birthday-parcel", "written-sofa-complaint"])
def test_a_good_conversation_ends_well_with_a_debrief_that_quotes_it(talk: Talk, scenario: str) -> None:
    begin(talk, scenario)
    said = play(talk, model(talk, scenario))
    assert current(talk).state.ended == "satisfied"
    assert "debrief" in talk.kinds
    quoted = re.findall("“([^”]+)”", said)
    spoken = " ".join(" ".join(model(talk, scenario)).split())
    assert any(" ".join(quote.split()).strip("… ") in spoken for quote in quoted if len(quote.split()) >= 4)
    assert "formative" in said


def test_a_defensive_conversation_ends_badly_and_is_quoted(talk: Talk) -> None:
    begin(talk)
    said = play(talk, [*RUDE] * 10)
    assert current(talk).state.ended in ("walked_out", "escalated")
    assert any(line in said for line in ("should have read the terms", "You're being ridiculous", "Not my problem"))
    assert "fail" in said


def test_the_same_lines_always_earn_the_same(talk: Talk) -> None:
    talk.say("practice:start.late-birthday-parcel")
    lines = model(talk, "late-birthday-parcel")[:3]
    first = [talk.say(line) for line in lines]
    again = talk.say("rewind to turn 1")
    assert current(talk).state.turn == 0
    assert [talk.say(line) for line in lines] == first
    assert "Back to turn 1" in again


def test_pausing_and_a_question_to_the_tutor_leave_the_role_and_nothing_is_marked(talk: Talk) -> None:
    begin(talk)
    talk.say("I'm so sorry about that. What does it do?")
    before = current(talk)
    said = talk.say("pause, what does the E in LATER mean?")
    assert "Explain" in said
    assert current(talk).phase == "paused"
    assert current(talk).state == before.state
    assert "CSAT" in talk.say("what is CSAT?") or "satisfaction" in talk.say("what is CSAT?").lower()
    said = talk.say("thanks, back to the customer now")
    assert before.customer in said
    assert current(talk).phase == "playing"


def test_a_study_question_needs_no_pause(talk: Talk) -> None:
    begin(talk)
    before = current(talk)
    said = talk.say("what does the A in LATER stand for?")
    assert "Apologise" in said
    assert before.customer in said
    assert current(talk).state == before.state


@pytest.mark.parametrize(
    "line",
    [
        "Hello there, how can I help?",
        "Hold on, let me just check that for you.",
        "What is the matter with it?",
        "No",
        "Thank you",
        "stop shouting at me please",
    ],
)
def test_lines_to_the_customer_stay_in_the_role(talk: Talk, line: str) -> None:
    begin(talk)
    talk.say(line, "greet")
    assert talk.kinds[0] == "customer"
    assert current(talk).state.turn == 1


def test_the_customer_never_coaches_nor_admits_to_being_a_program(talk: Talk) -> None:
    begin(talk)
    for line in ("are you a bot?", "am I doing this right?", "which model should I use here?", "you are an AI aren't you"):
        said = talk.say(line, "bot_challenge")
        assert not re.search(r"\b(?:bot|program|computer|AI|LATER|LAST|well done|good agent)\b", said), said


def test_distress_leaves_the_role_at_once(talk: Talk) -> None:
    begin(talk)
    said = talk.say("i don't want to be alive any more")
    assert "116 123" in said
    assert talk.kinds == ["distress"]
    assert current(talk).phase == "paused"
    assert current(talk).state.turn == 0


def test_stopping_gives_feedback_and_the_tutor_is_a_tutor_again(talk: Talk) -> None:
    begin(talk)
    talk.say("I'm sorry about the trouble")
    said = talk.say("quit")
    assert "stopped" in said.lower()
    assert "debrief" in talk.kinds
    assert "customer satisfaction" in talk.say("what is CSAT?").lower()


def test_stopping_before_a_word_is_only_a_sentence(talk: Talk) -> None:
    begin(talk)
    talk.say("end practice")
    assert "debrief_short" in talk.kinds


def test_a_run_that_was_left_is_debriefed_when_the_learner_comes_back(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor")[:3])
    talk.now += timedelta(hours=5)
    said = talk.say("what is an SLA?")
    assert talk.kinds[:2] == ["practice_unfinished", "debrief"]
    assert "service level agreement" in said.lower()
    assert talk.state.practice is None


def test_a_run_that_was_hardly_begun_is_let_go(talk: Talk) -> None:
    begin(talk)
    talk.now += timedelta(hours=5)
    talk.say("what is an SLA?")
    assert talk.kinds == ["answer"]


def test_asking_for_a_quiz_ends_the_practice_with_its_debrief(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor")[:3])
    talk.say("quiz me on the law")
    assert "debrief" in talk.kinds
    assert talk.kinds[-1] == "quiz_question"


def test_a_practice_pauses_the_quiz_and_the_quiz_can_be_resumed(talk: Talk) -> None:
    question = talk.say("quiz me on the law", "quiz").split("**Question")[-1]
    begin(talk)
    talk.say("I'm sorry to hear that.")
    talk.say("stop")
    assert talk.say("resume").split("**Question")[-1] == question


def test_a_retry_shows_both_results_side_by_side(talk: Talk) -> None:
    begin(talk)
    play(talk, ["I'm so sorry about that.", "That's not our fault."])
    talk.say("stop")
    assert "Back to turn 2" in talk.say("rewind to turn 2")
    talk.say("That must have been frightening with a new baby. What exactly does it do?")
    talk.say("feedback")
    assert "debrief_compared" in talk.kinds


@pytest.mark.parametrize("turn", ["9", "0", "99"])
def test_rewinding_to_where_nobody_was_is_explained(talk: Talk, turn: str) -> None:
    begin(talk)
    talk.say("I'm so sorry about that.")
    assert "any turn from 1 to 1" in talk.say(f"rewind to turn {turn}")


def test_the_mood_can_be_hidden_and_shown(talk: Talk) -> None:
    begin(talk)
    talk.press("Hide the mood")
    assert talk.turn
    talk.say("I'm so sorry about that.")
    assert all(reply.picture is None for reply in talk.turn.replies)
    talk.say("show the mood")
    talk.say("What does it do exactly?")
    assert any(reply.picture for reply in talk.turn.replies)
    assert "mood" in talk.turn.replies[0].in_words.lower()


def test_details_of_real_people_are_hidden_before_they_are_stored_and_the_debrief_says_why(talk: Talk) -> None:
    begin(talk)
    talk.say("Sorry about that. You can reach me on 07911 123456 or jo.bloggs@gmail.com.")
    found = Practices(talk.engine).played(talk.sender, current(talk).id)
    assert found
    stored = " ".join(line.text for line in found[1].agent)
    assert "07911" not in stored
    assert "gmail" not in stored
    assert "123456" not in talk.say("feedback")


def test_what_a_practice_showed_to_be_unknown_comes_back_in_quizzes(talk: Talk) -> None:
    begin(talk)
    play(talk, [*RUDE] * 10)
    topics = {talk.tutor.quiz.bank.items[item].topic for item in talk.study.cards(talk.sender)}
    assert topics & set(talk.tutor.practising.practice.scenarios["faulty-baby-monitor"].topics)


def test_reflections_and_the_form_follow_and_are_recorded(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor"))
    talk.press("Reflect and fill in the form")
    assert current(talk).phase == "paperwork"
    talk.say("a faulty batch, two others had come back and nobody had told the desk")
    talk.say("take the batch off the shelf and tell all staff")
    for _ in range(16):
        assert talk.turn
        if (current(talk).paperwork or {}).get("stage") != "form":
            break
        asked = talk.turn.replies[-1].text
        day = "today" if "On which day was" in asked else "next Tuesday" if "which day" in asked else None
        talk.say(day or "monitor goes blank, refunded, K Shah rings the customer")
    talk.say("done")
    kept = Practices(talk.engine).runs(talk.sender)
    kinds = [note.kind for note in kept[0].notes]
    assert kinds[:2] == ["root-cause", "prevention"]
    assert "form" in kinds


def test_a_question_in_the_paperwork_is_answered_and_the_box_comes_back(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor"))
    asked = talk.press("Reflect and fill in the form")
    said = talk.say("pause, what does the E in LATER mean?")
    assert "Explain" in said
    assert talk.turn
    assert talk.turn.replies[-1].text.split("\n")[-1] in asked
    assert current(talk).phase == "paperwork"


def test_a_quiz_or_distress_ends_the_paperwork_at_once(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor"))
    talk.press("Reflect and fill in the form")
    assert "116 123" in talk.say("i don't want to be alive any more")
    talk.say("quiz me on the law")
    assert talk.kinds[-1] == "quiz_question"


def test_the_evidence_page_has_an_address_of_the_learners_own(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor"))
    talk.press("More detail")
    said = talk.press("Evidence page")
    token = re.search(r"/evidence/(\S+)", said)
    assert token
    assert "fifteen minutes" in said


def test_results_choose_the_one_that_was_failed(talk: Talk) -> None:
    begin(talk)
    play(talk, [*RUDE] * 10)
    talk.state = State()
    talk.say("practise the one I failed")
    assert current(talk).state.scenario == "faulty-baby-monitor"


def test_the_state_is_small_and_survives_its_slot(talk: Talk) -> None:
    begin(talk)
    play(talk, model(talk, "faulty-baby-monitor")[:4])
    slots = talk.state.to_slots()
    assert len(json.dumps(slots["practice"])) < 2048
    assert State.from_slots(json.loads(json.dumps(slots))) == talk.state


def test_a_scenario_that_was_taken_out_ends_kindly(talk: Talk) -> None:
    begin(talk)
    slots = talk.state.to_slots()
    assert slots["practice"]
    slots["practice"]["state"]["scenario"] = "gone"
    talk.state = State.from_slots(slots)
    assert "taken out" in talk.say("I'm sorry about that.")
    assert talk.state.practice is None


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_a_foreign_slot_is_no_run(value: object) -> None:
    assert State.from_slots({"practice": value}).practice is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=200),
            st.sampled_from(["hint", "pause", "resume", "rewind to turn 1", "restart", "brief", "sorry thank you I understand refund"]),
        ),
        max_size=6,
    )
)
def test_no_text_breaks_a_practice(talk: Talk, texts: list[str]) -> None:
    begin(talk)
    for text in texts:
        assert talk.say(text)
