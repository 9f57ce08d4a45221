"""No text, no order of words and no old slot breaks the paperwork."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.paperwork import Session
from bot.reply import is_token
from tests.bot.paperwork.filed import BLAZER, GYM, LOG, TODAY, begun, paperwork, scenarios

SAID = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [*LOG, "skip", "back", "stop", "put it right", "don't know", "next Friday", "yesterday", "{name}", "%s", "<b>", "\x00"]
    ),
    st.from_regex(r"practice:form\.[a-z_]{1,9}\.[a-z0-9]{1,5}", fullmatch=True),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([GYM, BLAZER]), st.lists(SAID, max_size=20))
def test_every_talk_goes_on_or_ends(scenario, said):
    step = begun(scenario)
    for text in said:
        if step.session is None:
            break
        written = json.dumps(step.session.to_dict())
        assert len(written) < 1500
        assert Session.from_dict(json.loads(written)) == step.session
        step = paperwork().take(step.session, text, scenarios()[scenario], TODAY)
        assert all(is_token(button.token) for reply in step.replies for button in reply.buttons)
        assert all(reply.text for reply in step.replies)
        json.dumps([note.values for note in step.notes])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("scenario", "stage", "ending", "form", "answers", "todo", "done", "due", "mending")


@given(JSON | st.dictionaries(st.sampled_from(KEYS), JSON, max_size=9))
def test_any_slot_is_read(values):
    session = Session.from_dict(values)
    if session is not None:
        assert Session.from_dict(session.to_dict()) == session
        paperwork().take(session, "hello", scenarios()[GYM], TODAY)
