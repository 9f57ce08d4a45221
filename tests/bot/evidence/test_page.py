"""The evidence page: all that a tutor needs to sign, nothing that a learner typed becomes anything but text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evidence import page
from bot.settings import ROOT
from tests.bot.debrief.played import scenarios, script
from tests.bot.evidence.pages import BLAZER, GYM, VERSIONS, Reader, defensive, gathered, made, model, typed
from tests.bot.paperwork.filed import LOG, REFLECTIONS

TEMPLATE = (ROOT / "bot" / "evidence" / "page.html").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", TEMPLATE))
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> \" ' & {{ 7 * 7 }} {% raw %} </td></table></style>"


def test_it_says_what_a_tutor_needs():
    run = model()
    shown = Reader(made(run)).text
    assert "formative and not an awarding-body decision" in shown
    for line in run.played.lines:
        assert " ".join(line.text.split()) in shown
    for text in (
        *LOG[1:],
        *REFLECTIONS,
        VERSIONS.content,
        VERSIONS.assessor,
        VERSIONS.program,
        "1 December 2026",
        "14:05 UTC",
        "14:14 UTC",
    ):
        assert text in shown
    for words in ("Tutor sign-off", "Learner’s name", "Tutor (name, signature, date)", "BIIAB", "Made by Aftercare on 2 December 2026"):
        assert words in shown


def test_the_learners_name_is_left_to_be_filled_in():
    assert "Learner’s name To be filled in by hand" in Reader(made(model())).text


def test_every_mark_stands_with_the_words_that_earned_it():
    run = model()
    shown = Reader(made(run)).text
    for line in run.played.agent:
        for move in line.moves:
            assert " ".join(line.text[move.start : move.end].split())[:60] in shown


def test_every_criticism_is_there():
    run = gathered(defensive()).runs[0]
    shown = Reader(made(defensive())).text
    assert run.debrief.criticisms
    assert all(" ".join(criticism.text.split()) in shown for criticism in run.debrief.criticisms)


def test_the_curve_is_told_in_words_too():
    run = gathered(model()).runs[0]
    reader = Reader(made(model()))
    (svg,) = reader.tags("svg")
    assert svg["role"] == "img" and svg["aria-labelledby"] == "mood-1"
    told = ", ".join(f"{point.label} {round(100 * point.value)}" for point in run.debrief.curve.points)
    assert told in reader.text


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
@pytest.mark.parametrize("name", [model, defensive])
def test_every_scenario_makes_a_well_formed_page(scenario, name):
    run = name(GYM)
    played = script(scenario, name.__name__, "aofaq")
    reader = Reader(made(replace(run, played=played)))
    assert reader.faults == []
    assert [tag for tag in reader.tags("th") if tag.get("scope") not in ("row", "col")] == []
    ids = [attributes["id"] for _, attributes in reader.elements if attributes.get("id")]
    assert len(set(ids)) == len(ids)


def test_several_practices_stand_on_one_page_in_the_order_of_their_times():
    html = made(defensive(), model(BLAZER))
    assert html.index("Practice 1: A school blazer") < html.index("Practice 2: A gym membership")
    assert Reader(html).faults == []


def test_it_needs_nothing_else_and_runs_nothing():
    reader = Reader(made(model(), defensive()))
    assert not {"script", "link", "img", "iframe", "object", "form", "input"} & {tag for tag, _ in reader.elements}
    assert not re.search(r"https?://|url\(|@import", made(model()))
    assert not [name for _, attributes in reader.elements for name in attributes if name.startswith("on")]
    assert reader.tags("html")[0]["lang"] == "en-GB"


def test_whatever_is_typed_stays_text():
    html = made(typed(HOSTILE, HOSTILE), reference=HOSTILE)
    reader = Reader(html)
    assert reader.faults == []
    assert not {"script", "img"} & {tag for tag, _ in reader.elements}
    assert reader.text.count("alert(1)") >= 6
    assert "{{ 7 * 7 }}" in reader.text


def test_characters_that_would_spoil_the_page_are_replaced():
    html = made(typed("hello \u202e olleh \ud800 \x00 there", "\u2066"))
    html.encode("utf-8")
    assert not set("\u202e\u2066\ud800\x00") & set(html)


@settings(max_examples=40)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=30))
def test_no_text_breaks_it(text, note, reference):
    html = made(typed(text, note), reference=reference)
    html.encode("utf-8")
    assert Reader(html).faults == []


def test_a_strange_form_from_an_older_version_is_still_shown():
    run = model()
    old = replace(run, notes=tuple(replace(note, values={"unknown": 1}) for note in run.notes))
    assert Reader(page(gathered(old))).faults == []


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("ink", "paper", 7), ("ink", "tint", 7), ("soft", "paper", 4.5), ("soft", "tint", 4.5), ("brand", "paper", 4.5),
        ("bad", "paper", 4.5), ("bad", "tint", 4.5), ("brand", "tint", 3),
    ],
)  # fmt: skip
def test_colours_keep_their_distance(text, ground, least):
    lights = sorted((luminance(COLOURS[text]), luminance(COLOURS[ground])))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least


def luminance(colour: str) -> float:
    """Of "#rrggbb", by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
