"""Makes `bot/tuning.npz`: teaches the sentence encoder to tell our answers apart.

    python -m tools.tune_encoder --epochs 3

Needs PyTorch, which the product does not: run it in an environment of its own with the project's requirements and `torch`.
Takes about half an hour on two cores. Afterwards run `make fit` and `make benchmark`, and commit all three results.

Ways of asking for one answer are drawn together, and away from those for other answers and from messages that are not for
us (a contrastive loss in batches of neighbouring topics). Only low-rank changes of the upper layers, biases and norms are
learned, so that the result is small and the encoder's general sense of English stays.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from bot.answer.index import answer_text, reader_of, sentences
from bot.answer.lexicon import load_lexicon
from bot.content import load
from bot.encoder import Encoder, weights_file
from bot.outside import outside_messages
from bot.settings import read_settings
from bot.tuning import SCALE, TUNING, stored_weights

LAYERS, HEADS, WIDTH = 6, 12, 384
FROZEN_LAYERS = 2
RANK = 8
TEMPERATURE = 0.06
BATCH_TOPICS, PER_TOPIC, OUTSIDE = 8, 8, 12
LONGEST = 44
SEED = 20261122


@dataclass(frozen=True)
class Answer:
    """Token ids of one answer's ways of asking, of its sentences and of the whole of it."""

    topic: str
    asked: list[list[int]]
    sentences: list[list[int]]
    text: list[int]


def read_answers() -> tuple[list[Answer], list[list[int]]]:
    """Answers of the content, and messages that are not for us, as token ids."""
    settings = read_settings()
    library, lexicon, encoder = load(settings.knowledge), load_lexicon(settings.knowledge), Encoder.load()
    reader = reader_of(library, lexicon, encoder.tokeniser)
    pieces = encoder.tokeniser.pieces
    answers = [
        Answer(
            answerable.topic.id,
            [pieces(reader.plain(text)) for text in (*answerable.facet.ask, *library.phrasings.get(answerable.id, ()))],
            [pieces(text) for text in sentences(answerable)],
            pieces(answer_text(answerable)),
        )
        for answerable in library.answerables
    ]
    return answers, [pieces(reader.plain(text)) for text in outside_messages(settings.root)]


class TunedEncoder(torch.nn.Module):
    """The published encoder with thin matrices beside every weight of its layers."""

    def __init__(self) -> None:
        super().__init__()
        stored = dict(stored_weights(memoryview(bytearray(weights_file().read_bytes()))))
        names = [name[:-2] for name in stored if re.fullmatch(r"val_\d+_q", name)]
        self.names = sorted(names, key=lambda name: int(name.split("_")[1]))
        self.whole = {name: _floats(stored, name) for name in self.names}
        self.words = _floats(stored, "inner.embeddings.word_embeddings.weight")
        self.positions = _floats(stored, "inner.embeddings.position_embeddings.weight")
        self.kind = torch.tensor(stored["inner.embeddings.token_type_embeddings.weight"][0].copy())
        self.left, self.right, self.bias = torch.nn.ParameterDict(), torch.nn.ParameterDict(), torch.nn.ParameterDict()
        for number, name in enumerate(self.names):
            learns = number >= 6 * FROZEN_LAYERS
            rows, columns = self.whole[name].shape
            self.left[name] = torch.nn.Parameter(torch.randn(rows, RANK) / math.sqrt(rows), requires_grad=learns)
            self.right[name] = torch.nn.Parameter(torch.zeros(RANK, columns), requires_grad=learns)
        for name, value in stored.items():
            if name.startswith("inner.") and (name.endswith("bias") or "LayerNorm.weight" in name):
                layer = re.search(r"layer\.(\d)\.", name)
                learns = bool(layer) and int(layer[1]) >= FROZEN_LAYERS
                self.bias[name.replace(".", "/")] = torch.nn.Parameter(torch.tensor(value.copy()), requires_grad=learns)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, 384) of padded ids (n, length)."""
        hidden = self._norm(self.words[ids] + self.positions[: ids.shape[1]] + self.kind, "inner/embeddings/LayerNorm")
        away = (1 - mask[:, None, None, :]) * -1e9
        for layer in range(LAYERS):
            hidden = self._layer(hidden, away, layer)
        return functional.normalize((hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)

    def _layer(self, hidden: torch.Tensor, away: torch.Tensor, layer: int) -> torch.Tensor:
        query, key, value, out, up, down = self.names[6 * layer : 6 * layer + 6]
        prefix = f"inner/encoder/layer/{layer}/"
        rows, length, _ = hidden.shape

        def heads(name: str, part: str) -> torch.Tensor:
            return self._linear(hidden, name, f"{prefix}attention/self/{part}/bias").view(rows, length, HEADS, -1).transpose(1, 2)

        asked, offered, carried = heads(query, "query"), heads(key, "key"), heads(value, "value")
        looks = torch.softmax(asked @ offered.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + away, -1)
        seen = (self._drop(looks) @ carried).transpose(1, 2).reshape(rows, length, WIDTH)
        seen = self._drop(self._linear(seen, out, f"{prefix}attention/output/dense/bias"))
        hidden = self._norm(hidden + seen, f"{prefix}attention/output/LayerNorm")
        wide = functional.gelu(self._linear(hidden, up, f"{prefix}intermediate/dense/bias"))
        narrow = self._drop(self._linear(wide, down, f"{prefix}output/dense/bias"))
        return self._norm(hidden + narrow, f"{prefix}output/LayerNorm")

    def _linear(self, hidden: torch.Tensor, name: str, bias: str) -> torch.Tensor:
        return hidden @ self.whole[name] + SCALE * (hidden @ self.left[name]) @ self.right[name] + self.bias[bias]

    def _norm(self, hidden: torch.Tensor, name: str) -> torch.Tensor:
        return functional.layer_norm(hidden, (WIDTH,), self.bias[f"{name}/weight"], self.bias[f"{name}/bias"], 1e-12)

    def _drop(self, hidden: torch.Tensor) -> torch.Tensor:
        return functional.dropout(hidden, 0.1, self.training)

    def vectors(self, texts: Sequence[list[int]]) -> torch.Tensor:
        """Vectors in the order of the texts; run by length in four groups, so that little is padded."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        size = -(-len(order) // 4)
        rows = torch.cat([self(*_padded([texts[i] for i in order[at : at + size]])) for at in range(0, len(order), size)])
        return rows[torch.tensor(np.argsort(order))]

    def changes(self) -> dict[str, np.ndarray]:
        """What `bot.tuning` reads: half-precision thin matrices of the layers that learned, biases and norms."""
        learned = [name for name in self.names if self.right[name].requires_grad]
        found = {f"A.{name}": self.left[name] for name in learned} | {f"B.{name}": self.right[name] for name in learned}
        found |= {f"b.{name.replace('/', '.')}": value for name, value in self.bias.items()}
        return {name: value.detach().numpy().astype(np.float16) for name, value in found.items()}


