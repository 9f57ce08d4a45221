"""Changes become files that train and test, once, in one order, and never against what is taught or held out."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.content import Library
from bot.content.files import read
from bot.content.schema import PhrasingFile
from bot.errors import ContentError, ImprovingError
from bot.improving import (
    INTENT,
    PHRASING,
    Change,
    Ground,
    Plan,
    Reviewed,
    applying,
    change_file,
    plain,
    plan,
    teachable,
    write,
)
from bot.improving.reviewed import EXAMPLES, PHRASINGS, TESTS
from bot.outside import outside_messages
from bot.settings import Settings

GROUND = Ground(
    intents=("ask", "thank", "out_of_scope"),
    answers=frozenset({"later-model.what", "sla.what"}),
    examples={"cheers": {"thank"}, "what is later": {"ask"}},
    phrasings={"what is later": {"later-model.what"}},
    held_out=frozenset({"what does the benchmark ask"}),
)
AWKWARD = (
    'she said "no"',
    "- a dash first",
    "# a hash",
    "it's: yes",
    "C:\\temp \\n",
    "what's [this](thing)?",
    "naïve £5 émoji 🎉",
    "{a: b}",
)


def change(text: str, target: str, number: int = 1, kind: str = INTENT, by: str = "Tom") -> Change:
    return Change(number, kind, text, target, "out_of_scope", by, 1_796_000_000.0 + number, "talk-1", number)


def asked(text: str, target: str, number: int = 1, by: str = "Tom") -> Change:
    return change(text, target, number, PHRASING, by)


def applied(*changes: Change, root: Path) -> Plan:
    made = plan(changes, GROUND, Reviewed.read(root))
    write(made, root)
    return made


def test_a_change_becomes_an_example_and_a_test_in_one_step(tmp_path: Path) -> None:
    made = applied(change("ta very much", "thank"), asked("what is that later thing", "later-model.what", 2), root=tmp_path)
    assert made.refused == ()
    assert yaml.safe_load((tmp_path / EXAMPLES).read_text())["nlu"] == [{"intent": "thank", "examples": "- ta very much\n"}]
    assert read(tmp_path / PHRASINGS, PhrasingFile).phrasings == {"later-model.what": ("what is that later thing",)}
    tests = yaml.safe_load((tmp_path / TESTS).read_text())
    assert tests == {"intents": {"thank": ["ta very much"]}, "answers": {"later-model.what": ["what is that later thing"]}}


def test_applying_again_changes_nothing_and_finishes_what_was_left(tmp_path: Path) -> None:
    first = applied(change("ta very much", "thank"), root=tmp_path)
    assert set(first.files) == {EXAMPLES, TESTS}
    assert applied(change("Ta, very much!", "thank", 2), root=tmp_path).files == {}
    (tmp_path / TESTS).unlink()  # as if it had stopped between the two files
    assert set(applied(change("ta very much", "thank"), root=tmp_path).files) == {TESTS}


def test_what_another_file_teaches_already_is_only_tested(tmp_path: Path) -> None:
    made = applied(change("Cheers", "thank"), asked("What is LATER?", "later-model.what", 2), root=tmp_path)
    assert set(made.files) == {TESTS}
    assert len(made.accepted) == 2


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([change("what does the benchmark ask", "ask")], "benchmark"),
        ([asked("What does the BENCHMARK ask?", "sla.what")], "benchmark"),
        ([change("cheers", "ask")], "example of thank already"),
        ([asked("cheers", "sla.what")], "example of thank already"),
        ([asked("what is later", "sla.what")], "ask for later-model.what already"),
        ([change("what is later", "out_of_scope")], "example of ask already"),
        ([change("hm", "no_such_intent")], "no intent"),
        ([asked("hm", "no.answer")], "no answer"),
        ([change("…?", "ask")], "no words"),
        ([change("bye", "thank"), change("Bye!", "ask", 2, by="Lena")], "gave the same words"),
        ([asked("why", "sla.what"), asked("why?", "later-model.what", 2, by="Lena")], "gave the same words"),
        ([change("why", "out_of_scope"), asked("why?", "later-model.what", 2, by="Lena")], "said that the same words mean"),
    ],
)
def test_a_change_against_what_is_taught_or_held_out_is_refused(changes: list[Change], why: str) -> None:
    made = plan(changes, GROUND, Reviewed())
    assert made.accepted == ()
    assert made.files == {}
    assert len(made.refused) == len(changes)
    assert all(why in one.why for one in made.refused)


def test_one_refused_change_does_not_hold_up_the_others() -> None:
    made = plan([change("cheers", "ask"), change("ta", "thank", 2)], GROUND, Reviewed())
    assert [one.text for one in made.accepted] == ["ta"]


def test_files_read_the_same_in_whatever_order_changes_come_in() -> None:
    changes = [change(f"words {n}", ("thank", "ask")[n % 2], n) for n in range(9)]
    changes += [asked(f"a question {n}", ("sla.what", "later-model.what")[n % 2], 20 + n) for n in range(9)]
    made = plan(changes, GROUND, Reviewed())
    shuffled = random.Random(1).sample(changes, len(changes))
    assert plan(shuffled, GROUND, Reviewed()).after.files() == made.after.files()
    assert change_file(plan(shuffled, GROUND, Reviewed())) == change_file(made)
    in_parts = plan(changes[9:], GROUND, plan(changes[:9], GROUND, Reviewed()).after)
    assert in_parts.after.files() == made.after.files()


def test_a_file_of_changes_says_what_becomes_of_each() -> None:
    made = plan([change("ta", "thank", 2), change('cheers "mate"', "no_such", 3)], GROUND, Reviewed())
    shown = yaml.safe_load(change_file(made))
    assert [(one["id"], one["text"], one["was"], one["target"], one["by"]) for one in shown["changes"]] == [
        (2, "ta", "out_of_scope", "thank", "Tom")
    ]
    assert shown["refused"][0]["why"] == "There is no intent no_such any more."


def test_awkward_words_reach_every_file_and_rasa_as_they_were_said(tmp_path: Path) -> None:
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

    texts = sorted(map(teachable, AWKWARD))
    applied(*(change(text, "thank", n) for n, text in enumerate(texts)), root=tmp_path)
    data = RasaYAMLReader().reads((tmp_path / EXAMPLES).read_text(encoding="utf-8"))
    assert sorted(example.get("text") for example in data.intent_examples) == texts
    assert data.entities == set()
    assert {plain(text) for text in Reviewed.read(tmp_path).intents["thank"]} == {plain(text) for text in texts}


@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_words_come_back_from_the_files(texts: list[str]) -> None:
    fit = [text for text in map(teachable, texts) if plain(text)]
    reviewed = Reviewed()
    for text in fit:
        reviewed = reviewed.with_example("thank", text, known=False).with_phrasing("sla.what", text, known=False)
    files = reviewed.files()
    examples = yaml.safe_load(files[EXAMPLES])["nlu"]
    lines = examples[0]["examples"].splitlines() if examples else []
    assert {plain(line[2:]) for line in lines} == set(map(plain, fit))
    assert {plain(text) for text in yaml.safe_load(files[PHRASINGS])["phrasings"].get("sla.what", [])} == set(map(plain, fit))


def test_empty_files_are_what_rasa_and_the_content_take(tmp_path: Path) -> None:
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

    for path, text in Reviewed().files().items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    assert RasaYAMLReader().reads((tmp_path / EXAMPLES).read_text()).intent_examples == []
    assert read(tmp_path / PHRASINGS, PhrasingFile).phrasings == {}
    assert Reviewed.read(tmp_path) == Reviewed()


def test_a_file_that_somebody_broke_is_named(tmp_path: Path) -> None:
    applied(change("ta", "thank"), root=tmp_path)
    (tmp_path / TESTS).write_text("intents: [oh")
    with pytest.raises(ContentError, match=r"reviewed\.yml"):
        Reviewed.read(tmp_path)


def test_only_one_process_applies_at_a_time(tmp_path: Path) -> None:
    with applying(tmp_path), pytest.raises(ImprovingError, match="at this moment"), applying(tmp_path):
        pass
    with applying(tmp_path):
        pass


def test_the_projects_own_ground_holds_all_that_is_taught(settings: Settings, library: Library) -> None:
    ground = Ground.read(settings.root, library)
    assert {"ask", "out_of_scope", "distress"} <= set(ground.intents)
    assert "press" not in ground.intents
    assert len(ground.held_out) > 450
    assert ground.examples["hiya"] == {"greet"}
    words = yaml.safe_load((settings.root / "knowledge" / "desk-intents.yml").read_text())["intents"]
    assert set(words) == set(ground.intents), "tutors choose from plain words for every intent"


def test_what_is_not_for_us_is_known_to_the_answers_too(tmp_path: Path) -> None:
    applied(change("can dogs eat grapes", "out_of_scope"), root=tmp_path)
    (tmp_path / EXAMPLES).with_name("out_of_scope.yml").write_text("nlu:\n- intent: out_of_scope\n  examples: |\n    - who won\n")
    assert outside_messages(tmp_path) == ["who won", "can dogs eat grapes"]
