"""Reads YAML strictly and says where a mistake is: file, line and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import ContentError

Model = TypeVar("Model", bound=BaseModel)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _NoRepeats(_Loader):  # type: ignore[misc]
    """Refuses a mapping in which a key stands twice; YAML would keep the last one silently."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key `{key.value}` stands twice", key.start_mark)
        seen.add(key.value)
    return dict(loader.construct_pairs(node, deep=True))


_NoRepeats.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path, model: type[Model]) -> Model:
    """The file as a value of `model`. Raises ContentError naming file, line and key of everything that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        return model.parse_obj(yaml.load(text, Loader=_NoRepeats))  # noqa: S506 - made from the safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([f"{path}: cannot be read ({error})"]) from error
    except yaml.YAMLError as error:
        raise ContentError([f"{path}:{_line_of(error)}: not valid YAML: {getattr(error, 'problem', None) or error}"]) from error
    except ValidationError as error:
        root = yaml.compose(text, Loader=_Loader)
        raise ContentError([_describe(path, root, problem) for problem in error.errors()]) from error


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _describe(path: Path, root: yaml.Node | None, problem: Any) -> str:
    location = tuple(part for part in problem["loc"] if part != "__root__")
    key = ".".join(map(str, location)) or "(file)"
    return f"{path}:{_line_at(root, location)}: {key}: {problem['msg']}"


def _line_at(node: yaml.Node | None, location: tuple[str | int, ...]) -> int:
    """The line (from 1) of the deepest part of `location` that exists."""
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
