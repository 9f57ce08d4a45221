"""The value in the slot survives storage, and rubbish in its place does no harm."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.practice import Heard, State
from bot.practice.state import mark
from tests.bot.practice.opened import practice

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
names = st.sampled_from(sorted(vars(State())))


@given(anything | st.dictionaries(names, anything))
def test_no_value_breaks_it(value: object) -> None:
    state = State.from_dict(value)
    assert 0 <= state.anger <= 100
    assert State.from_dict(state.to_dict()) == state


@given(st.dictionaries(names, anything), st.sampled_from(sorted(practice().scenarios)))
def test_a_conversation_goes_on_from_a_damaged_state(values: dict[str, object], scenario: str) -> None:
    state = State.from_dict({**values, "scenario": scenario})
    after, reply = practice().hear(state, Heard(("apologise",)))
    assert reply.text or after.ended


def test_a_new_state_takes_no_room() -> None:
    assert State().to_dict() == {}
    assert len(json.dumps(State(scenario="x" * 60, used="abcdef" * 90).to_dict())) < 900


def test_lines_of_the_content_have_marks_of_their_own() -> None:
    for scenario in practice().scenarios.values():
        lines = {*scenario.opening, *scenario.lines(), *practice().tables.lines.all()}
        assert len({mark(line) for line in lines}) == len(lines)
