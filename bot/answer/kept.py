"""Keeps a built index on disk, so that a start with unchanged content reads arrays instead of making them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bot.answer.index import Index, Phrasing, build
from bot.answer.lexicon import Lexicon
from bot.answer.terms import Terms
from bot.answer.vectors import VectorStore
from bot.answer.wording import Reader, Speller
from bot.content import Library
from bot.encoder import Tokeniser
from bot.kept_arrays import keep

_CODE = ("index.py", "terms.py", "wording.py", "kept.py")
_PLAIN = (
    "starts",
    "vectors",
    "axes",
    "rough",
    "answer_vectors",
    "sentence_vectors",
    "sentence_rough",
    "sentence_starts",
    "outside_vectors",
)
_TERMS = {"words": "words", "letters": "letters", "answer_words": "words"}


def open_index(library: Library, lexicon: Lexicon, outside: Sequence[str], store: VectorStore) -> Index:
    """The kept index of exactly this content, encoder and code; else a new one, which is kept instead of any other."""
    path = store.folder / f"index-{_key(library, outside, store)}.npz"
    found = _read(path, library, lexicon, store.encoder.tokeniser)
    if found is None:
        found = build(library, lexicon, outside, store)
        _write(path, found)
    return found


def _key(library: Library, outside: Sequence[str], store: VectorStore) -> str:
    digest = hashlib.sha256(f"{library.fingerprint}\0{store.encoder.fingerprint}\0".encode())
    digest.update("\0".join(outside).encode())
    for name in _CODE:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path, library: Library, lexicon: Lexicon, tokeniser: Tokeniser) -> Index | None:
    """None when the file is absent or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        texts = json.loads(arrays["texts"].tobytes())
        speller = Speller(texts["counts"], tokeniser.knows)
        parts: dict[str, Any] = {name: arrays[name] for name in _PLAIN}
        parts |= {name: Terms.from_arrays(kind, _within(arrays, name)) for name, kind in _TERMS.items()}
        return Index(
            library=library,
            reader=Reader(lexicon.shorthand, lexicon.digits, speller),
            speller=speller,
            phrasings=tuple(Phrasing(*values) for values in texts["phrasings"]),
            **parts,
        )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, TypeError):
        return None


def _within(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> dict[str, npt.NDArray[Any]]:
    return {key.partition(".")[2]: value for key, value in arrays.items() if key.startswith(f"{name}.")}


def _write(path: Path, index: Index) -> None:
    texts = {
        "counts": index.speller.counts,
        "phrasings": [[phrasing.text, phrasing.answerable, phrasing.follow] for phrasing in index.phrasings],
    }
    arrays = {name: getattr(index, name) for name in _PLAIN}
    for name in _TERMS:
        terms: Terms = getattr(index, name)
        arrays |= {f"{name}.{key}": value for key, value in terms.arrays().items()}
    arrays["texts"] = np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8)
    keep(path, arrays, "index-*.npz", "The search index")
