"""The conversation scripts of this folder, run against the trained model as Rasa's own test command does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
STORIES = [story for path in sorted(HERE.glob("test_*.yml")) for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["story"])
def test_intents_of_the_story_are_recognised(model: Path, story: dict) -> None:  # type: ignore[type-arg]
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    for step in story["steps"]:
        if "user" in step:
            parsed = asyncio.run(agent.parse_message(step["user"].strip()))
            assert parsed["intent"]["name"] == step["intent"], step["user"]


def test_actions_of_the_stories_are_predicted(model: Path, tmp_path: Path) -> None:
    from rasa.core.agent import Agent
    from rasa.core.test import test as run_stories

    report = asyncio.run(run_stories(str(HERE), Agent.load(str(model)), out_directory=str(tmp_path), disable_plotting=True))
    assert report["report"]["conversation_accuracy"]["accuracy"] == 1.0
