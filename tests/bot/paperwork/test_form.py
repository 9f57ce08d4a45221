"""The form by chat: box by box, with ways back and out, marked at the end and shown whole."""

from __future__ import annotations

import json

import pytest

from bot.paperwork import Session
from bot.reply import is_token
from tests.bot.paperwork.filed import (
    BLAZER,
    GYM,
    LOG,
    REFLECTIONS,
    RETURN,
    TODAY,
    at_form,
    begun,
    done,
    file,
    form,
    paperwork,
    say,
    scenarios,
    tokens,
    told,
)  # fmt: skip

RETURNS = {
    "blazer-cut-too-small", "faulty-baby-monitor", "freezer-past-its-guarantee", "piano-key-mended-once", "ring-brought-back",
    "sewing-machine-before-carnival", "tablet-sent-back-in-time", "walking-boots-eight-months", "written-sofa-complaint",
}  # fmt: skip


def test_goods_that_come_back_get_a_returns_form_and_all_else_a_complaint_log():
    assert {name for name, scenario in scenarios().items() if paperwork().form_of(scenario) == "returns-form"} == RETURNS


def test_a_scenarios_tag_decides_first():
    tagged = scenarios()[BLAZER].copy(update={"tags": ("complaint log",)})
    assert paperwork().form_of(tagged) == "complaint-log"
    assert paperwork().form_of(scenarios()[GYM].copy(update={"tags": ("returns form",)})) == "returns-form"


@pytest.mark.parametrize(("scenario", "answers"), [(GYM, LOG), (BLAZER, RETURN)])
def test_a_good_form_is_complete_minimal_and_followed_up(scenario, answers):
    last, notes = done(begun(scenario), (*REFLECTIONS, *answers))
    values = form(notes)
    assert values["complete"] and values["minimal"] and values["better"] is None
    assert values["due"] == "2026-12-08"
    assert last.session is None
    assert [note.kind for note in notes] == ["root-cause", "prevention", "form"]
    shown = told(last).lower()
    assert all(text.lower() in shown for text in answers), "the form is shown whole"


def test_a_returns_form_carries_a_number_before_the_goods_are_sent():
    last, notes = done(at_form(BLAZER), RETURN)
    assert "RMA-" in told(last)
    assert [form(notes)["fields"][2][0], form(notes)["fields"][2][1][:4]] == ["Returns number", "RMA-"]
    assert "RMA-" not in str(done(at_form(), LOG)[1])


def test_back_goes_to_the_box_before_and_shows_what_stood_there():
    step, _ = done(at_form(), ("today, at the counter", "back"))
    assert "“Today, at the counter (Tuesday 1 December 2026)”" in told(step)
    step, notes = done(step, ("yesterday, by e-mail", *LOG[1:]))
    assert form(notes)["fields"][0][1] == "yesterday, by e-mail (Monday 30 November 2026)"


def test_back_in_the_first_box_stays_there():
    step = say(at_form(), "back")
    assert file().say["first_box"] in told(step)
    assert step.session == at_form().session


def test_skipped_boxes_stay_empty_and_are_missed():
    _, notes = done(at_form(), ["skip"] * len(LOG))
    values = form(notes)
    assert all(text == "" for _, text in values["fields"])
    assert len(values["missing"]) == len(LOG)
    assert values["due"] is None and not values["complete"]


def test_skipping_on_the_way_through_again_keeps_what_is_there():
    step, _ = done(at_form(), (*LOG[:4], "refund"))  # nobody who does it
    step, _ = done(step, (*LOG[5:], "put it right"))
    step = say(step, "skip")
    assert "refund" in told(step)


def test_stop_keeps_what_was_filled_in():
    step, notes = done(at_form(), (*LOG[:3], "stop"))
    assert step.session is None
    assert [text for _, text in form(notes)["fields"]][1:4] == [LOG[1], LOG[2], ""]
    assert done(at_form(), ["stop"])[1] == [], "an empty form is not filed"


@pytest.mark.parametrize("text", ["what do I put here?", "don't know", "example"])
def test_a_question_about_a_box_is_answered_and_not_written_into_it(text):
    step = say(at_form(), text)
    assert file().forms["complaint-log"].fields["received"].example in told(step)
    assert step.session == at_form().session


@pytest.mark.parametrize(
    "text", ["back to the warehouse by courier, we pay", "not sure of the serial number, we pay", "next day courier, we pay"]
)
def test_an_answer_that_begins_like_a_command_is_an_answer(text):
    step, _ = done(at_form(BLAZER), RETURN[:5])
    answered = say(step, text).session
    assert answered is not None and answered.answers["carriage"] == text


def test_choices_are_taken_pressed_or_typed_with_a_slip():
    step, _ = done(at_form(), LOG[:5])
    assert {"practice:form.contact.0", "practice:form.contact.1"} <= set(tokens(step))
    for text in ("practice:form.contact.3", "letter", "Leter"):
        chosen = say(step, text).session
        assert chosen is not None and chosen.answers["contact"] == "Letter"


