"""The three files that changes are written into. All of them are written whole, in one order, from what they held before."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import ContentError
from bot.improving.wording import plain

EXAMPLES: Final = Path("data/nlu/reviewed.yml")
PHRASINGS: Final = Path("knowledge/phrasings/reviewed.yml")
TESTS: Final = Path("tests/conversations/reviewed.yml")

_BY = "`aftercare review apply` writes this file whole from what tutors put right: remarks added here are lost, lines taken out stay out."
_INTRODUCED: Final = {
    EXAMPLES: f'version: "3.1"\n\n# Examples of intents. {_BY}\n',
    PHRASINGS: f"# Ways of asking. {_BY}\n",
    TESTS: f"# What must be understood and answered, for test_reviewed.py and the training gate. {_BY}\n",
}
Texts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Reviewed:
    """Texts by intent or by answer: `examples` and `phrasings` teach, `intents` and `answers` are tested."""

    examples: Texts = field(default_factory=dict)
    phrasings: Texts = field(default_factory=dict)
    intents: Texts = field(default_factory=dict)
    answers: Texts = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> Reviewed:
        """What the files of a checkout hold; nothing where they are not there yet. Raises ContentError when one cannot be read."""
        nlu = _read(root / EXAMPLES).get("nlu") or []
        tests = _read(root / TESTS)
        try:
            examples = {str(block["intent"]): _lines(block["examples"]) for block in nlu}
            phrasings = _texts(_read(root / PHRASINGS).get("phrasings"))
            return cls(examples, phrasings, _texts(tests.get("intents")), _texts(tests.get("answers")))
        except (TypeError, KeyError, AttributeError) as error:
            raise ContentError([f"{root / EXAMPLES}, {PHRASINGS.name} or {TESTS}: not in the form that they are written in"]) from error

    def with_example(self, intent: str, text: str, known: bool) -> Reviewed:
        """With a test that the text has the intent, and an example of it unless that is `known` from another file."""
        examples = self.examples if known else _with(self.examples, intent, text)
        return replace(self, examples=examples, intents=_with(self.intents, intent, text))

    def with_phrasing(self, answer: str, text: str, known: bool) -> Reviewed:
        """With a test that the question has the answer, and a way of asking for it unless that is `known` from another file."""
        phrasings = self.phrasings if known else _with(self.phrasings, answer, text)
        return replace(self, phrasings=phrasings, answers=_with(self.answers, answer, text))

    def files(self) -> dict[Path, str]:
        """The files' texts, by path from the checkout's root."""
        examples = "".join(
            f"- intent: {intent}\n  examples: |\n{''.join(f'    - {text}{chr(10)}' for text in texts)}"
            for intent, texts in _ordered(self.examples)
        )
        return {
            EXAMPLES: _INTRODUCED[EXAMPLES] + (f"nlu:\n{examples}" if examples else "nlu: []\n"),
            PHRASINGS: _INTRODUCED[PHRASINGS] + _mapping("phrasings", self.phrasings),
            TESTS: _INTRODUCED[TESTS] + _mapping("intents", self.intents) + _mapping("answers", self.answers),
        }


def _with(texts: Texts, target: str, text: str) -> Texts:
    own = texts.get(target, ())
    return texts if plain(text) in map(plain, own) else {**texts, target: (*own, text)}


def _ordered(texts: Texts) -> Iterable[tuple[str, list[str]]]:
    return ((target, sorted(texts[target], key=lambda text: (plain(text), text))) for target in sorted(texts) if texts[target])


def _mapping(name: str, texts: Texts) -> str:
    """YAML with each text on a line of its own, as a difference between two versions is read by lines."""
    lines = [line for target, own in _ordered(texts) for line in (f"  {target}:", *(f"    - {quoted(text)}" for text in own))]
    return "\n".join([f"{name}:", *lines, ""]) if lines else f"{name}: {{}}\n"


def quoted(text: str) -> str:
    """A YAML string on one line."""
    return json.dumps(text, ensure_ascii=False)


def _lines(examples: str) -> tuple[str, ...]:
    return tuple(line[2:].strip() for line in examples.splitlines() if line.startswith("- "))


def _texts(values: Mapping[str, Iterable[str]] | None) -> Texts:
    return {str(target): tuple(map(str, texts)) for target, texts in (values or {}).items()}


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError([f"{path}: cannot be read ({error})"]) from error
    return values if isinstance(values, dict) else {}


def merged(texts: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """For each text in its plain form, what it stands under."""
    found: dict[str, set[str]] = defaultdict(set)
    for target, text in texts:
        found[plain(text)].add(target)
    return dict(found)
