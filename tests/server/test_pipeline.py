"""config.yml's pipeline inside real Rasa: our intents, buttons, and intents that are not ours."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

FOREIGN = """version: "3.1"
nlu:
  - intent: book_flight
    examples: |
      - I want to fly to Rome
      - book me a flight to Paris
      - need a plane ticket to Oslo
      - flights to Madrid next week please
      - get me on a plane
      - can you reserve a seat to Berlin
  - intent: weather
    examples: |
      - will it rain tomorrow
      - what is the forecast
      - is it sunny in Leeds
      - how cold will it get tonight
      - do I need an umbrella
      - weather for the weekend
  - intent: play_music
    examples: |
      - play some jazz
      - put on my running list
      - turn the volume up
      - next song please
      - I want to hear the new album
      - play something quiet
"""


@pytest.fixture(scope="module")
def agent(model: Path) -> Any:
    from rasa.core.agent import Agent

    return Agent.load(str(model))


def intent(agent: Any, text: str) -> dict[str, Any]:
    return asyncio.run(agent.parse_message(text))["intent"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hiya", "greet"),
        ("thank u so much", "thank"),
        ("what can u do", "capabilities"),
        ("are you a robot", "bot_challenge"),
        ("show me Tom's quiz scores", "other_person"),
        ("how am i getting on", "progress"),
        ("quiz me on complaints", "quiz"),
        ("what does CSAT stand for?", "ask"),
        ("customer wants money back after 5 weeks what now", "ask"),
    ],
)
def test_our_intents_are_recognised(agent: Any, text: str, expected: str) -> None:
    assert intent(agent, text)["name"] == expected


@pytest.mark.parametrize("token", ["ask:later-model.what", "body:aofaq", "do:help"])
def test_a_button_is_a_button(agent: Any, token: str) -> None:
    assert intent(agent, token) == {"name": "press", "confidence": 1.0}


def test_foreign_intents_train_without_domain_and_knowledge(tmp_path: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    from bot.settings import ROOT

    data = tmp_path / "nlu.yml"
    data.write_text(FOREIGN)
    trained = train_nlu(config=str(ROOT / "config.yml"), nlu_data=str(data), output=str(tmp_path / "models"), fixed_model_name="foreign")
    agent = Agent.load(str(trained))
    assert intent(agent, "please book a flight to Lisbon")["name"] == "book_flight"
    assert intent(agent, "is it going to snow")["name"] == "weather"
    stray = intent(agent, "my tax return is late")
    assert stray["name"] == "nlu_fallback" or stray["confidence"] < 0.5
