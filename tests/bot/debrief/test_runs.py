"""Runs made up line by line: what is praised, what is quoted, what is absent, and what earns nothing."""

from __future__ import annotations

import pytest

from bot.assess import Move
from bot.assess.transcript import LATER
from bot.debrief import Line, Played
from tests.bot.debrief.played import criticised, debrief, debriefer, first, names, play, practice, scenarios, teller

MONITOR, PARCEL, LETTER = "faulty-baby-monitor", "late-birthday-parcel", "written-sofa-complaint"
SORRY = ("I'm sorry that you were sent away on Saturday with it.", ["apologise"])
WHAT = ("What does it do, and when did you buy it?", ["probe"])
REFUND = ("I can put the full £64.00 back on your card now.", ["resolve"])
WHO = ("Could I take your full name and the order number first?", ["verify"])


def test_strengths_quote_the_line_and_its_turn():
    told = debrief(MONITOR, SORRY, WHAT)
    quotes = {strength.quote.turn: strength.quote.text for strength in told.strengths}
    assert quotes[1] == "I'm sorry that you were sent away on Saturday with it."
    assert "Turn 1, “I'm sorry that you were sent away on Saturday with it.”" in first(told)


def test_the_words_of_the_span_are_quoted_and_no_others():
    text = "Right then. Nobody told me about that. That's hardly our fault, is it? Anyway."
    start = text.index("That's")
    told = debrief(MONITOR, (text, [Move("defensive", start, start + len("That's hardly our fault, is it?"), 0.9)]))
    assert criticised(told, "defensive").quote.text == "That's hardly our fault, is it?"


def test_a_harmful_line_is_no_strength_even_with_a_courtesy_in_it():
    told = debrief(MONITOR, ("I'm sorry, but you people always break them and then blame the shop.", ["apologise", "defensive", "rude"]))
    assert all(strength.quote is None for strength in told.strengths)
    assert {"rude", "defensive"} <= names(told)


def test_what_never_happened_is_absent():
    told = debrief(MONITOR, WHAT, REFUND)
    apology = criticised(told, "apologise_absent")
    assert apology.turn is None
    assert "absent" in apology.text
    assert apology.better in " ".join(line.say for line in practice().scenarios[MONITOR].model)


def test_a_courteous_run_without_a_remedy_is_told_so_first():
    told = debrief(MONITOR, SORRY, *[(f"And what else happened that night, number {n}?", ["probe"]) for n in range(12)])
    assert told.band == "fail"
    assert "resolve_absent" in names(told)


@pytest.mark.parametrize(
    "echo",
    [
        "This monitor goes blank every single night with a tiny baby in the next room.",
        "I was here on Saturday and I got nowhere. This monitor goes blank",
    ],
)
def test_the_customers_own_words_earn_nothing(echo):
    moves = ["listen", "empathise", "apologise", "thank", "explain", "resolve"]
    told = debrief(MONITOR, (echo, moves))
    assert told.model.met == 0
    assert criticised(told, "echo").quote.text in echo


def test_set_words_in_a_row_earn_nothing():
    told = debrief(MONITOR, ("sorry thank you I understand refund", [*LATER]))
    assert told.model.met == 0
    assert not any(told.criteria[name] for name in LATER)
    assert criticised(told, "stuffing").quote.text == "sorry thank you I understand refund"


def test_saying_it_in_ones_own_words_is_no_echo():
    told = debrief(MONITOR, ("So it goes blank in the night, every night, with a tiny baby next door to you.", ["listen"]))
    assert "echo" not in names(told)
    assert told.criteria["listen"]


def test_a_remedy_that_does_not_help_is_no_step():
    told = debrief(MONITOR, WHAT, ("You could contact the manufacturer about it, here is their number.", ["resolve"]))
    assert not told.criteria["resolve"]
    assert "manufacturer" in criticised(told, "wrong").quote.text


def test_less_than_is_owed_is_said_to_be():
    told = debrief(MONITOR, WHAT, ("I can give you a voucher for it.", ["resolve"]))
    assert not told.criteria["resolve"]
    less = criticised(told, "less")
    assert less.quote.text == "I can give you a voucher for it."
    assert less.better not in less.quote.text


