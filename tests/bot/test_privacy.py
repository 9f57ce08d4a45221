"""What learners type of people's data goes no further than the turn; their numbers, and a customer's invented data, stay."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.content.questions import Numeric, Short
from bot.debrief import Played, Teller
from bot.privacy import Mask, hidden, invented, personal
from bot.quiz.shown import show
from bot.records import Practices
from bot.settings import ROOT
from bot.tutor import Tutor
from tests.bot.calculate import golden
from tests.bot.personal_forms import FORMS, KINDS, caught
from tests.bot.talk import Talk

SECRET = "jo.bloggs@gmail.com"
NUMBER = "07911 123456"


def answers(tutor: Tutor) -> list[str]:
    """Sums of the bank with numbers drawn many times, written as learners write them, and the wordings of answers in own words."""
    found: list[str] = []
    for item in tutor.quiz.bank.items.values():
        if isinstance(item, Numeric):
            for seed in range(40):
                shown = show(item, seed)
                for expression in (item.result, *(slip.result for slip in item.slips)):
                    found += written(float(shown.sum_of(expression)), list(shown.numbers.values()))
                found += [shown.ask, shown.story]
        if isinstance(item, Short):
            found += [item.model, *(wording for idea in item.ideas for wording in idea.say), *(one.text for one in item.wrong)]
    return found


def written(value: float, numbers: list[int]) -> list[str]:
    """The ways in which a number is given as an answer."""
    whole = " + ".join(map(str, numbers))
    forms = [f"{value:g}", f"{value:.2f}", f"{value:.10f}", f"{value:,.2f}", f"£{value:,.2f}", f"{value:g}%", f"{value:.1f} per cent"]
    forms += [f"-{value:g}", f"+{value:g}", f"it is {value:g} I think", f"{value:g} pounds", f"{whole} = {value:g}", f"({whole}) / 100"]
    forms += [
        " ".join(map(str, numbers)),
        ", ".join(map(str, numbers)),
        "-".join(map(str, numbers)),
        f"{value:g} minutes",
        f"about {value:.3f}",
    ]
    return forms


def test_no_answer_of_the_bank_is_taken_for_personal_data(tutor: Tutor) -> None:
    corpus = answers(tutor)
    assert len(corpus) > 5000
    assert [text for text in corpus if hidden(text, numbers=True) != text] == [], "with a question open"
    assert [text for text in corpus if hidden(text) != text] == [], "and without one"


def test_no_sum_of_the_calculators_is_taken_for_personal_data() -> None:
    corpus = [case[0] for cases in vars(golden).values() if isinstance(cases, tuple) for case in cases]
    assert len(corpus) > 50
    assert [text for text in corpus if hidden(text) != text] == []


numbers = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.integers(0, 10**12).map("{:,}".format),
    st.floats(-1e12, 1e12).map("{:.10f}".format),
    st.floats(0, 1).map(repr),
    st.decimals(0, 10**9, places=2).map("£{:,}".format),
    st.floats(0, 1000).map("{:.2f}%".format),
    st.fractions().map(str),
    st.dates().map("{:%d-%m-%Y}".format),
    st.dates().map("{:%d %m %Y}".format),
    st.dates().map("{:%d.%m.%Y}".format),
    st.dates().map("{:%d/%m/%y}".format),
    st.datetimes().map("{:%d-%m-%Y %H:%M}".format),
    st.times().map("{:%H:%M}".format),
    st.times().map("{:%H.%M}".format),
    st.from_regex(r"[\d]{9,16}", fullmatch=True).filter(str.isascii),
)
signs = st.sampled_from([" + ", "+", " - ", "-", " x ", "*", " / ", "/", " = ", "=", ", ", " ", "; ", " : "])


@given(st.lists(st.tuples(numbers, signs), min_size=1, max_size=6), st.booleans())
def test_numbers_alone_are_an_answer_while_one_is_awaited(parts: list[tuple[str, str]], closed: bool) -> None:
    text = "".join(number + sign for number, sign in parts)
    text = text if closed else text.rstrip(" +-x*/=,;:")
    assert hidden(text, numbers=True) == text


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40), st.sampled_from([" ", ", ", ",", "\n", " and ", "; ", "-", ". "]))
def test_lists_of_scores_are_no_numbers_of_anybody(scores: list[int], between: str) -> None:
    text = between.join(map(str, scores))
    assert hidden(text) == text
    assert hidden(f"our scores were {text} last week") == f"our scores were {text} last week"


@given(
    st.one_of(st.floats(0, 1).map("{:.10f}".format), st.dates().map("{:%d-%m-%Y}".format), st.datetimes().map("{:%d-%m-%Y %H:%M}".format))
)
def test_decimals_and_dates_are_no_telephone_numbers_anywhere(text: str) -> None:
    assert hidden(f"I make it {text} then") == f"I make it {text} then"


@pytest.mark.parametrize(("kind", "text", "is_caught"), FORMS)
def test_the_forms_of_the_corpus(kind: str, text: str, is_caught: bool) -> None:
    """What is not caught is known, and told in the documentation: a pattern that learns it is to be put into the corpus."""
    assert ([one.kind for one in personal(text)] == [kind]) is is_caught


def test_the_figures_in_the_documentation_are_those_of_the_corpus() -> None:
    told = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    for kind, title in KINDS.items():
        assert f"| {title} | {caught(kind)[0]} of {caught(kind)[1]} |" in told


def test_a_mask_takes_out_exactly_what_was_typed() -> None:
    mask = Mask.of(f"ring {NUMBER} or mail {SECRET}")
    assert mask.said(f"ring {NUMBER} or mail {SECRET}") == "ring [phone] or mail [email]"
    assert mask.text("Samaritans: call 116 123. You wrote JO.BLOGGS@gmail.com.") == "Samaritans: call 116 123. You wrote [email]."
    assert mask.text("You wrote 07911\n123456") == "You wrote [phone]"
    assert mask.text("cut off: jo.blogg…") == "cut off: [email]…"
    assert mask.text("0161 496 0000 is ours") == "0161 496 0000 is ours"
    assert mask.value({"a": ["x " + SECRET, 3, None], "b": {"c": SECRET}}) == {"a": ["x [email]", 3, None], "b": {"c": "[email]"}}


@given(st.text(max_size=60), st.sampled_from([text for _, text, is_caught in FORMS if is_caught]), st.text(max_size=60))
def test_what_was_masked_is_nowhere_in_what_is_kept(before: str, piece: str, after: str) -> None:
    text = f"{before} {piece} {after}"
    mask = Mask.of(text)
    kept = mask.value({"text": mask.said(text), "echo": [f"You said: {text}", text[:300]]})
    for typed, _ in mask.pieces:
        assert typed not in json.dumps(kept, ensure_ascii=False)
    assert mask.said(mask.said(text)) == mask.said(text)


def all_that_is_left(talk: Talk) -> str:
    """Replies, state and records of the last turn."""
    assert talk.turn
    return repr((talk.turn.replies, talk.turn.state, talk.turn.records))


def test_a_question_is_answered_and_the_address_in_it_forgotten(talk: Talk) -> None:
    said = talk.say(f"how do I calculate the net promoter score? mail me at {SECRET}")
    assert "NPS" in said or "promoter" in said.lower()
    assert SECRET not in all_that_is_left(talk)
    assert talk.turn and talk.turn.state.answer.question.endswith("[email]")


def item_of(tutor: Tutor, kind: type) -> str:
    return next(item.id for item in tutor.quiz.bank.items.values() if isinstance(item, kind))


def test_an_answer_in_own_words_is_marked_as_typed_and_kept_without_the_address(tutor: Tutor, talk: Talk) -> None:
    item = next(item for item in tutor.quiz.bank.items.values() if isinstance(item, Short))
    talk.ask_only(item.id)
    talk.say(f"{item.model} Write to {SECRET}, {NUMBER}, LS6 2AB.")
    assert "quiz_right" in talk.kinds
    (attempt,) = talk.turn.records  # type: ignore[union-attr]
    assert attempt.said.endswith("Write to [email], [phone], [postcode].")
    assert SECRET not in all_that_is_left(talk)


def test_a_number_is_an_answer_to_a_sum_and_an_address_is_not(tutor: Tutor, talk: Talk) -> None:
    talk.ask_only(item_of(tutor, Numeric))
    talk.say("07911123456")
    assert talk.turn and talk.turn.mask.pieces == ()
    talk.ask_only(item_of(tutor, Numeric))
    talk.say("my number is 07911 123456")
    assert talk.turn and [kind for _, kind in talk.turn.mask.pieces] == ["phone"]


def test_an_appeal_keeps_no_address(tutor: Tutor, talk: Talk) -> None:
    talk.ask_only(item_of(tutor, Short))
    talk.say("no idea at all about that one to be honest")
    talk.say(f"i think i was right, ask {SECRET}")
    assert SECRET not in all_that_is_left(talk)


SCENARIO, POSTCODE, MOBILE = "late-birthday-parcel", "LS6 2AB", "07911 222333"


@pytest.fixture
def with_invented(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario on whose screen stands what looks like somebody's data."""
    scenario = tutor.practising.practice.scenarios[SCENARIO]
    screen = (*scenario.brief.screen, f"Deliver to 4 Mill Lane, {POSTCODE}. Mobile: {MOBILE}")
    changed = scenario.copy(update={"brief": scenario.brief.copy(update={"screen": screen})})
    monkeypatch.setitem(tutor.practising.practice.scenarios, SCENARIO, changed)  # type: ignore[arg-type]


