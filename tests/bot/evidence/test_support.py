"""Which criteria a practice can support: each with its reason, and none that it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.assess.transcript import CRITERIA
from bot.content.scenarios import MOVES
from bot.evidence import Gatherer
from tests.bot.debrief.played import KNOWLEDGE, library
from tests.bot.evidence.pages import BLAZER, GYM, defensive, gathered, gatherer, model, with_body


def supported(kept) -> dict[str, tuple[str, ...]]:
    return {support.id: support.reasons for support in gathered(kept).runs[0].supports if support.reasons}


def test_topics_and_moves_of_the_table_exist():
    words = gatherer().words.evidence
    named = {topic for topics in words.shows.values() for topic in topics} | words.case_topics
    assert named <= library().topics.keys()
    assert words.shows.keys() - {*CRITERIA} == {"complaint-log", "returns-form", "minimal", "root-cause", "prevention"}
    assert set(words.moves) == {*MOVES}


def test_everything_in_the_table_can_support_something():
    listed = {topic for criterion in gatherer().bank.file.criteria.values() for topic in criterion.topics}
    assert [name for name, topics in gatherer().words.evidence.shows.items() if not listed & {*topics}] == []


def test_a_good_practice_supports_what_it_shows():
    found = supported(model(BLAZER, "aofaq"))
    assert set(found) == {
        "ac-aofaq-2-simulation",
        "ac-aofaq-3-returns-form",
        "ac-aofaq-4-clear-solution",
        "ac-aofaq-5-root-cause",
        "ac-aofaq-6-prevent",
    }
    assert found["ac-aofaq-3-returns-form"] == ("Returns authorisation form, complete, with a follow-up date",)
    assert any("turn" in reason and "“" in reason for reason in found["ac-aofaq-4-clear-solution"])


def test_the_quoted_words_are_the_learners():
    run = model(GYM, "biiab")
    said = " ".join(" ".join(line.text.split()) for line in run.played.agent)
    quotes = [reason.split("“")[1].split("”")[0] for reasons in supported(run).values() for reason in reasons if ", turn " in reason]
    assert quotes
    assert [quote for quote in quotes if quote.removesuffix(" …") not in said] == []


def test_a_complaint_log_is_no_returns_form():
    assert "ac-aofaq-3-returns-form" not in supported(model(GYM, "aofaq"))
    assert "ac-biiab-1-logging" in supported(model(GYM, "biiab"))


@pytest.mark.parametrize("changed", [{"complete": False}, {"due": None}])
def test_a_form_that_is_not_complete_supports_nothing(changed):
    run = model(BLAZER, "aofaq")
    notes = tuple(replace(note, values={**note.values, **(changed if note.kind == "form" else {})}) for note in run.notes)
    assert "ac-aofaq-3-returns-form" not in supported(replace(run, notes=notes))


def test_a_reflection_that_saw_nothing_supports_nothing():
    run = model(BLAZER, "aofaq")
    notes = tuple(replace(note, values={**note.values, "result": "other"}) for note in run.notes)
    assert not {"ac-aofaq-5-root-cause"} & set(supported(replace(run, notes=notes)))


def test_a_failed_talk_supports_nothing_by_itself():
    assert supported(defensive(GYM, "biiab")) == {}
    assert gathered(defensive()).runs[0].debrief.band == "fail"


@pytest.mark.parametrize(("body", "prefix"), [("biiab", "ac-biiab"), ("aofaq", "ac-aofaq"), (None, "ac-00"), ("elsewhere", "ac-00")])
def test_criteria_are_those_of_the_learners_awarding_body(body, prefix):
    supports = gathered(with_body(model(), body)).runs[0].supports
    assert supports
    assert all(support.id.startswith(prefix) for support in supports)


def test_data_handled_lawfully_needs_a_check_or_a_clean_form():
    found = supported(with_body(model(GYM), None))
    assert any("checked identity" in reason for reason in found["ac-002-4-data"])
    assert any("nothing unneeded" in reason for reason in found["ac-002-4-data"])


def test_a_practice_without_a_line_is_not_shown():
    run = model()
    silent = replace(run, played=replace(run.played, lines=run.played.lines[:1]))
    gone = replace(run, played=replace(run.played, scenario="no-such-scenario"))
    assert len(gathered(run, silent, gone).runs) == 1
    with pytest.raises(ValueError, match="no practice"):
        gathered(silent, gone)


def test_a_form_put_right_counts_as_it_was_left():
    run = model()
    worse = tuple(replace(note, values={**note.values, "complete": False}) for note in run.notes)
    assert gathered(replace(run, notes=(*worse, *run.notes))).runs[0].forms[0]["complete"]


def test_it_opens_from_the_folder_alone():
    assert Gatherer.open(KNOWLEDGE).words == gatherer().words
