"""Makes `bot/assess/tuning.npz`: teaches the sentence encoder to read a line to a customer together with what the customer said.

    python -m tools.tune_assessor --hold-out 0 --to trial.npz     # a trial that leaves a fifth of the scenarios out, and scores them
    python -m tools.tune_assessor --trial trial.npz               # learns all, and takes over the trial's scores

Runs in the project's own environment, with the TensorFlow that Rasa brings. Takes about half an hour on two cores. Run it
again after larger additions to knowledge/moves/, then `python -m tests.benchmarks.assessing`, and commit the results.

Both texts go in as one pair. For each move the line's tokens are pooled by an attention of the move's own, so that a move
made in half a sentence is seen as well as one that fills the line. Only low-rank changes of the upper layers, biases and
norms are learned, and the pooling.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

from bot.assess.labels import LABELS
from bot.assess.lines import Line, read_lines
from bot.assess.pair_encoder import HEARD, SAID, TUNING
from bot.assess.train import folds_of, truth_of
from bot.encoder import Encoder, weights_file
from bot.settings import read_settings
from bot.tuning import SCALE, stored_weights

LAYERS, HEADS, WIDTH = 6, 12, 384
FROZEN_LAYERS = 2
RANK = 12
BATCH = 24
UNHEARD = 0.1  # share of lines that are learned without the customer's words
BLANKED = 0.05  # share of pieces that are learned as unknown words
DROP = 0.1
POSITIVE_WEIGHT = 1.5
SEED = 20261122
CLS, SEP, UNKNOWN = 101, 102, 100


@dataclass(frozen=True)
class Pair:
    """Pieces of the customer's words and of the line, and which moves the line makes."""

    heard: list[int]
    said: list[int]
    truth: np.ndarray


def read_pairs(lines: Sequence[Line]) -> list[Pair]:
    pieces = Encoder.load(published=True).tokeniser.pieces
    truth = truth_of(lines).astype(np.float32)
    return [Pair(pieces(line.customer)[-HEARD:], pieces(line.text)[:SAID], row) for line, row in zip(lines, truth, strict=True)]


