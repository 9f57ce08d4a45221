"""Real-looking personal data is noticed, explained, and never repeated."""

from __future__ import annotations

import pytest

from bot.privacy import hidden, personal, plain
from tests.bot.debrief.played import criticised, debrief, first, teller

MONITOR, PARCEL = "faulty-baby-monitor", "late-birthday-parcel"
REAL = [
    ("email", "joe.bloggs@gmail.com"),
    ("email", "Jo+shop@mail.someplace.co.uk"),
    ("phone", "07911 123456"),
    ("phone", "+44 7911 123456"),
    ("phone", "(0113) 278 5544"),
    ("phone", "020 7123 4567"),
    ("card", "4556 7375 8689 9855"),
    ("card", "4556737586899855"),
    ("postcode", "LS6 2AB"),
    ("postcode", "sw1a 2aa"),
    ("insurance", "QQ 12 34 56 C".replace("QQ", "AB")),
]


@pytest.mark.parametrize(("kind", "data"), REAL)
def test_it_is_found_and_hidden(kind, data):
    text = f"You can reach me, it is {data}, at any time."
    assert [one.kind for one in personal(text)] == [kind]
    assert data not in hidden(text)
    assert [one.kind for one in personal(hidden(text))] == [kind], "what was hidden is still known to have been there"


@pytest.mark.parametrize(
    "text",
    [
        "Your order SK-70318 came to £136.95 on 12 November 2026.",
        "Ring us on 0800 123 4567 or 0345 600 0000.",
        "My number is 07700 900123 and the mail is sam@example.com.",
        "It is between six and nine, at 10 to 5, on the M25 3rd junction.",
        "Reference 1234 5678 9012 3456.",
        "Serial number 0042, model 24B, 3 of 10.",
        "Call 999 or 116 123.",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert personal(text) == ()
    assert hidden(text) == text


def test_what_the_scenario_brings_is_invented():
    assert personal("Order LS6 2AB", plain("Customer's address: LS6 2AB")) == ()


@pytest.mark.parametrize(("kind", "data"), REAL)
def test_the_debrief_says_why_and_does_not_repeat_it(kind, data):
    told = debrief(
        MONITOR,
        (f"It's only a monitor, write to me at {data} if you must, I could not care less.", ["dismissive", "rude"]),
        (f"{data}", []),
    )
    everything = first(told) + "".join(reply.text for reply in teller().more(told))
    assert told.personal == (kind,)
    assert told.personal_note in everything and "turns 1 and 2" in told.personal_note
    assert data not in everything
    assert plain(data) not in plain(everything)
    assert criticised(told, "rude").quote.text


def test_nothing_is_said_where_nothing_was_typed():
    told = debrief(PARCEL, ("Could I take your full name and the order number? Is it SK-70318?", ["verify"]))
    assert told.personal == () and told.personal_note == ""
