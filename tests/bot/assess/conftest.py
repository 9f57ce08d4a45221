"""The project's assessor, opened once."""

from __future__ import annotations

import pytest

from bot.assess import Assessor, ready
from bot.settings import Settings


@pytest.fixture(scope="session")
def assessor(settings: Settings) -> Assessor:
    return Assessor.open(ready(settings), settings.knowledge)
