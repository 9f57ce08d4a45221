"""A learner in conversation, for all skills."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.quiz import Bank
from bot.records import migrate, open_engine
from bot.tutor import Tutor
from tests.bot.talk import Talk


@pytest.fixture
def talk(tutor: Tutor, tmp_path: Path) -> Talk:
    engine = open_engine(f"sqlite:///{tmp_path / 'study.db'}")
    migrate(engine)
    return Talk(tutor, engine)


@pytest.fixture(scope="session")
def bank(tutor: Tutor) -> Bank:
    return tutor.quiz.bank
