"""What holds for every run, whatever is typed and however it is labelled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from bot.assess import LABELS, Move
from bot.content.scenarios import ENDINGS
from bot.debrief import LONGEST, Line, Played
from bot.debrief.telling import LONGEST_MORE
from tests.bot.debrief.played import debriefer, scenarios, teller

_PIECES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "I'm so sorry about that. ",
            "You can have a full refund. ",
            "Have you tried turning it off? ",
            "Dear Mrs Smith,\n\n",
            "That is not our fault!\n",
            "Call me on 07911 123456. ",
            "joe@somewhere.co.uk",
            "sorry thank you refund understand",
            "{name} {0} “quoted” ",
            "Mr. Tapp, it is at the Penlow depot… ",
            "w" * 150,
        ]
    ),
)
_TEXTS = st.lists(_PIECES, max_size=6).map("".join)


@st.composite
def _lines(draw, turn):
    text = draw(_TEXTS)
    moves = draw(st.lists(st.sampled_from(LABELS), max_size=4, unique=True))
    places = st.integers(-2, len(text) + 2)
    made = tuple(Move(name, draw(places), draw(places), draw(st.floats(0, 1))) for name in moves)
    anger, after = draw(st.integers(0, 100)), draw(st.integers(0, 100))
    return (
        Line(turn, "agent", text, made, anger, 40, "upset"),
        Line(
            turn, "customer", draw(st.sampled_from(["Well.", "How long would the money take?", "And who are you?"])), (), after, 40, "calm"
        ),
    )


@st.composite
def runs(draw):
    scenario = draw(st.sampled_from(scenarios()))
    count = draw(st.integers(1, 1 if scenario.writing else 6))
    lines = [Line(0, "customer", scenario.opening[0], (), 60, 40, "angry")]
    for turn in range(1, count + 1):
        lines += draw(_lines(turn))
    ending = draw(st.sampled_from([None, *ENDINGS]))
    return Played(scenario.id, draw(st.integers(1, 3)), draw(st.sampled_from(["biiab", "aofaq", "other", None])), tuple(lines), ending)


@given(runs())
@example_settings(max_examples=40)
def test_every_run(played):
    told = debriefer().debrief(played)
    said = {line.turn: line.text for line in played.agent}
    quotes = [strength.quote for strength in told.strengths] + [step.quote for step in told.model.steps]
    for quote in [*quotes, *(criticism.quote for criticism in told.criticisms)]:
        assert quote is None or (quote.text and quote.text in said[quote.turn])
    for criticism in told.criticisms:
        assert criticism.better and criticism.better in criticism.text
        if criticism.quote is None:
            assert "absent" in criticism.text
        else:
            assert f"“{criticism.quote.shown}”" in criticism.text
            assert criticism.turn == criticism.quote.turn
            assert criticism.better not in said[criticism.turn]
    assert told.strengths
    assert len(told.curve.points) == len({line.turn for line in played.lines})
    assert all(0 <= point.value <= 1 for point in told.curve.points)
    assert debriefer().debrief(played) == told


@given(runs())
@example_settings(max_examples=40)
def test_every_telling(played):
    told = debriefer().debrief(played)
    say = debriefer().words.say
    replies, more = teller().spoken(told), teller().more(told)
    text = replies[0].text
    assert len(replies) == 1 and len(text) <= LONGEST
    assert sum(len(reply.text) for reply in more) <= LONGEST_MORE
    assert text.index(say["strengths"]) < text.index(say["criticisms"] if told.criticisms else say["nothing"])
    assert told.advice.text in text, "nothing was cut off"
    assert any(criticism.text in text for criticism in told.criticisms) or not told.criticisms
    assert len(teller().compared(told, told).text) <= LONGEST
    assert replies[0].picture == told.curve
