"""The marker on the project's short items, with the real encoder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.answer.lexicon import load_lexicon
from bot.content.files import read
from bot.content.questions import QuestionFile, Short
from bot.encoder import Encoder
from bot.quiz.short_answer import ShortAnswers, ShortMark
from bot.settings import Settings

Marked = Callable[[str, str], ShortMark]


@pytest.fixture(scope="session")
def shorts(settings: Settings) -> dict[str, Short]:
    files = [read(path, QuestionFile) for path in sorted((settings.knowledge / "questions").glob("*.yml"))]
    return {item.id: item for file in files for item in file.questions if isinstance(item, Short)}


@pytest.fixture(scope="session")
def marker(settings: Settings, shorts: dict[str, Short], tmp_path_factory: pytest.TempPathFactory) -> ShortAnswers:
    return ShortAnswers.open(Encoder.load(), tmp_path_factory.mktemp("vectors"), shorts.values(), load_lexicon(settings.knowledge))


@pytest.fixture(scope="session")
def marked(marker: ShortAnswers, shorts: dict[str, Short]) -> Marked:
    """The mark of a text to the item with this id."""
    return lambda item, text: marker.mark(shorts[item], text)
