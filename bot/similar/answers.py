"""The answers nearest to a question in meaning, from the vectors of the kept index, without holding that in memory."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.answer.wording import stems
from bot.content import Answerable, Library
from bot.encoder import Encoder


def nearest_answers(text: str, library: Library, encoder: Encoder, folder: Path, most: int = 5) -> tuple[str, ...]:
    """Ids of answers, nearest first; none while there is no index of these answers. `encoder` is the one that the index was made with."""
    for path in sorted(folder.glob("index-*.npz")):
        try:
            with np.load(path, allow_pickle=False) as file:
                starts = file["starts"]
                if len(starts) != len(library.answerables):
                    continue
                likeness = np.maximum.reduceat(file["vectors"] @ encoder.encode(text.lower()), starts)
        except (OSError, ValueError, KeyError, BadZipFile):
            continue
        return tuple(library.answerables[number].id for number in np.argsort(-likeness, kind="stable")[:most])
    return ()


def answers_by_words(text: str, library: Library, most: int = 8) -> tuple[str, ...]:
    """Ids of the answers that hold the text's words, best first: in names more than in what is said; none for words that nothing holds."""
    wanted = set(stems(text.lower()))
    if not wanted:
        return ()
    scores = {answerable.id: _score(wanted, answerable) for answerable in library.answerables}
    found = [answer for answer, score in scores.items() if score > 0]
    return tuple(sorted(found, key=lambda answer: -scores[answer])[:most])


def _score(wanted: set[str], answerable: Answerable) -> float:
    topic = answerable.topic
    named = wanted & set(stems(" ".join([topic.title, *topic.aliases, *topic.shouted, answerable.name]).lower()))
    asked = wanted & set(stems(" ".join(answerable.facet.ask).lower()))
    told = wanted & set(stems(answerable.facet.say.lower()))
    return 3 * len(named) + len(asked) + len(told)
