"""Domain, data, actions and words agree with one another."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.asking import TALK
from bot.content.files import read
from bot.content.quiz_file import QuizFile
from bot.practising.words import PractisingFile
from bot.progress.progress import ProgressFile
from bot.reply import ReplyFile
from bot.settings import ROOT


def load_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


KINDS = ("single", "multiple", "true-false", "ordering", "matching", "numeric", "short")
NEEDS = ("heard", "apology", "reason", "remedy", "check")
DOMAIN = load_yaml(ROOT / "domain.yml")
NLU = [block for path in sorted((ROOT / "data" / "nlu").glob("*.yml")) for block in load_yaml(path)["nlu"]]
RULES = [rule for path in sorted((ROOT / "data" / "stories").glob("*.yml")) for rule in load_yaml(path)["rules"]]


def test_every_intent_has_examples_and_a_rule() -> None:
    intents = set(DOMAIN["intents"])
    assert intents == {block["intent"] for block in NLU}
    assert intents | {"nlu_fallback"} == {step["intent"] for rule in RULES for step in rule["steps"] if "intent" in step}


def test_no_example_stands_under_two_intents() -> None:
    examples = Counter(
        re.sub(r"\W+", " ", line[2:].lower()).strip() for block in NLU for line in block["examples"].splitlines() if line.startswith("- ")
    )
    assert [text for text, count in examples.items() if count > 1 and text] == []


def test_actions_of_the_domain_are_the_action_classes() -> None:
    from rasa_sdk import Action

    import actions.answer
    import actions.practice
    import actions.quiz
    import actions.support
    import actions.talk

    classes = {
        value().name()
        for module in (actions.answer, actions.practice, actions.quiz, actions.support, actions.talk)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Action) and value is not Action
    }
    assert classes == set(DOMAIN["actions"])
    assert classes == {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}


def test_every_reply_is_used_and_every_reply_used_exists() -> None:
    replies = {name.removesuffix("_again") for name in read(ROOT / "knowledge" / "replies.yml", ReplyFile).replies}
    code = "\n".join(path.read_text(encoding="utf-8") for folder in ("bot", "server") for path in (ROOT / folder).rglob("*.py"))
    safety = set(load_yaml(ROOT / "knowledge" / "safety.yml")["safety"])
    assert TALK - {"more"} <= replies
    assert safety <= replies
    assert [name for name in replies if name not in TALK | safety and not re.search(rf"['\"]{name}['\"]", code)] == []


@pytest.mark.parametrize(
    ("name", "model", "folder"),
    [("quiz", QuizFile, "quiz"), ("progress", ProgressFile, "progress"), ("practising", PractisingFile, "practising")],
)
def test_every_reply_of_a_skill_is_used(name: str, model: type, folder: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / folder).rglob("*.py"))
    made = {"hint_1", "hint_2", "wrong_plain", "partly_plain", *(f"how_{kind}" for kind in KINDS), *(f"hint_{need}" for need in NEEDS)}
    replies = read(ROOT / "knowledge" / f"{name}.yml", model).replies
    assert [reply for reply in replies if reply not in made and not re.search(rf"['\"]{reply}['\"]", code)] == []


@pytest.mark.parametrize("folder", ["topics", "phrasings", "sources"])
def test_content_files_are_named_in_one_style(folder: str) -> None:
    assert [path.name for path in (ROOT / "knowledge" / folder).glob("*.yml") if not re.fullmatch(r"[a-z0-9-]+\.yml", path.name)] == []


def test_every_rule_is_one_intent_and_one_action() -> None:
    """`server/turn_processor.py` asks the policies once for each intent."""
    assert [rule["rule"] for rule in RULES if [list(step) for step in rule["steps"]] != [["intent"], ["action"]]] == []
