"""How well the assessor marks: `python -m tests.benchmarks.assessing` writes its figures into docs/benchmarks.md.

Measures on our own held-out files beside this module (`utterances.jsonl`, `transcripts.jsonl`), on those of the folder that
AFTERCARE_EVALUATION names or the arguments give (`utterances*.jsonl`, `transcripts*.jsonl`), and on the labelled lines of
the scenarios that a trial had not learned. `--quiet` shows the figures and leaves the page alone.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.assess import LABELS, Assessor, ready
from bot.assess.command import assess_record
from bot.assess.cues import CueBook
from bot.assess.features import features
from bot.assess.lines import Line, read_lines
from bot.assess.model import chances, mixed
from bot.assess.train import best_threshold, held_out_scores, truth_of
from bot.assess.transcript import BANDS, CRITERIA
from bot.encoder import Encoder
from bot.gate import read_cases
from bot.settings import ROOT, read_settings
from tests.benchmarks.machine import machine
from tests.benchmarks.page import write_figures

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "benchmarks.md"
SECTION = """
## Assessing

How well the assessor names the moves of a line that a learner says to a customer, and the criteria and band of a whole talk. \
It was trained on `knowledge/moves/`; the files it is measured on were written by other people and never trained on. \
Macro-F1 is the mean of the eighteen moves' F1. \
Of these files only totals were looked at while it was made, but how thresholds are chosen, when `verify` is needed and how sure a \
`defensive` or `disclose` must be to fail a talk were settled after seeing them, so the figures flatter a little. \
Written by `python -m tests.benchmarks.assessing`.
"""
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Marks:
    """Moves given to lines beside the true ones, each of shape (lines, labels) and 0 or 1."""

    title: str
    truth: Array
    named: Array

    @property
    def f1(self) -> Array:
        return 2 * self.hits / np.maximum(1, self.truth.sum(axis=0) + self.named.sum(axis=0))

    @property
    def hits(self) -> Array:
        return (self.truth * self.named).sum(axis=0)

    @property
    def macro(self) -> float:
        """Over the labels that stand in the lines at all."""
        return float(self.f1[self.truth.sum(axis=0) > 0].mean())


@dataclass(frozen=True)
class Talks:
    """Criteria and bands given to talks beside the true ones."""

    title: str
    cases: Sequence[dict[str, Any]]
    results: Sequence[dict[str, Any]]

    def pairs(self, criterion: str) -> list[tuple[bool | None, bool | None]]:
        return [(case["gold"][criterion], result["criteria"][criterion]) for case, result in zip(self.cases, self.results, strict=True)]

    @property
    def agreement(self) -> float:
        return float(np.mean([true == given for criterion in CRITERIA for true, given in self.pairs(criterion)]))

    @property
    def bands(self) -> list[int]:
        """How many bands each talk is off."""
        pairs = zip(self.cases, self.results, strict=True)
        return [abs(BANDS.index(case["band"]) - BANDS.index(result["band"])) for case, result in pairs]


def kappa(pairs: Sequence[tuple[bool | None, bool | None]]) -> float | None:
    """Cohen's kappa of the true and the given values; None where only one value stands on both sides."""
    values = {value for pair in pairs for value in pair}
    agreed = np.mean([true == given for true, given in pairs])
    by_chance = sum(np.mean([true == value for true, _ in pairs]) * np.mean([given == value for _, given in pairs]) for value in values)
    return None if by_chance >= 1 else float((agreed - by_chance) / (1 - by_chance))


def mark(assessor: Assessor, cases: Sequence[dict[str, Any]], title: str) -> Marks:
    found = [{move.name for move in assessor.moves(case["customer"], case["text"])} for case in cases]
    return Marks(title, _matrix([case["labels"] for case in cases]), _matrix(found))


def mark_held_out(lines: Sequence[Line], book: CueBook) -> Marks:
    """The lines of scenarios that neither part of a trial had learned, with thresholds from these same lines."""
    kept, read, own = held_out_scores(lines, [features(book, line.customer, line.text) for line in lines])
    truth, scores = truth_of(lines)[kept], mixed(read, own)
    confidence = chances(scores, np.ones(len(LABELS)), np.zeros(len(LABELS)))
    threshold = np.array([best_threshold(confidence[:, n], truth[:, n]) for n in range(len(LABELS))])
    return Marks("scenarios held out of training", truth, (confidence >= threshold).astype(float))