def test_refusing_what_is_owed_is_quoted():
    told = debrief(MONITOR, ("I'm afraid we do not give a refund on those.", ["dismissive"]))
    assert criticised(told, "refused").quote.text == "I'm afraid we do not give a refund on those."


def test_details_before_the_check_decide_it_and_the_better_line_asks_who():
    told = debrief(PARCEL, ("It was sorted to the wrong depot in Penlow.", ["explain"]))
    leak = told.criticisms[0]
    assert leak.name == "disclose"
    assert told.criteria["disclosed_data"] and told.criteria["verify"] is False
    assert told.band == "fail"
    assert "name" in leak.better and "order number" in leak.better
    assert "Penlow" not in leak.better
    assert told.law.topic == "disclosure"


def test_details_after_the_check_are_an_explanation():
    told = debrief(PARCEL, WHO, ("It was sorted to the wrong depot on Wednesday.", ["explain", "disclose"]))
    assert told.criteria["verify"] and told.criteria["disclosed_data"] is False
    assert "disclose" not in names(told)


def test_where_nobody_has_to_be_checked_it_is_not_asked_for():
    assert debrief(MONITOR, SORRY).criteria["verify"] is None
    assert debrief(PARCEL, SORRY).criteria["verify"] is False


def test_a_promise_without_a_time_is_no_distinction():
    whole = practice().scenarios[MONITOR].model
    lines = [(line.say, line.moves) for line in whole[:-1]]
    told = debrief(MONITOR, *lines, ("Somebody will be in touch soon. I'm Sam. Are you happy with that?", ["follow_up", "check"]))
    assert told.band == "merit"
    assert "touch" in criticised(told, "untimed").quote.text


def test_saying_nothing_is_absent_with_its_turn():
    told = debrief(MONITOR, SORRY, ("", []), WHAT)
    silence = criticised(told, "silence")
    assert (silence.turn, silence.quote) == (2, None)
    assert "Turn 2: absent" in silence.text


def test_the_same_fault_again_is_told_by_its_turns():
    told = debrief(MONITOR, ("It was working when it left here.", ["defensive"]), WHAT, ("You must have dropped it then.", ["defensive"]))
    found = criticised(told, "defensive")
    assert {found.turn, *found.others} == {1, 3}


@pytest.mark.parametrize(
    ("body", "model", "also"), [("biiab", "LATER", None), ("aofaq", "LATER", "LAST"), ("other", "LATER", None), (None, "LATER", None)]
)
def test_each_body_has_its_model_and_the_difference_is_told(body, model, also):
    told = debrief(MONITOR, SORRY, ("Thank you for coming back to us.", ["thank"]), body=body)
    assert told.model.title == model
    assert {step.name for step in told.model.steps} == set(LATER), "explain and empathise both count"
    assert (told.also.title if told.also else None) == also
    assert "Explain" in told.model_note and "mpath" in told.model_note
    assert told.model_note in first(told)


def test_last_has_four_letters_and_solves():
    told = debrief(MONITOR, SORRY, WHAT, REFUND, body="aofaq")
    assert [(step.label, step.quote is not None) for step in told.also.steps] == [
        ("Listen", False),
        ("Apologise", True),
        ("Solve", True),
        ("Thank", False),
    ]


def test_moves_count_in_any_order():
    lines = [REFUND, ("Thank you for coming back to us.", ["thank"]), SORRY, WHAT]
    there, back = debrief(MONITOR, *lines), debrief(MONITOR, *lines[::-1])
    assert there.model.met == back.model.met == 3


def test_a_run_that_was_left_is_told_as_one():
    told = debrief(MONITOR, SORRY, WHAT, ("Let me look at that for you.", []))
    assert told.ending is None
    assert "You stopped after 3 turns" in first(told)
    assert "formative" in first(told)


def test_a_short_run_gets_one_sentence():
    scenario = practice().scenarios[MONITOR]
    for lines in ([], [SORRY]):
        reply = teller().short(play(MONITOR, lines), scenario)
        assert reply.text.count(".") == 1 and len(reply.text) < 160
    with pytest.raises(ValueError, match="line"):
        debriefer().debrief(play(MONITOR, []))


