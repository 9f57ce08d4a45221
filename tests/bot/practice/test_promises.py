"""What docs/practice.md promises, held against every scenario there is."""

from __future__ import annotations

import itertools
import json
import os
import random
from collections import Counter

import pytest

from bot.content.scenarios import ENDINGS, Scenario
from bot.practice import Heard, State
from bot.practice.rehearsal import play, problems
from bot.practice.state import MARK
from tests.bot.practice.opened import LATER, practice, random_run, right_offer, scenarios, spoken, through

RUNS = int(os.environ.get("PRACTICE_RUNS", "20"))  # a thousand for a release
LONGEST = 30
DIFFICULTIES = (1, 2, 3)

every = pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
every_spoken = pytest.mark.parametrize("scenario", spoken(), ids=lambda scenario: scenario.id)


@every
def test_scripts_end_as_they_should_and_every_ending_and_fact_is_in_reach(scenario: Scenario) -> None:
    assert list(problems(practice(), scenario)) == []


@every
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_the_model_satisfies_and_the_defensive_script_loses_whatever_the_dice(scenario: Scenario, difficulty: int) -> None:
    for seed in range(5, 15):
        assert play(practice(), scenario, seed, difficulty, scenario.model)[0].ended == "satisfied"
        assert play(practice(), scenario, seed, difficulty, scenario.defensive)[0].ended in ("escalated", "walked_out")


@every_spoken
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_all_of_later_with_the_right_remedy_satisfies_in_any_order_and_any_number_of_lines(scenario: Scenario, difficulty: int) -> None:
    dice = random.Random(difficulty)
    for _ in range(10):
        steps = list(LATER)
        dice.shuffle(steps)
        cuts = sorted(dice.sample(range(1, 6), dice.randint(0, 5)))
        groups = [steps[a:b] for a, b in itertools.pairwise([0, *cuts, 6])]
        offer = right_offer(scenario)
        lines = [Heard((*group, *offer.moves), remedy=offer.remedy) if "resolve" in group else Heard(tuple(group)) for group in groups]
        state, _ = through(scenario, [*lines, Heard(("check", "follow_up"), promise="on Friday")], difficulty=difficulty)
        assert state.ended == "satisfied", groups


@every_spoken
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_discourtesy_to_the_end_never_ends_well_whatever_stands_beside_it(scenario: Scenario, difficulty: int) -> None:
    dice = random.Random(difficulty)
    offer = right_offer(scenario)
    for seed in range(10):
        lines = [
            Heard((dice.choice(["rude", "defensive", "dismissive"]), *dice.sample([*LATER, "check", "follow_up"], 3)), remedy=offer.remedy)
            for _ in range(LONGEST)
        ]
        state, _ = through(scenario, lines, seed, difficulty)
        assert state.ended in ("walked_out", "escalated")


@every
def test_random_runs_end_in_time_and_never_repeat_a_line_or_crash(scenario: Scenario) -> None:
    for seed in range(RUNS):
        lines, state, replies = random_run(scenario, seed)
        assert len(lines) <= LONGEST
        assert state.ended in ENDINGS
        assert all(reply.text for reply in replies)
        assert not [text for text, times in Counter(reply.text for reply in replies).items() if times > 1]
        marks = [state.used[at : at + MARK] for at in range(0, len(state.used), MARK)]
        assert len(set(marks)) == len(marks)
        assert len(json.dumps(state.to_dict())) < 2000


@every
def test_a_replay_is_identical_also_when_every_state_was_stored(scenario: Scenario) -> None:
    lines, end, replies = random_run(scenario, 7)
    state, reply = practice().begin(scenario.id, 7, end.difficulty)
    again = [reply]
    for heard in lines:
        state, reply = practice().hear(State.from_dict(json.loads(json.dumps(state.to_dict()))), heard)
        again.append(reply)
    assert (state, again) == (end, replies)


@every_spoken
def test_every_needed_fact_is_told_by_open_questions_alone(scenario: Scenario) -> None:
    lines = [Heard(("probe", "listen"), open=True) for _ in scenario.facts]
    state, _ = through(scenario, lines, difficulty=1)
    assert {fact.id for fact in scenario.facts if fact.needed} <= set(state.facts)


@every_spoken
def test_saying_nothing_of_use_does_not_go_on_for_ever(scenario: Scenario) -> None:
    for heard in (Heard(), Heard(("thank",)), Heard(("apologise",)), Heard(oddity="silence"), Heard(("probe",)), Heard(("scripted",))):
        state, replies = through(scenario, [heard] * LONGEST)
        assert state.ended in ("walked_out", "escalated")
        assert len(replies) < LONGEST
