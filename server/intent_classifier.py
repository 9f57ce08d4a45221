"""Rasa intent classifier around `server.intent_model`; its confidence is the chance of being right."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from server.intent_model import IntentModel

RANKING = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntents(IntentClassifier, GraphComponent):
    """Needs one dense and one sparse featurizer before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> CalibratedIntents:
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **_: Any
    ) -> CalibratedIntents:
        try:
            with model_storage.read_from(resource) as folder:
                return cls(model_storage, resource, IntentModel.read(folder))
        except ValueError:  # Rasa's way of saying that nothing was stored
            return cls(model_storage, resource, None)

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(INTENT) and example.get(TEXT)]
        names = [example.get(INTENT) for example in examples]
        if len(set(names)) > 1:
            self._model = IntentModel.fit(*_features(examples), names)
            with self._model_storage.write_to(self._resource) as folder:
                self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None or not message.get(TEXT):
            return []
        ranked = self._model.predict(*_features([message]))[0]
        return [{"name": name, "confidence": confidence} for name, confidence in ranked[:RANKING]]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to configure."""


def _features(messages: list[Message]) -> tuple[np.ndarray, csr_matrix]:
    dense = [message.get_dense_features(attribute=TEXT)[1].features for message in messages]
    sparse = [message.get_sparse_features(attribute=TEXT)[1].features for message in messages]
    return np.vstack(dense).astype(np.float64), csr_matrix(vstack(sparse))
