"""Everything that a message is compared with, built from the content and kept on disk by its fingerprint.

Arrays only: phrasings are grouped by answerable (`starts` are the group boundaries), so that the best phrasing of every
answerable is one `maximum.reduceat`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from bot.answer.lexicon import Lexicon
from bot.answer.wording import Reader, Speller, stems_and_pairs, word_counts
from bot.content import Answerable, Library
from bot.encoder import Encoder, Vector
from bot.errors import IndexUnusableError

FORMAT = 3
_NAMES_PER_TOPIC = 3


@dataclass(frozen=True)
class Phrasing:
    """One way of asking, in the reader's plain form. `follow` ones count only inside their topic."""

    text: str
    answerable: int
    follow: bool


class Terms:
    """Weighted terms as sparse rows of unit length: word stems and pairs, or character n-grams."""

    def __init__(self, vectorizer: HashingVectorizer, texts: Sequence[str]) -> None:
        self._vectorizer = vectorizer
        counts: csr_matrix = vectorizer.transform(texts)
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        self.rarity = np.log((1 + len(texts)) / (1 + seen)).astype(np.float32) + 1
        self.rows = self._weigh(counts)

    def _weigh(self, counts: csr_matrix) -> csr_matrix:
        weighted = counts.astype(np.float32)
        weighted.data = (1 + np.log(weighted.data)) * self.rarity[weighted.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(weighted.indptr))
        return weighted

    def query(self, text: str) -> csr_matrix:
        """The text as one weighted row."""
        return self._weigh(self._vectorizer.transform([text]))


def word_terms(texts: Sequence[str]) -> Terms:
    return Terms(HashingVectorizer(analyzer=stems_and_pairs, n_features=2**18, alternate_sign=False, norm=None), texts)


def letter_terms(texts: Sequence[str]) -> Terms:
    return Terms(HashingVectorizer(analyzer="char_wb", ngram_range=(3, 4), n_features=2**18, alternate_sign=False, norm=None), texts)


@dataclass(frozen=True)
class Index:
    """The content in comparable form. Rows of `vectors`, `words` and `letters` follow `phrasings`; `answers*` follow the library."""

    library: Library
    reader: Reader
    speller: Speller
    phrasings: tuple[Phrasing, ...]
    starts: npt.NDArray[np.int64]
    vectors: Vector
    answer_vectors: Vector
    words: Terms
    letters: Terms
    answer_words: Terms
    outside_vectors: Vector

    @property
    def answerables(self) -> tuple[Answerable, ...]:
        return self.library.answerables


def build(
    library: Library,
    lexicon: Lexicon,
    encoder: Encoder,
    outside: Sequence[str],
    folder: Path,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Index:
    """The index of this content; vectors come from `folder` where they are known. `outside` are messages that are not for us.

    Calls `advance(done, total)` while encoding. Raises IndexUnusableError when the folder cannot be written.
    """
    speller = Speller(word_counts(_all_texts(library)), encoder.tokeniser.knows)
    reader = Reader(lexicon.shorthand, lexicon.digits, speller)
    phrasings = _phrasings(library, lexicon, reader)
    answers = [_answer_text(answerable) for answerable in library.answerables]
    outside_texts = [reader.plain(text) for text in outside]
    texts = [*(phrasing.text for phrasing in phrasings), *answers, *outside_texts]
    vectors = _vectors(texts, encoder, folder, advance)
    first_answer, first_outside = len(phrasings), len(phrasings) + len(answers)
    owners = np.array([phrasing.answerable for phrasing in phrasings])
    return Index(
        library,
        reader,
        speller,
        phrasings,
        np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]),
        vectors[:first_answer],
        vectors[first_answer:first_outside],
        word_terms([phrasing.text for phrasing in phrasings]),
        letter_terms([phrasing.text for phrasing in phrasings]),
        word_terms([_taught(answerable) for answerable in library.answerables]),
        vectors[first_outside:],
    )


def _phrasings(library: Library, lexicon: Lexicon, reader: Reader) -> tuple[Phrasing, ...]:
    def of(number: int, answerable: Answerable) -> Iterator[Phrasing]:
        asked = dict.fromkeys(reader.plain(text) for text in chain(answerable.facet.ask, _implied(answerable, lexicon)))
        yield from (Phrasing(text, number, False) for text in asked)
        yield from (Phrasing(reader.plain(text), number, True) for text in answerable.facet.follow)

    return tuple(chain.from_iterable(of(number, answerable) for number, answerable in enumerate(library.answerables)))


def _implied(answerable: Answerable, lexicon: Lexicon) -> Iterator[str]:
    """The ways of asking that every topic shares, from its names and the facet's cue."""
    cue = lexicon.cues.get(answerable.name)
    if cue is None:
        return
    topic = answerable.topic
    names = dict.fromkeys([topic.title, *topic.shouted, *topic.aliases])
    for name in list(names)[:_NAMES_PER_TOPIC]:
        yield from (asked.format(name=name) for asked in cue.asked)


def _answer_text(answerable: Answerable) -> str:
    return f"{answerable.topic.title}. {answerable.facet.say}".lower()


def _taught(answerable: Answerable) -> str:
    topic = answerable.topic
    return " ".join([topic.title, *topic.aliases, *topic.shouted, topic.gist, answerable.facet.say])


def _all_texts(library: Library) -> Iterator[str]:
    for answerable in library.answerables:
        yield from (_taught(answerable), *answerable.facet.ask)


def _vectors(texts: Sequence[str], encoder: Encoder, folder: Path, advance: Callable[[int, int], None]) -> Vector:
    path = folder / f"vectors-{FORMAT}.npz"
    known = _known(path)
    keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        done = iter(range(1, len(missing) + 1))
        made = encoder.encode_many(missing.values(), lambda: advance(next(done), len(missing)))
        known |= dict(zip(missing, made, strict=True))
        _keep(path, {key: known[key] for key in dict.fromkeys(keys)})
    return np.vstack([known[key] for key in keys])


def _known(path: Path) -> dict[bytes, Vector]:
    """Vectors kept from earlier, by the hash of their text; none when the file is absent or damaged, as they can be made again."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {bytes(key): vector for key, vector in zip(file["keys"], file["vectors"], strict=True)}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def _keep(path: Path, vectors: dict[bytes, Vector]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        keys = np.array([np.frombuffer(key, dtype=np.uint8) for key in vectors])
        np.savez(partial, keys=keys, vectors=np.vstack(list(vectors.values())))
        partial.replace(path)
    except OSError as error:
        raise IndexUnusableError(f"The search index cannot be written to {path.parent}: {error.strerror}. Make the folder writable.") from error
