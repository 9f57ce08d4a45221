"""How well the general half of the pipeline understands bots that are not ours.

    python -m tests.benchmarks.foreign FOLDER      # of HINT3: curekart_train.csv, curekart_test.csv, ... (sentence,label)

The data is not ours to pass on; it is at github.com/hellohaptik/HINT3 (dataset/v1; Arora et al. 2020). Real users' messages to three
bots, more than half of them outside. A prediction counts when its confidence is at least the threshold of `config.yml`. Prints
Matthews' correlation for each bot, the measure of the paper, with the published encoder and with the one tuned to our answers.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import matthews_corrcoef

from bot.encoder import Encoder
from server.intent_model import IntentModel

BOTS = ("curekart", "powerplay11", "sofmattress")
OUTSIDE = "NO_NODES_DETECTED"
THRESHOLD = 0.3


def read(path: Path) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["sentence"] for row in rows], [row["label"] for row in rows]


def correlation(folder: Path, bot: str, encoder: Encoder) -> float:
    """Matthews' correlation, from -1 to 1, on the bot's test set."""
    (known, labels), (asked, wanted) = read(folder / f"{bot}_train.csv"), read(folder / f"{bot}_test.csv")
    letters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    counts = csr_matrix(letters.fit_transform(known))
    model = IntentModel.fit(encoder.encode_many(known).astype(np.float64), counts, labels)
    rankings = model.predict(encoder.encode_many(asked).astype(np.float64), csr_matrix(letters.transform(asked)))
    found = [ranking[0][0] if ranking[0][1] >= THRESHOLD else OUTSIDE for ranking in rankings]
    return float(matthews_corrcoef(wanted, found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for name, published in (("published", True), ("tuned", False)):
        encoder = Encoder.load(published=published)
        figures = ", ".join(f"{bot} {correlation(folder, bot, encoder):.2f}" for bot in BOTS)
        sys.stdout.write(f"{name} encoder: {figures}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