def test_one_line_asked_to_be_marked_is_quoted_and_scored():
    told = first(debrief(MONITOR, ("I'm so sorry about that, please tell me what happened", ["apologise", "probe"])))
    assert "I'm so sorry about that" in told
    assert "of 6 steps" in told and "What went well" in told and "What to improve" in told


def test_a_letter_is_quoted_by_sentence():
    letter = "Dear Mrs Oyelaran,\n\nThank you for writing. I am sorry for it. Our records show that it was fixed, so we can't accept that."
    start = letter.index("Our records")
    lines = [
        Move("thank", letter.index("Thank"), letter.index("Thank") + 22, 1.0),
        Move("apologise", letter.index("I am"), letter.index("I am") + 18, 1.0),
        Move("defensive", start, len(letter), 1.0),
    ]
    told = debrief(LETTER, (letter, lines))
    assert criticised(told, "defensive").quote.place == 3
    text = first(told)
    assert "Sentence 3, “Our records show that it was fixed, so we can't accept that.”" in text
    assert "turn" not in text.lower().replace("return", "")
    assert "Write it again" in [button.title for button in teller().spoken(told)[0].buttons]


def test_the_curve_has_a_point_for_the_opening_and_one_a_turn():
    played = play(MONITOR, [SORRY, WHAT, REFUND])
    curve = debriefer().debrief(played).curve
    assert [point.label for point in curve.points] == ["start", "turn 1", "turn 2", "turn 3"]
    assert [point.value for point in curve.points] == [line.anger / 100 for line in played.lines if line.who == "customer"]
    assert curve.to_dict()["kind"] == "curve"
    assert set(curve.to_dict()) == {"kind", "title", "low", "high", "points"}


def test_a_hidden_mood_is_shown_afterwards():
    played = play(MONITOR, [SORRY])
    hidden = Played(played.scenario, played.difficulty, played.body, played.lines, played.ending, hidden_mood=True)
    assert "hidden" in debriefer().debrief(hidden).curve.title


def test_two_runs_stand_side_by_side():
    before = debrief(MONITOR, ("It was working when it left here.", ["defensive"]), ("There's nothing I can do.", ["dismissive"]))
    after = debrief(MONITOR, SORRY, WHAT, REFUND)
    reply = teller().compared(before, after)
    assert "First run: " in reply.text and "This run: " in reply.text
    assert "0 of 6" in reply.text and "2 of 6" in reply.text
    assert "New this time: Apologise, Resolve." in reply.text
    assert "arguing" in reply.text
    assert [row.text for row in reply.picture.rows][:2] == ["0 of 6", "2 of 6"]


def test_equal_runs_are_said_to_be():
    same = debrief(MONITOR, SORRY)
    assert debriefer().words.say["same"] in teller().compared(same, same).text


def test_lines_without_the_customers_answer_do_no_harm():
    """A learner may leave before the customer has answered."""
    played = Played(MONITOR, 2, None, (Line(1, "agent", "Hello, what can I do for you?", (), 50, 40, "upset"),))
    told = debriefer().debrief(played)
    assert len(told.curve.points) == 1
    assert first(told)


def test_every_word_of_the_file_can_be_filled():
    words = debriefer().words
    fills = {"name": "Ann Lee", "who": "Ann", "turns": "3 turns", "start": "angry", "end": "calm", "place": "turn 3"}
    for fault in words.faults.values():
        assert "{" not in fault.why.format(**fills)
        assert all("{" not in line.format(remedy="a refund", prevent="Ring them.") for line in fault.otherwise)
    for outcome in (*words.outcomes.values(), *words.writing_outcomes.values(), *words.at_least.values()):
        assert "{" not in outcome.format(**fills)


def test_every_topic_of_the_file_exists():
    library = debriefer().library
    assert [name for name, fault in debriefer().words.faults.items() if fault.topic and fault.topic not in library.topics] == []
    assert set(debriefer().words.bodies) == set(library.bodies)


def test_every_band_is_explained():
    reasons = {debriefer().debrief(play(scenario.id, [SORRY])).score for scenario in scenarios()}
    assert all("band" in reason for reason in reasons)