class PairEncoder:
    """The published encoder with thin matrices beside the weights of its upper layers, and a pooling for each move."""

    def __init__(self) -> None:
        stored = dict(stored_weights(memoryview(bytearray(weights_file().read_bytes()))))
        names = sorted(
            (name[:-2] for name in stored if name.startswith("val_") and name.endswith("_q")), key=lambda n: int(n.split("_")[1])
        )
        self.names = names
        self.whole = {name: tf.constant(stored[f"{name}_q"].astype(np.float32) * stored[f"{name}_scale"]) for name in names}
        words = "inner.embeddings.word_embeddings.weight"
        self.words = tf.constant(stored[f"{words}_q"].astype(np.float32) * stored[f"{words}_scale"])
        places = "inner.embeddings.position_embeddings.weight"
        self.places = tf.constant(stored[f"{places}_q"].astype(np.float32) * stored[f"{places}_scale"])
        self.kinds = tf.constant(stored["inner.embeddings.token_type_embeddings.weight"].copy())
        dice = np.random.default_rng(SEED)
        self.left, self.right = {}, {}
        for number, name in enumerate(names):
            if number >= 6 * FROZEN_LAYERS:
                rows, columns = self.whole[name].shape
                self.left[name] = tf.Variable(dice.normal(size=(rows, RANK)).astype(np.float32) / np.sqrt(rows))
                self.right[name] = tf.Variable(np.zeros((RANK, columns), dtype=np.float32))
        self.bias = {}
        for name, value in stored.items():
            if name.startswith("inner.") and (name.endswith("bias") or "LayerNorm.weight" in name):
                learns = "layer." in name and int(name.split("layer.")[1][0]) >= FROZEN_LAYERS
                self.bias[name] = tf.Variable(value.copy()) if learns else tf.constant(value.copy())
        self.looks = tf.Variable(dice.normal(size=(WIDTH, len(LABELS))).astype(np.float32) * 0.02)
        self.speaks = tf.Variable(dice.normal(size=(WIDTH, len(LABELS))).astype(np.float32) * 0.02)
        self.overall = tf.Variable(np.zeros((WIDTH, len(LABELS)), dtype=np.float32))
        self.base = tf.Variable(np.full(len(LABELS), -2.0, dtype=np.float32))

    @property
    def heads(self) -> list[tf.Variable]:
        return [self.looks, self.speaks, self.overall, self.base]

    @property
    def thin(self) -> list[tf.Variable]:
        return [*self.left.values(), *self.right.values()]

    @property
    def plain(self) -> list[tf.Variable]:
        return [value for value in self.bias.values() if isinstance(value, tf.Variable)]

    def scores(self, ids: tf.Tensor, kinds: tf.Tensor, mask: tf.Tensor, training: bool) -> tf.Tensor:
        """Scores (n, labels) of padded pairs (n, length); `kinds` is 1 over the line."""
        length = tf.shape(ids)[1]
        hidden = tf.gather(self.words, ids) + self.places[:length] + tf.gather(self.kinds, kinds)
        hidden = self._norm(hidden, "inner.embeddings.LayerNorm")
        away = (1 - mask[:, None, None, :]) * -1e9
        for layer in range(LAYERS):
            hidden = self._layer(hidden, away, layer, training and layer >= FROZEN_LAYERS)
        line = tf.cast(kinds, tf.float32) * mask
        looks = tf.nn.softmax(hidden @ self.looks + (1 - line[:, :, None]) * -1e9, axis=1)
        hidden = tf.nn.dropout(hidden, DROP) if training else hidden
        mean = tf.reduce_sum(hidden * line[:, :, None], 1) / tf.reduce_sum(line, 1, keepdims=True)
        return tf.reduce_sum(looks * (hidden @ self.speaks), 1) + mean @ self.overall + self.base

    def _layer(self, hidden: tf.Tensor, away: tf.Tensor, layer: int, training: bool) -> tf.Tensor:
        query, key, value, out, up, down = self.names[6 * layer : 6 * layer + 6]
        prefix = f"inner.encoder.layer.{layer}."
        shape = tf.shape(hidden)

        def heads(name: str, part: str) -> tf.Tensor:
            made = self._linear(hidden, name, f"{prefix}attention.self.{part}.bias")
            return tf.transpose(tf.reshape(made, [shape[0], shape[1], HEADS, WIDTH // HEADS]), [0, 2, 1, 3])

        def drop(values: tf.Tensor) -> tf.Tensor:
            return tf.nn.dropout(values, DROP) if training else values

        asked, offered, carried = heads(query, "query"), heads(key, "key"), heads(value, "value")
        looks = tf.nn.softmax(tf.matmul(asked, offered, transpose_b=True) / np.sqrt(WIDTH // HEADS) + away)
        seen = tf.reshape(tf.transpose(drop(looks) @ carried, [0, 2, 1, 3]), [shape[0], shape[1], WIDTH])
        seen = drop(self._linear(seen, out, f"{prefix}attention.output.dense.bias"))
        hidden = self._norm(hidden + seen, f"{prefix}attention.output.LayerNorm")
        wide = tf.nn.gelu(self._linear(hidden, up, f"{prefix}intermediate.dense.bias"))
        return self._norm(hidden + drop(self._linear(wide, down, f"{prefix}output.dense.bias")), f"{prefix}output.LayerNorm")

    def _linear(self, hidden: tf.Tensor, name: str, bias: str) -> tf.Tensor:
        made = tf.tensordot(hidden, self.whole[name], 1) + self.bias[bias]
        if name in self.left:
            made += SCALE * tf.tensordot(tf.tensordot(hidden, self.left[name], 1), self.right[name], 1)
        return made

    def _norm(self, hidden: tf.Tensor, name: str) -> tf.Tensor:
        mean, variance = tf.nn.moments(hidden, -1, keepdims=True)
        return (hidden - mean) * tf.math.rsqrt(variance + 1e-12) * self.bias[f"{name}.weight"] + self.bias[f"{name}.bias"]

    def changes(self) -> dict[str, np.ndarray]:
        """What `bot.tuning` reads, and the pooling, at half precision."""
        found = {f"A.{name}": value for name, value in self.left.items()} | {f"B.{name}": value for name, value in self.right.items()}
        found |= {f"b.{name}": value for name, value in self.bias.items()}
        return {name: value.numpy().astype(np.float16) for name, value in found.items()} | self.pooling()

    def pooling(self) -> dict[str, np.ndarray]:
        names = ("looks", "speaks", "overall", "base")
        return {f"pool.{name}": value.numpy().astype(np.float16) for name, value in zip(names, self.heads, strict=True)}


def padded(pairs: Sequence[Pair], dice: np.random.Generator | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ids, kinds and mask of a batch; with dice, some words are left out."""
    rows = []
    for pair in pairs:
        heard, said = pair.heard, pair.said
        if dice is not None:
            heard = [] if dice.random() < UNHEARD else heard
            heard, said = ([UNKNOWN if dice.random() < BLANKED else piece for piece in part] for part in (heard, said))
        rows.append(([CLS, *heard, SEP, *said, SEP], len(heard) + 2))
    longest = max(len(ids) for ids, _ in rows)
    ids, kinds, mask = (np.zeros((len(rows), longest), kind) for kind in (np.int32, np.int32, np.float32))
    for number, (row, start) in enumerate(rows):
        ids[number, : len(row)], mask[number, : len(row)], kinds[number, start : len(row)] = row, 1, 1
    return ids, kinds, mask


def batches(pairs: Sequence[Pair], dice: np.random.Generator) -> Iterator[list[Pair]]:
    """One epoch in random order; a batch holds pairs of about one length, so that little is padded."""
    order = dice.permutation(len(pairs))
    groups = [order[at : at + BATCH * 8] for at in range(0, len(order), BATCH * 8)]
    found = []
    for group in groups:
        by_length = sorted(group, key=lambda n: len(pairs[n].heard) + len(pairs[n].said))
        found += [[pairs[n] for n in by_length[at : at + BATCH]] for at in range(0, len(by_length), BATCH)]
    for number in dice.permutation(len(found)):
        yield found[number]


def tune(pairs: Sequence[Pair], epochs: int, rate: float, after: Callable[[PairEncoder, int], None]) -> PairEncoder:
    """A tuned encoder; calls `after(encoder, epoch)` after each epoch."""
    tf.random.set_seed(SEED)
    dice = np.random.default_rng(SEED)
    encoder = PairEncoder()
    variables = [*encoder.heads, *encoder.thin, *encoder.plain]
    rates = [2.0] * len(encoder.heads) + [1.0] * len(encoder.thin) + [0.25] * len(encoder.plain)
    first, second = ([tf.Variable(tf.zeros_like(value)) for value in variables] for _ in range(2))

    @tf.function(reduce_retracing=True, autograph=False)
    def step(batch: tuple[tf.Tensor, ...], now: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
        *texts, truth = batch
        with tf.GradientTape() as tape:
            scores = encoder.scores(*texts, True)
            loss = tf.nn.weighted_cross_entropy_with_logits(truth, scores, POSITIVE_WEIGHT)
            loss = tf.reduce_mean(tf.reduce_sum(loss, 1))
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 1.0)
        for value, slope, relative, mean, square in zip(variables, slopes, rates, first, second, strict=True):
            mean.assign(0.9 * mean + 0.1 * slope)
            square.assign(0.999 * square + 0.001 * slope**2)
            move = (mean / (1 - 0.9**count)) / (tf.sqrt(square / (1 - 0.999**count)) + 1e-8)
            value.assign_sub(now * relative * (move + (0.01 * value if relative >= 1 else 0.0)))
        return loss

    steps, count = epochs * -(-len(pairs) // BATCH), 0
    for epoch in range(epochs):
        losses, began = [], time.perf_counter()
        for batch in batches(pairs, dice):
            count += 1
            now = rate * min(1.0, count / 60) * max(0.02, 1 - count / steps)
            made = (*padded(batch, dice), np.array([pair.truth for pair in batch]))
            losses.append(float(step(tuple(map(tf.constant, made)), tf.constant(now, tf.float32), tf.constant(float(count)))))
        sys.stdout.write(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}, {time.perf_counter() - began:.0f} s\n")
        sys.stdout.flush()
        after(encoder, epoch + 1)
    return encoder


def scores_of(encoder: PairEncoder, pairs: Sequence[Pair]) -> np.ndarray:
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].heard) + len(pairs[n].said))
    rows = np.vstack([encoder.scores(*padded([pairs[n] for n in order[at : at + 32]]), False).numpy() for at in range(0, len(order), 32)])
    return rows[np.argsort(order)]


def macro_f1(scores: np.ndarray, truth: np.ndarray, at: float = -0.4) -> float:
    """Over labels, named from the score `at` on."""
    named = scores >= at
    hits = (named * truth).sum(0)
    return float(np.mean(2 * hits / np.maximum(1, named.sum(0) + truth.sum(0))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.0e-3)
    parser.add_argument("--hold-out", type=int, help="number of the fold of scenarios to leave out and score")
    parser.add_argument("--to", type=Path, default=TUNING)
    parser.add_argument("--trial", type=Path, help="file of a trial, whose scores are to be kept")
    arguments = parser.parse_args()
    lines = read_lines(read_settings().knowledge / "moves")
    pairs, folds = read_pairs(lines), folds_of(lines)
    learned = [pair for pair, fold in zip(pairs, folds, strict=True) if fold != arguments.hold_out]
    kept = [number for number, fold in enumerate(folds) if fold == arguments.hold_out]
    truth = truth_of(lines)[kept]

    def after(encoder: PairEncoder, epoch: int) -> None:
        if kept and epoch % 2 == 0:
            sys.stdout.write(f"  held out: macro-F1 {macro_f1(scores_of(encoder, [pairs[n] for n in kept]), truth):.3f}\n")

    encoder = tune(learned, arguments.epochs, arguments.rate, after)
    changes = encoder.changes()
    if kept:
        changes["held.keys"] = np.array([np.frombuffer(lines[n].key, dtype=np.uint8) for n in kept])
        changes["held.scores"] = scores_of(encoder, [pairs[n] for n in kept]).astype(np.float16)
    if arguments.trial:
        with np.load(arguments.trial, allow_pickle=False) as trial:
            changes |= {name: trial[name] for name in trial.files if name.startswith("held.")}
    np.savez_compressed(arguments.to, **changes)


if __name__ == "__main__":
    main()