@pytest.mark.usefixtures("with_invented")
def test_a_customers_invented_data_are_kept_and_a_real_address_is_not(tutor: Tutor, talk: Talk) -> None:
    talk.say(f"practice:start.{SCENARIO}")
    talk.say(f"I am so sorry about that. Is it {POSTCODE.lower()}, and 07911222333? Mine is {SECRET}.")
    said = next(record for record in talk.turn.records if hasattr(record, "moves"))  # type: ignore[union-attr]
    assert "ls6 2ab, and 07911222333" in said.said
    assert "[email]" in said.said and SECRET not in all_that_is_left(talk)
    assert talk.turn and talk.turn.mask.said(f"Is it {POSTCODE}?") == f"Is it {POSTCODE}?"
    for move in said.moves:
        assert 0 <= move.start <= move.end <= len(said.said)
    assert tutor.practising.debriefer.debrief(played_by(talk)).personal == ("email",), "and not the kind of what was invented"


def played_by(talk: Talk) -> Played:
    assert talk.turn and talk.turn.state.practice
    found = Practices(talk.engine).played(talk.sender, talk.turn.state.practice.id)
    assert found
    return found[1]


@pytest.mark.usefixtures("with_invented")
def test_a_debrief_is_the_same_before_and_after_a_restart(tutor: Tutor, talk: Talk) -> None:
    talk.say(f"practice:start.{SCENARIO}")
    talk.say(f"I'm sorry to hear that, I understand how annoying it is. My own mail is {SECRET} and {NUMBER}. Is it {POSTCODE}?")
    talk.say("What happened exactly, and when did it start?")
    talk.say("I could not care less about it, ring 07911 654321.")
    talk.say("feedback")
    told = [reply.text for reply in talk.turn.replies]  # type: ignore[union-attr]
    debriefer = tutor.practising.debriefer
    again = [reply.text for reply in Teller(debriefer.words).spoken(debriefer.debrief(played_by(talk)))]
    assert again == told[-len(again) :]
    assert SECRET not in "".join(told) and NUMBER not in "".join(told)


def test_the_scenarios_bring_only_data_that_are_known_as_invented(tutor: Tutor) -> None:
    for scenario in tutor.practising.practice.scenarios.values():
        brought = invented(scenario)
        for line in (*scenario.opening, *scenario.lines(), *(model.say for model in scenario.model), *scenario.brief.screen):
            assert personal(line, brought) == (), (scenario.id, line)