def _floats(stored: dict[str, np.ndarray], name: str) -> torch.Tensor:
    return torch.tensor(stored[f"{name}_q"].astype(np.float32) * stored[f"{name}_scale"])


def _padded(texts: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    framed = [[101, *ids[: LONGEST - 2], 102] for ids in texts]
    longest = max(map(len, framed))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in framed])
    return ids, torch.tensor([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in framed])


def batches(answers: Sequence[Answer], dice: random.Random) -> Iterator[list[tuple[int, list[int]]]]:
    """Endless batches of (answer, way of asking), each from a few topics, so that near neighbours meet."""
    by_topic: dict[str, list[int]] = {}
    for number, answer in enumerate(answers):
        by_topic.setdefault(answer.topic, []).append(number)
    while True:
        groups = []
        for members in by_topic.values():
            asked = [(number, ids) for number in members for ids in answers[number].asked]
            dice.shuffle(asked)
            groups += [asked[at : at + PER_TOPIC] for at in range(0, len(asked), PER_TOPIC)]
        dice.shuffle(groups)
        for at in range(0, len(groups) - BATCH_TOPICS, BATCH_TOPICS):
            yield [pair for group in groups[at : at + BATCH_TOPICS] for pair in group]


def partner(answer: Answer, asked: list[int], dice: random.Random) -> list[int]:
    """Something else that belongs to the same answer: mostly another way of asking, else a sentence or the text."""
    chance = dice.random()
    others = [ids for ids in answer.asked if ids is not asked]
    if chance < 0.62 and others:
        return dice.choice(others)
    return dice.choice(answer.sentences) if chance < 0.82 else answer.text


def loss_of(model: TunedEncoder, batch: list[tuple[int, list[int]]], partners: list[list[int]], outside: list[list[int]]) -> torch.Tensor:
    """Cross-entropy of picking the partner among all partners, all other askings and the outside messages, and back."""
    size = len(batch)
    asked, met, away = torch.split(model.vectors([ids for _, ids in batch] + partners + outside), [size, size, len(outside)])
    owners = torch.tensor([number for number, _ in batch])
    same = owners[:, None] == owners[None, :]
    right = torch.arange(size)
    across = (asked @ met.T / TEMPERATURE).masked_fill(same & ~torch.eye(size, dtype=torch.bool), -1e4)
    among = (asked @ asked.T / TEMPERATURE).masked_fill(same, -1e4)
    return functional.cross_entropy(torch.cat([across, among, asked @ away.T / TEMPERATURE], 1), right) + 0.5 * functional.cross_entropy(
        across.T, right
    )


def tune(epochs: int, rate: float) -> TunedEncoder:
    """A tuned encoder; prints the loss every fifty steps."""
    torch.manual_seed(SEED)
    dice = random.Random(SEED)  # noqa: S311 - an order of examples, no secret
    answers, outside = read_answers()
    model = TunedEncoder()
    steps = epochs * sum(len(answer.asked) for answer in answers) // (BATCH_TOPICS * PER_TOPIC)
    thin = [value for table in (model.left, model.right) for value in table.values() if value.requires_grad]
    plain = [value for value in model.bias.values() if value.requires_grad]
    optimiser = torch.optim.AdamW([{"params": thin, "weight_decay": 0.01}, {"params": plain, "lr": rate / 4, "weight_decay": 0}], lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, step / 50) * max(0.02, 1 - step / steps))
    model.train()
    for step, batch in zip(range(steps), batches(answers, dice), strict=False):
        partners = [partner(answers[number], asked, dice) for number, asked in batch]
        loss = loss_of(model, batch, partners, dice.sample(outside, OUTSIDE))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*thin, *plain], 1.0)
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            sys.stdout.write(f"step {step} of {steps}: loss {loss.item():.2f}\n")
            sys.stdout.flush()
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    arguments = parser.parse_args()
    np.savez_compressed(TUNING, **tune(arguments.epochs, arguments.rate).changes())


if __name__ == "__main__":
    main()
