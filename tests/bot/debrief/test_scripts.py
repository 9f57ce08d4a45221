"""Every scenario's good and bad answer, played and told."""

from __future__ import annotations

import statistics
import time

import pytest

from bot.debrief import LONGEST
from bot.debrief.telling import LONGEST_MORE
from bot.reply import is_token
from tests.bot.debrief.played import debriefer, first, library, of_script, scenarios, script, teller

EACH = pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)


@EACH
@pytest.mark.parametrize("difficulty", [1, 2, 3])
def test_the_model_answer_earns_every_step(scenario, difficulty):
    told = of_script(scenario.id, "model", "biiab", difficulty)
    assert told.model.met == len(told.model.steps) == 6
    assert told.band == "distinction"
    assert not [criticism for criticism in told.criticisms if criticism.quote is None], "nothing is absent from the model"


@EACH
def test_the_defensive_answer_is_quoted_for_it_first(scenario):
    played = script(scenario, "defensive")
    told = debriefer().debrief(played)
    assert told.band == "fail"
    assert told.criteria["defensive"]
    worst = told.criticisms[0]
    assert {"disclose", "rude", "defensive"} & set(worst.names)
    assert worst.quote is not None
    line = next(line for line in played.agent if line.turn == worst.turn)
    assert worst.quote.text in line.text


@EACH
@pytest.mark.parametrize("name", ["model", "defensive"])
@pytest.mark.parametrize("body", ["biiab", "aofaq", "other", None])
def test_it_fits_and_says_what_went_well_first(scenario, name, body):
    told = of_script(scenario.id, name, body)
    replies, more = teller().spoken(told), teller().more(told)
    say = debriefer().words.say
    text = replies[0].text
    assert len(text) <= LONGEST
    assert sum(len(reply.text) for reply in more) <= LONGEST_MORE
    assert "{" not in "".join(reply.text for reply in (*replies, *more))
    if told.criticisms:
        assert text.index(say["strengths"]) < text.index(say["criticisms"])
    assert text.rstrip().endswith(told.advice.text), "nothing was cut off"


@EACH
def test_all_criticisms_of_the_worst_run_are_told_on_one_more_press(scenario):
    told = of_script(scenario.id, "defensive")
    everything = first(told) + "".join(reply.text for reply in teller().more(told))
    assert [criticism.names for criticism in told.criticisms if criticism.text not in everything] == []


@EACH
@pytest.mark.parametrize("name", ["model", "defensive"])
def test_the_same_run_gets_the_same_debrief(scenario, name):
    assert debriefer().debrief(script(scenario, name)) == of_script(scenario.id, name)


@EACH
def test_better_lines_are_the_scenarios_own(scenario):
    """Not a phrase that could stand in any debrief: words of the model, or a sentence with this scenario's remedy or prevention."""
    told = of_script(scenario.id, "defensive")
    models = " ".join(line.say for line in scenario.model)
    own = [remedy.name for remedy in scenario.remedies] + [scenario.cause.prevent]
    generic = [
        criticism.better
        for criticism in told.criticisms
        if criticism.better not in models and not any(words in criticism.better for words in own)
    ]
    assert len(generic) <= 1, generic


@EACH
def test_the_law_has_act_and_date(scenario):
    told = of_script(scenario.id, "model")
    by_law = [owed for owed in scenario.owed if library().topics[owed.topic].law]
    if by_law:
        assert told.law.act == by_law[0].act
        assert told.law.checked_on == library().topics[by_law[0].topic].law.checked_on
        assert f"{told.law.checked_on.day} {told.law.checked_on:%B %Y}" in first(told)
    assert told.law.act in told.law.text


@EACH
@pytest.mark.parametrize("name", ["model", "defensive"])
def test_every_button_leads_somewhere(scenario, name):
    told = of_script(scenario.id, name)
    buttons = [button for reply in (*teller().spoken(told), *teller().more(told)) for button in reply.buttons]
    assert len(teller().spoken(told)[0].buttons) <= 3
    for button in buttons:
        assert is_token(button.token), button
        kind, _, rest = button.token.partition(":")
        if kind == "ask":
            assert rest in library().by_id
        elif kind == "quiz":
            assert rest.removeprefix("topic.") in debriefer().adviser.quizzed
        elif rest.startswith("retry."):
            assert 1 <= int(rest.removeprefix("retry.")) <= told.turns


def test_it_is_made_at_once():
    """Processor time, the better of two, so that a busy machine does not count: 50 ms, and no run three times that."""

    def seconds(played) -> float:
        started = time.process_time()
        teller().spoken(debriefer().debrief(played))
        return time.process_time() - started

    times = [min(seconds(script(scenario, "model")) for _ in range(2)) for scenario in scenarios()]
    assert statistics.median(times) < 0.05
    assert max(times) < 0.15
