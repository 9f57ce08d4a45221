"""The gate takes a model that loses nothing and leaves the one in use where anything gets worse."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.answer import Answerer
from bot.answer.evidence import Evidence
from bot.answer.index import build
from bot.answer.lexicon import load_lexicon
from bot.answer.ranking import Ranker, Weights
from bot.answer.vectors import VectorStore
from bot.asking import Asking
from bot.encoder import Encoder
from bot.errors import ContentError
from bot.gate import Cases, Figure, compare, measure, read_accepted, write_accepted
from bot.gate.accepted import ACCEPTED
from bot.outside import outside_messages
from bot.settings import ROOT, Settings
from bot.tutor import Tutor
from server.gate import decide
from server.model import kept_instead, refuse, take, train, up_to_date_model

FINE = (Figure("questions", ("q-1",), 100), Figure("outside", (), 50))
WORSE = (Figure("questions", ("q-1", "q-2"), 100), Figure("outside", (), 50))
BETTER = (Figure("questions", (), 100), Figure("outside", (), 50))


def always_ask(_: str) -> tuple[str, float]:
    return "ask", 1.0


def without_phrasings(asking: Asking, settings: Settings, folder: Path) -> Asking:
    """The same tutor on an index, kept in the folder, that lost every way of asking that stands beside the topics."""
    shutil.copytree(settings.var / "index", folder)
    library, lexicon, encoder = replace(asking.library, phrasings={}), load_lexicon(settings.knowledge), Encoder.load()
    index = build(library, lexicon, outside_messages(settings.root), VectorStore(encoder, folder))
    evidence = Evidence(index, lexicon, encoder)
    return replace(asking, library=library, answerer=Answerer(index, evidence, Ranker(evidence, Weights.load(), encoder)))


def test_an_index_that_lost_phrasings_is_refused(tutor: Tutor, settings: Settings, tmp_path: Path) -> None:
    cases = Cases(Cases.read(settings.root).questions[::4], answers=[("what is that LATER model about", "later-model.what")])
    before = measure(tutor.asking, always_ask, cases)
    assert {figure.name: figure.failed for figure in before}["reviewed_answers"] == ()
    assert not compare(before, measure(tutor.asking, always_ask, cases)).refused, "the same is measured the same"
    verdict = compare(before, measure(without_phrasings(tutor.asking, settings, tmp_path / "index"), always_ask, cases))
    assert verdict.refused
    assert [row.name for row in verdict.rows if row.state == "worse"] == ["questions"]
    assert verdict.rows[0].newly_failed, "the cases that were lost are named"


def test_a_misread_message_and_a_wrong_answer_count(tutor: Tutor) -> None:
    cases = Cases(intents=[("who won", "out_of_scope"), ("what is LATER", "ask")], answers=[("what is LATER", "sla.what")])
    figures = {figure.name: figure for figure in measure(tutor.asking, always_ask, cases)}
    assert figures["reviewed_intents"] == Figure("reviewed_intents", ("who won",), 2)
    assert figures["reviewed_answers"] == Figure("reviewed_answers", ("what is LATER",), 1)
    assert "questions" not in figures, "what there are no cases of is no figure"


@pytest.mark.parametrize(
    ("accepted", "now", "states"),
    [
        (FINE, FINE, ["same", "same"]),
        (FINE, WORSE, ["worse", "same"]),
        (FINE, BETTER, ["better", "same"]),
        ((), FINE, ["new", "new"]),
        (FINE, FINE[:1], ["same", "worse"]),
        ((Figure("a", ("x",), 10),), (Figure("a", ("y",), 10),), ["same"]),
        ((Figure("a", ("x",), 10),), (Figure("a", ("x", "y"), 30),), ["better"]),
        ((Figure("a", (), 2),), (Figure("a", ("new case",), 3),), ["worse"]),
    ],
)
def test_figures_are_held_against_each_other_by_their_share(accepted: tuple[Figure], now: tuple[Figure], states: list[str]) -> None:
    assert [row.state for row in compare(accepted, now).rows] == states


@pytest.fixture
def checkout(tmp_path: Path, settings: Settings) -> Settings:
    """A checkout of its own: data that may change, and a model in use that was trained on other data."""
    for name in ("bot", "server", "config.yml", "knowledge"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("data", "models", "tests/benchmarks"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "domain.yml").write_text("intents: []")
    (tmp_path / "models" / "aftercare-old.tar.gz").write_text("old")
    return replace(settings, root=tmp_path, var=tmp_path / "var")


@pytest.fixture
def trained(checkout: Settings) -> Path:
    path = checkout.models / "candidate" / up_to_date_model(checkout).name
    path.parent.mkdir()
    path.write_text("new")
    return path


@pytest.fixture
def decided(checkout: Settings, trained: Path) -> Callable[..., tuple[bool, str]]:
    def decided(figures: tuple[Figure, ...], accept: bool = False) -> tuple[bool, str]:
        shown = StringIO()
        return decide(checkout, trained, figures, Console(file=shown, width=120), accept), shown.getvalue()

    return decided


def models(checkout: Settings) -> dict[str, str]:
    return {path.name: path.read_text() for path in checkout.models.glob("*.tar.gz")}


def test_a_worse_model_leaves_the_old_one_in_use(checkout: Settings, decided: Callable[..., tuple[bool, str]]) -> None:
    write_accepted(checkout.root / ACCEPTED, FINE)
    passed, shown = decided(WORSE)
    assert not passed
    assert "1 of 100 (1.0%)" in shown
    assert "2 of 100 (2.0%)" in shown
    assert "worse" in shown
    assert "q-2" in shown
    assert models(checkout) == {"aftercare-old.tar.gz": "old"}
    assert read_accepted(checkout.root / ACCEPTED) == FINE
    kept = kept_instead(checkout)
    assert kept and kept.name == "aftercare-old.tar.gz"
    assert train(checkout) == kept, "neither serving nor training takes it behind the gate's back"
    (checkout.root / "domain.yml").write_text("intents: [ask]")
    assert kept_instead(checkout) is None, "other data are trained again"


def test_a_model_that_loses_nothing_is_taken(checkout: Settings, decided: Callable[..., tuple[bool, str]]) -> None:
    write_accepted(checkout.root / ACCEPTED, FINE)
    assert decided(FINE)[0]
    assert models(checkout) == {up_to_date_model(checkout).name: "new"}


def test_better_figures_become_the_accepted_ones(checkout: Settings, decided: Callable[..., tuple[bool, str]]) -> None:
    write_accepted(checkout.root / ACCEPTED, FINE)
    assert decided(BETTER)[0]
    assert read_accepted(checkout.root / ACCEPTED) == BETTER


def test_worse_figures_are_taken_when_told(checkout: Settings, decided: Callable[..., tuple[bool, str]]) -> None:
    write_accepted(checkout.root / ACCEPTED, FINE)
    assert decided(WORSE, accept=True)[0]
    assert read_accepted(checkout.root / ACCEPTED) == WORSE
    assert models(checkout) == {up_to_date_model(checkout).name: "new"}


def test_a_refusal_is_forgotten_once_a_model_is_taken(checkout: Settings, trained: Path) -> None:
    refuse(checkout, trained)
    assert kept_instead(checkout)
    trained.write_text("trained by force")
    take(checkout, trained)
    assert kept_instead(checkout) is None
    assert models(checkout) == {up_to_date_model(checkout).name: "trained by force"}


def test_the_committed_figures_are_of_all_cases() -> None:
    accepted = {figure.name: figure for figure in read_accepted(ROOT / ACCEPTED)}
    cases = Cases.read(ROOT)
    assert accepted["questions"].of == len(cases.questions)
    assert accepted["outside"].of == len(cases.outside)
    assert len(accepted["wrongly_declined"].failed) <= 2


def test_a_broken_file_of_figures_is_said(tmp_path: Path) -> None:
    (tmp_path / "gate.json").write_text(json.dumps({"questions": 3}))
    with pytest.raises(ContentError, match="--accept"):
        read_accepted(tmp_path / "gate.json")