def baselines(lines: Sequence[Line]) -> dict[str, Callable[[Sequence[str]], Array]]:
    """What simple means make of the same training lines: each gives moves to texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, truth = [line.text for line in lines], truth_of(lines)
    encoder = Encoder.load(published=True)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(texts)
    readers: dict[str, Callable[[Sequence[str]], Any]] = {
        "Logistic regression on sentence vectors": encoder.encode_many,
        "Logistic regression on TF-IDF of words and pairs": words.transform,
    }

    def trained(read: Callable[[Sequence[str]], Any]) -> Callable[[Sequence[str]], Array]:
        seen = read(texts)
        models = [LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(seen, truth[:, n]) for n in range(len(LABELS))]

        def named(asked: Sequence[str]) -> Array:
            heard = read(asked)
            return np.array([model.predict(heard) for model in models]).T

        return named

    return {name: trained(read) for name, read in readers.items()}


def _matrix(labels: Sequence[Any]) -> Array:
    return np.array([[float(name in one) for name in LABELS] for one in labels])


def figures(marks: Sequence[Marks], talks: Sequence[Talks], simple: dict[str, list[float]], milliseconds: float) -> str:
    """The part of the page that is measured."""
    lines = [f"Measured on {datetime.now(timezone.utc):%d %B %Y}, {machine()}: {milliseconds:.0f} ms a line.", ""]
    lines += ["| macro-F1 | " + " | ".join(f"{one.title} ({len(one.truth)} lines)" for one in marks) + " |"]
    lines += ["|---|" + "---|" * len(marks), "| Aftercare | " + " | ".join(f"**{one.macro:.2f}**" for one in marks) + " |"]
    lines += [
        f"| {name} | " + " | ".join("" if score < 0 else f"{score:.2f}" for score in scores) + " |" for name, scores in simple.items()
    ]
    lines += ["", "Precision, recall and F1 of each move, and how many lines make it:", ""]
    lines += ["| move | " + " | ".join(one.title for one in marks) + " |", "|---|" + "---|" * len(marks)]
    lines += [f"| {name} | " + " | ".join(_cell(one, n) for one in marks) + " |" for n, name in enumerate(LABELS)]
    for one in talks:
        lines += ["", *_talk_lines(one)]
    return "\n".join(lines) + "\n"


def _cell(marks: Marks, label: int) -> str:
    support, named, hits = marks.truth[:, label].sum(), marks.named[:, label].sum(), marks.hits[label]
    return f"{hits / max(1, named):.2f} {hits / max(1, support):.2f} **{marks.f1[label]:.2f}** ({support:.0f})"


def _talk_lines(talks: Talks) -> list[str]:
    exact, far = sum(off == 0 for off in talks.bands), sum(off > 1 for off in talks.bands)
    lines = [
        f"Whole talks, {talks.title} ({len(talks.cases)}): criteria agree in **{talks.agreement:.1%}**, the band is exact in "
        f"**{exact} of {len(talks.cases)}** and off by more than one in {far}.",
        "",
        "| criterion | agrees | kappa | true, false |",
        "|---|---|---|---|",
    ]
    for criterion in CRITERIA:
        pairs = talks.pairs(criterion)
        value = kappa(pairs)
        counts = f"{sum(true is True for true, _ in pairs)}, {sum(true is False for true, _ in pairs)}"
        shown = "" if value is None else f"{value:.2f}"
        lines.append(f"| {criterion} | {sum(true == given for true, given in pairs)} of {len(pairs)} | {shown} | {counts} |")
    return lines


def _files(folder: Path | None, name: str) -> list[tuple[Path, str]]:
    own = [(HERE / f"{name}.jsonl", "our held-out set")] if (HERE / f"{name}.jsonl").exists() else []
    return own + (
        [(path, f"{path.stem.rpartition('_')[2]} set of another author") for path in sorted(folder.glob(f"{name}*.jsonl"))]
        if folder
        else []
    )


def _folder() -> Path | None:
    named = os.environ.get("AFTERCARE_EVALUATION")
    beside = ROOT.parent / "shared" / "evaluation"
    return Path(named) if named else beside if beside.exists() else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=_folder(), help="folder with utterances*.jsonl and transcripts*.jsonl")
    parser.add_argument("--quiet", action="store_true", help="show the figures only")
    arguments = parser.parse_args()
    settings = read_settings()
    assessor = Assessor.open(ready(settings), settings.knowledge)
    lines = read_lines(settings.knowledge / "moves")
    files = [(read_cases(path), title) for path, title in _files(arguments.folder, "utterances")]
    for case in (files or [([{"customer": "", "text": "Hello."}], "")])[0][0][:5]:
        assessor.moves(case["customer"], case["text"])
    started = time.process_time()
    marks = [mark(assessor, cases, title) for cases, title in files]
    milliseconds = 1000 * (time.process_time() - started) / max(1, sum(len(cases) for cases, _ in files))
    simple = {
        name: [Marks("", one.truth, moves([case["text"] for case in cases])).macro for one, (cases, _) in zip(marks, files, strict=True)]
        + [-1.0]
        for name, moves in baselines(lines).items()
    }
    marks.append(mark_held_out(lines, assessor.book))
    talks = [Talks(title, cases, [assess_record(assessor, case) for case in cases]) for cases, title in _talks(arguments.folder)]
    shown = figures(marks, talks, simple, milliseconds)
    if not arguments.quiet:
        write_figures(PAGE, "assessor", shown, section=SECTION)
    sys.stdout.write(shown)
    return 0


def _talks(folder: Path | None) -> list[tuple[list[dict[str, Any]], str]]:
    return [(read_cases(path), title) for path, title in _files(folder, "transcripts")]


if __name__ == "__main__":
    sys.exit(main())
