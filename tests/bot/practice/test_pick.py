"""A learner says which customer they want in their own words."""

from __future__ import annotations

import pytest

from bot.practice.pick import Picker
from bot.settings import ROOT
from tests.bot.practice.opened import practice

PICKER = Picker.load(ROOT / "knowledge", practice().scenarios, {"disclosure": ("Sharing and disclosing data", "GDPR")})


@pytest.mark.parametrize(
    ("text", "scenario"),
    [
        ("a late parcel please", "late-birthday-parcel"),
        ("can I practise someone asking about another person's account", "account-of-another"),
        ("the baby monitor", "faulty-baby-monitor"),
        ("written complaint about a sofa", "written-sofa-complaint"),
        ("late-birthday-parcel", "late-birthday-parcel"),
    ],
)
def test_by_its_subject(text: str, scenario: str) -> None:
    assert PICKER.pick(text, {}, 0).ids[0] == scenario


def test_by_what_it_teaches() -> None:
    assert "account-of-another" in PICKER.pick("GDPR", {}, 0).ids


def test_several_that_fit_are_offered() -> None:
    picked = PICKER.pick("something about refunds", {}, 0)
    assert len(picked.ids) > 1
    assert all("refund" in " ".join((s.title, *s.tags, *s.topics)) for s in (practice().scenarios[id] for id in picked.ids[:2]))


@pytest.mark.parametrize(
    "text",
    ["you choose", "any scenario is fine", "surprise me", "practise with an angry customer", "a hard one", "upset customer, you pick"],
)
def test_a_choice_left_to_us_is_made_at_once_and_is_no_letter(text: str) -> None:
    for dice in range(20):
        picked = PICKER.pick(text, {}, dice)
        assert picked.sure
        assert not practice().scenarios[picked.ids[0]].writing or text == "a hard one"


def test_the_one_i_failed() -> None:
    results = {"faulty-baby-monitor": "walked_out", "late-birthday-parcel": "unsafe", "account-of-another": "satisfied"}
    assert PICKER.pick("the one I failed", results, 3).ids == ("late-birthday-parcel", "faulty-baby-monitor")


def test_what_was_not_played_and_lapsed_topics_come_up_more_often() -> None:
    def share(**known: object) -> float:
        picks = [PICKER.choose(known.get("results", {}), dice, known.get("lapsed", ())).ids[0] for dice in range(200)]  # type: ignore[arg-type]
        return picks.count("account-of-another") / len(picks)

    assert share(lapsed=("disclosure",)) > share()
    assert share(results={"account-of-another": "satisfied"}) < share()


def test_the_one_i_failed_is_none_when_none_was() -> None:
    assert PICKER.pick("the one I failed", {"faulty-baby-monitor": "satisfied"}, 3).ids == ()


def test_angry_customers_differ_by_the_dice() -> None:
    assert len({PICKER.pick("practise with an angry customer", {}, dice).ids[0] for dice in range(10)}) > 3


def test_a_request_for_nothing_in_particular_is_offered_a_choice() -> None:
    picked = PICKER.pick("role play please", {}, 4)
    assert len(picked.ids) > 3
    assert not picked.sure


def test_nonsense_picks_nothing() -> None:
    assert PICKER.pick("xyzzy", {}, 0).ids == ()
