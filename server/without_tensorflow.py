"""Serves without TensorFlow, where nothing needs it.

Rasa's default recipe imports every component that there is, and with the neural ones TensorFlow: seconds of each start and more than
half of the memory. Where the configuration names none of them, something that can be imported and subclassed stands in its place.
Training, and every other command, has the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

PACKAGES = frozenset({"tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"})
NEURAL = frozenset(
    {"DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy", "ConveRTFeaturizer", "LanguageModelFeaturizer"}
)


class _Anything(type):
    """A class whose every attribute and item is itself: enough to be named in annotations and base classes."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __getitem__(cls, _: Any) -> Any:
        return cls


class _Absent(metaclass=_Anything):
    """Anything of TensorFlow's; as a decorator it leaves the function as it is."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, decorated: Any = None, *_: Any, **__: Any) -> Any:
        return decorated


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Absent


class _StandIn(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname.split(".", maxsplit=1)[0] in PACKAGES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def leave_out_tensorflow(configuration: Path) -> bool:
    """Whether it is left out from now on. Call it before Rasa is imported; a configuration that names a neural component keeps it."""
    if "tensorflow" in sys.modules or _is_neural(configuration):
        return False
    sys.meta_path.insert(0, _StandIn())
    return True


def _is_neural(configuration: Path) -> bool:
    """Also where the configuration cannot be read, or leaves the choice to Rasa."""
    try:
        values = yaml.safe_load(configuration.read_text(encoding="utf-8"))
        steps = [*values["pipeline"], *values["policies"]]
        return any(step["name"].rpartition(".")[2] in NEURAL for step in steps)
    except (OSError, yaml.YAMLError, TypeError, KeyError, AttributeError):
        return True
