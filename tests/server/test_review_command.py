"""Applying writes files and marks what was written, in one step, once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.content import load
from bot.errors import ImprovingError
from bot.improving import INTENT, PHRASING, Change, Reviewed, applying
from bot.records import migrate, open_engine
from bot.records.desk_tables import audit
from bot.records.improvements import add_change, waiting
from bot.settings import ROOT, Settings
from server.review_command import apply_waiting, planned

KETTLE = "cra-right-to-reject.what"
BYE = Change(0, INTENT, "im done for today cya", "goodbye", "ask", "Tom", 10.0, "talk-1", 1)
ASKED = Change(0, PHRASING, "kettle packed in after a fortnight can i get me cash back", KETTLE, "declined", "Lena", 20.0, "talk-2", 2)
WRONG = Change(0, INTENT, "hello", "thank", "greet", "Tom", 30.0, "talk-1", 3)


@pytest.fixture
def checkout(tmp_path: Path, settings: Settings) -> Settings:
    """A copy of what applying reads and writes."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge")
    shutil.copytree(ROOT / "data" / "nlu", tmp_path / "data" / "nlu")
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return replace(settings, root=tmp_path, var=tmp_path / "var", database_url=f"sqlite:///{tmp_path / 'a.db'}")


@pytest.fixture
def engine(checkout: Settings) -> Engine:
    """With two changes that can be applied and one that cannot."""
    opened = open_engine(checkout.database_url)
    migrate(opened)
    with opened.begin() as connection:
        for change in (BYE, ASKED, WRONG):
            add_change(connection, change)
    return opened


def left(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [change.text for change in waiting(connection)]


def test_applying_writes_teaches_tests_and_marks(checkout: Settings, engine: Engine) -> None:
    made = apply_waiting(checkout, engine, 100.0, lambda _: True)
    assert made and len(made.accepted) == 2
    assert left(engine) == ["hello"], "what was refused waits to be withdrawn"
    reviewed = Reviewed.read(checkout.root)
    assert BYE.text in reviewed.examples["goodbye"]
    assert BYE.text in reviewed.intents["goodbye"]
    assert ASKED.text in reviewed.answers[KETTLE]
    assert ASKED.text in load(checkout.knowledge).phrasings[KETTLE]
    with engine.connect() as connection:
        notes = connection.execute(sa.select(audit.c.what, audit.c.subject, audit.c.detail).order_by(audit.c.subject)).all()
    assert [tuple(note) for note in notes] == [
        ("applied an improvement", "talk-1", "intent goodbye"),
        ("applied an improvement", "talk-2", f"phrasing {KETTLE}"),
    ]
    again = apply_waiting(checkout, engine, 200.0, lambda _: pytest.fail("there is nothing to agree to"))
    assert again and again.files == {}
    assert again.accepted == ()


def test_nothing_happens_unless_it_is_agreed_to(checkout: Settings, engine: Engine) -> None:
    assert apply_waiting(checkout, engine, 100.0, lambda _: False) is None
    assert len(left(engine)) == 3
    assert planned(checkout, engine).files


def test_applying_again_after_a_stop_before_marking_only_marks(checkout: Settings, engine: Engine) -> None:
    apply_waiting(checkout, engine, 100.0, lambda _: True)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE improvements SET applied_at = NULL"))
    made = apply_waiting(checkout, engine, 200.0, lambda _: pytest.fail("the files hold it already"))
    assert made and made.files == {}
    assert left(engine) == ["hello"]


def test_two_do_not_apply_at_once(checkout: Settings, engine: Engine) -> None:
    with applying(checkout.var), pytest.raises(ImprovingError):
        apply_waiting(checkout, engine, 100.0, lambda _: True)
    assert len(left(engine)) == 3