def test_every_button_is_a_token_and_works_where_it_stands():
    step = begun()
    for text in (*REFLECTIONS, *LOG[:-1], "Solved, and refund soon"):
        for token in tokens(step):
            assert is_token(token)
            assert file().say["old_button"] not in told(say(step, token))
        step = say(step, text)


def test_a_button_of_another_box_changes_nothing():
    step, _ = done(at_form(), LOG[:2])
    pressed = say(step, "practice:form.contact.1")
    assert pressed.session == step.session
    assert file().say["old_button"] in told(pressed)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I will ring", "no_day"),
        ("next week", "which_day"),
        ("31 November", "no_such_day"),
        ("1 December 2025", "past_day"),
    ],
)
def test_a_follow_up_needs_one_day_to_come(text, why):
    step, _ = done(at_form(), LOG[:6])
    asked = say(step, text)
    assert asked.session == step.session
    assert file().say[why].split("{")[0] in told(asked)


def test_a_complaint_cannot_come_in_tomorrow():
    assert file().say["coming_day"].split("{date}")[1] in told(say(at_form(), "tomorrow by phone"))


def test_an_essay_is_asked_for_in_fewer_words():
    step, _ = done(at_form(), LOG[:2])
    long = say(step, "It happened and then it went on. " * 40)
    assert long.session == step.session
    assert "33 words" in told(long)


@pytest.mark.parametrize(("ending", "missing"), [("walked_out", True), ("escalated", True), ("satisfied", False)])
def test_an_outcome_may_not_gloss_over_how_the_talk_ended(ending, missing):
    _, notes = done(at_form(GYM, ending), (*LOG[:-1], "Solved and satisfied"))
    assert ("an outcome that fits how the talk ended" in form(notes)["missing"]) is missing
    _, honest = done(at_form(GYM, ending), (*LOG[:-1], "Customer left unhappy"))
    assert form(honest)["complete"]


def test_a_box_may_hold_a_word_too_vague_to_act_on():
    _, notes = done(at_form(), (*LOG[:4], "sorted by me", *LOG[5:]))
    assert "facts in place of “sorted” under Action and owner" in form(notes)["missing"]


def test_what_is_wrong_may_be_put_right_once():
    step, notes = done(at_form(), (*LOG[:2], "He moaned about a charge", *LOG[3:]))
    assert form(notes)["surplus"] == [["opinion", "moaned"]]
    assert step.session is not None and step.session.stage == "marked"
    step = say(step, "put it right")
    assert "He moaned about a charge" in told(step)
    step = say(step, LOG[2])
    assert form(step.notes)["complete"] and form(step.notes)["minimal"]
    assert step.session is None


@pytest.mark.parametrize("text", ["leave it so", "no thanks", "practice:form.marked.done"])
def test_or_left_as_it_is(text):
    step, _ = done(at_form(), ["skip"] * len(LOG))
    step = say(step, text)
    assert step.session is None and step.replies and not step.notes


def test_after_the_marks_other_words_are_for_other_skills():
    step, _ = done(at_form(), ["skip"] * len(LOG))
    step = say(step, "what is a chargeback?")
    assert step.session is None and step.replies == ()


def test_the_longest_form_fits_a_slot():
    """Every box full, in letters that JSON writes long, and longest where a day is added."""
    for scenario in scenarios().values():
        step = paperwork().begin_form(scenario, "walked_out", TODAY)
        for field in file().forms[paperwork().form_of(scenario)].fields.values():
            lead = "in 5 working days " if field.has_day and field.is_ahead else "today " if field.has_day else ""
            room = field.most - len(lead)
            before = step.session
            step = paperwork().take(step.session, lead + "é" * (room // 6), scenario, TODAY)
            assert step.session != before
            if step.session:
                assert len(json.dumps(step.session.to_dict())) < 1500


def test_what_is_open_can_be_asked_again_after_a_pause():
    for step in (begun(), at_form(), done(at_form(), ["skip"] * len(LOG))[0]):
        assert step.session is not None
        again = paperwork().again(step.session, scenarios()[GYM], TODAY)
        assert again.text in step.replies[-1].text
        assert again.buttons == step.replies[-1].buttons


@pytest.mark.parametrize(
    "values",
    [
        None, [], "x", {}, {"scenario": 1}, {"scenario": "a", "stage": "form"}, {"scenario": "a", "stage": "cause", "todo": ["x"]},
        {"scenario": "a", "answers": {"x": 1}}, {"scenario": "a", "answers": [1]}, {"scenario": "a", "due": "soon"},
        {"scenario": "a", "stage": "form", "todo": "received"}, {"scenario": "a", "stage": ["form"]}, {"scenario": "a" * 999},
    ],
)  # fmt: skip
def test_a_strange_slot_is_no_session(values):
    assert Session.from_dict(values) is None


def test_a_session_of_boxes_that_are_gone_is_over():
    gone = Session(GYM, stage="form", form="complaint-log", todo=("colour",))
    step = paperwork().take(gone, "blue", scenarios()[GYM], TODAY)
    assert step.session is None and step.replies == ()
