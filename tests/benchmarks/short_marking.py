"""How marks of short answers agree with a person's: `python -m tests.benchmarks.short_marking`; figures go to docs/benchmarks.md.

The answers were written and marked by somebody who saw neither the training answers nor the marker. Items with training
answers and items without are reported apart: the second are what counts, as a new item has none.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from bot.answer.lexicon import load_lexicon
from bot.answer.wording import clean, stems
from bot.content.files import read
from bot.content.questions import QuestionFile, Short
from bot.encoder import Encoder
from bot.quiz.short_answer import ShortAnswers
from bot.quiz.short_answer.labelled import Labelled, read_labelled
from bot.settings import ROOT, read_settings
from tests.benchmarks.machine import machine
from tests.benchmarks.page import run_and_show, write_figures

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "benchmarks.md"
MARKS = ("wrong", "partly", "right")
SECTION = """
## Marking short answers

`python -m tests.benchmarks.short_marking`: learners' answers in their own words, marked by a person as right, partly right or
wrong, against the quiz's marks. "Unseen" items have no answer in the marker's training file; their figures are the ones that
say how a new item will be marked. A false "wrong" is a listed way of saying an idea that was marked wrong. The bar is 90 %
agreement and a kappa of 0.75 on unseen items, with no false "wrong". Only the last is met: right answers are nearly always
found, but answers that turn the right one round or deny it often pass for right, as meaning and words hardly differ.
"""
Mark = Callable[[Short, str], str]


@dataclass(frozen=True)
class Case:
    """An answer with the mark that a person gave."""

    item: Short
    text: str
    mark: str
    style: str


@dataclass(frozen=True)
class Marked:
    """A case with the mark that it got."""

    case: Case
    got: str

    @property
    def agrees(self) -> bool:
        return self.got == self.case.mark


def short_items(knowledge: Path) -> dict[str, Short]:
    """The content's short items by id."""
    files = [read(path, QuestionFile) for path in sorted((knowledge / "questions").glob("*.yml"))]
    return {item.id: item for file in files for item in file.questions if isinstance(item, Short)}


def open_marker(knowledge: Path, kept: Path) -> ShortAnswers:
    bank = [item for path in sorted((knowledge / "questions").glob("*.yml")) for item in read(path, QuestionFile).questions]
    return ShortAnswers.open(Encoder.load(), kept, bank, load_lexicon(knowledge))


def by(marker: ShortAnswers) -> Mark:
    """The marker's verdict alone."""
    return lambda item, text: marker.mark(item, text).verdict


def read_cases(path: Path, items: dict[str, Short]) -> list[Case]:
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Case(items[row["item"]], row["text"], row.get("mark", ""), row.get("style", "")) for row in rows]


def mark_all(cases: Iterable[Case], mark: Mark) -> list[Marked]:
    return [Marked(case, mark(case.item, case.text)) for case in cases]


def agreement(marked: Sequence[Marked]) -> float:
    return sum(one.agrees for one in marked) / len(marked)


def kappa(marked: Sequence[Marked], weights: str | None = None) -> float:
    """Cohen's kappa over the three marks; what could not be read counts as wrong."""
    got = [one.got if one.got in MARKS else "wrong" for one in marked]
    return float(cohen_kappa_score([one.case.mark for one in marked], got, labels=list(MARKS), weights=weights))


def exact(item: Short, text: str) -> str:
    """Baseline: an idea is there when the answer is one of its wordings, letter for letter but for case."""
    said = clean(text).lower().rstrip(".!")
    found = [said in {wording.lower() for wording in idea.say} for idea in item.ideas]
    return _verdict(found)


def overlapping(share: float, item: Short, text: str) -> str:
    """Baseline: an idea is there when the answer holds this share of the stems of one of its wordings."""
    said = set(stems(text))
    found = [max(_held(said, wording) for wording in idea.say) >= share for idea in item.ideas]
    return _verdict(found)


def _held(said: set[str], wording: str) -> float:
    wanted = set(stems(wording))
    return len(said & wanted) / len(wanted) if wanted else 0.0


def _verdict(found: Sequence[bool]) -> str:
    return "right" if all(found) else "partly" if any(found) else "wrong"


