"""A calculation in words for the learner. The words are knowledge/calculators.yml; nothing is opened at import."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from bot.calculate.result import Calculation

Templates = Mapping[str, str]

_SHARED: Final = "any"
_ABSENT: Final = "?"


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return _ABSENT


def load_templates(path: Path) -> Templates:
    """The templates of a calculators.yml, keyed by dotted path such as `csat.missing.whole`."""
    with path.open(encoding="utf-8") as file:
        tree = yaml.safe_load(file)
    return dict(_flat(tree["calculators"], ""))


def _flat(tree: object, path: str) -> list[tuple[str, str]]:
    if isinstance(tree, Mapping):
        return [leaf for key, branch in tree.items() for leaf in _flat(branch, f"{path}.{key}" if path else str(key))]
    return [(path, str(tree).strip())]


def template_for(key: str, templates: Templates) -> str:
    """The text under `key`, else the one all metrics share, else nothing."""
    _, _, rest = key.partition(".")
    return templates.get(key) or templates.get(f"{_SHARED}.{rest}", "")


def words(calculation: Calculation, templates: Templates) -> str:
    """What to say about `calculation`."""
    metric = calculation.template.partition(".")[0]
    names = {
        "name": templates.get(f"{metric}.name", metric),
        "part_name": templates.get(f"{metric}.part", ""),
        "whole_name": templates.get(f"{metric}.whole", ""),
    }
    return template_for(calculation.template, templates).format_map(_Filled({**names, **calculation.values})).strip()