def fitted_share(labelled: Sequence[Labelled], items: dict[str, Short]) -> float:
    """The threshold of `overlapping` that marks the training answers best."""
    cases = [Case(items[answer.item], answer.text, answer.mark, "") for answer in labelled if answer.item in items]
    shares = [number / 20 for number in range(4, 21)]
    return max(shares, key=lambda share: agreement(mark_all(cases, partial(overlapping, share))))


def measure(folder: Path) -> str:
    """All figures as Markdown; `folder` keeps vectors."""
    knowledge = read_settings().knowledge
    items = short_items(knowledge)
    answers = read_labelled(knowledge / "short_answers.jsonl").answers
    marker = open_marker(knowledge, folder)
    seen = frozenset(answer.item for answer in answers)
    cases, ways = (read_cases(HERE / name, items) for name in ("short_answers.jsonl", "short_synonyms.jsonl"))
    marker.mark(cases[0].item, cases[0].text)  # so that opening is not timed
    started = time.perf_counter()
    marked = mark_all(cases, by(marker))
    milliseconds = (time.perf_counter() - started) / len(cases) * 1000
    share = fitted_share(answers, items)
    rules: dict[str, Mark] = {
        "**Aftercare**": by(marker),
        "exact match with a listed wording": exact,
        f"a wording's stems, {share:.0%} of them needed": partial(overlapping, share),
    }
    lines = [
        f"Measured on {datetime.now(timezone.utc):%d %B %Y}, {machine()}; {len(answers)} training answers.",
        f"Marking took {milliseconds:.0f} ms an answer.",
        "",
        '| | answers | agreement | kappa | kappa, linear weights | false "wrong" on listed ways |',
        "|---|---|---|---|---|---|",
        *(_row(f"{name}, unseen items", *_only(False, seen, cases, ways), rule) for name, rule in rules.items()),
        *(_row(f"{name}, items with training answers", *_only(True, seen, cases, ways), rule) for name, rule in rules.items()),
        "",
        "Unseen items, a person's marks in rows and Aftercare's in columns:",
        "",
        "| | wrong | partly | right | unreadable |",
        "|---|---|---|---|---|",
        *_confusion([one for one in marked if one.case.item.id not in seen]),
        "",
        "| style of answer | agree, unseen items | of | agree, items with training answers | of |",
        "|---|---|---|---|---|",
        *_styles(marked, seen),
    ]
    return "\n".join(lines) + "\n"


def _only(wanted: bool, seen: frozenset[str], cases: Sequence[Case], ways: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """The cases and the listed ways whose item has training answers, or has none."""
    kept = ([case for case in group if (case.item.id in seen) is wanted] for group in (cases, ways))
    first, second = kept
    return first, second


def _row(name: str, cases: Sequence[Case], ways: Sequence[Case], mark: Mark) -> str:
    marked, listed = mark_all(cases, mark), mark_all(ways, mark)
    wrong = sum(one.got == "wrong" for one in listed)
    linear = kappa(marked, "linear")
    return f"| {name} | {len(marked)} | {agreement(marked):.1%} | {kappa(marked):.2f} | {linear:.2f} | {wrong} of {len(listed)} |"


def _confusion(marked: Sequence[Marked]) -> Iterator[str]:
    counted = Counter((one.case.mark, one.got) for one in marked)
    for said in MARKS:
        yield f"| {said} | {' | '.join(str(counted[said, got]) for got in (*MARKS, 'unreadable'))} |"


def _styles(marked: Sequence[Marked], seen: frozenset[str]) -> Iterator[str]:
    for style in sorted({one.case.style for one in marked}):
        cells = []
        for wanted in (False, True):
            group = [one for one in marked if one.case.style == style and (one.case.item.id in seen) is wanted]
            cells += [str(sum(one.agrees for one in group)), str(len(group))]
        yield f"| {style} | {' | '.join(cells)} |"


def main() -> int:
    return run_and_show("short", measure, lambda figures: write_figures(PAGE, "short", figures, section=SECTION))


if __name__ == "__main__":
    sys.exit(main())
