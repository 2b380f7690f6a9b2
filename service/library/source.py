"""YAML as values that remember their lines, so that a mistake can be shown where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from service.library.errors import LibraryError, Problem

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_SENTENCES: Final = {
    "missing": "is missing; add it.",
    "extra_forbidden": "is not a field known here; check its spelling or remove it.",
    "string_type": "must be text.",
    "int_type": "must be a whole number.",
    "int_parsing": "must be a whole number.",
    "float_parsing": "must be a number.",
    "float_type": "must be a number.",
    "bool_type": "must be true or false.",
    "tuple_type": "must be a list.",
    "list_type": "must be a list.",
    "dict_type": "must have fields of its own.",
    "model_type": "must have fields of its own.",
    "model_attributes_type": "must have fields of its own.",
    "too_short": "must not be empty.",
    "string_too_short": "must not be empty.",
}

# How pydantic marks that a field's name is wrong, not its value.
_OF_A_KEY: Final = "[key]"


class _Loader(yaml.CSafeLoader):
    """Reads plain words as YAML 1.2 does: `no` and `on` are words, and 21:00 is no number of seconds."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", [*"n~", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", [*"tf"]),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]*)$", [*"-+0123456789"]),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]+$", [*"-+0123456789"]),
    ("tag:yaml.org,2002:merge", r"^<<$", ["<"]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its path, its content as plain values, and the line of every field."""

    path: Path
    content: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of the field at the place, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, sentence: str) -> Problem:
        """Return a problem at the place, such as ("steps", 0, "after")."""
        return Problem(self.path, self.line(place), dotted(place), sentence)


def read_text(path: Path) -> str:
    """Read a text file; raise LibraryError where it is not there or not in UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        sentence = f"cannot be read: {error.strerror}."
        raise LibraryError([Problem(path, 1, "(file)", sentence)]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise LibraryError([Problem(path, line, "(file)", "is not in UTF-8; save it so.")]) from error


def read_yaml(path: Path) -> Source:
    """Read a YAML file; raise LibraryError where it is no YAML, is empty, or has the same field twice."""
    loader = _Loader(read_text(path))
    try:
        node = loader.get_single_node()
        if node is None:
            raise LibraryError([Problem(path, 1, "(file)", "is empty; fill it or remove it.")])
        lines: dict[Place, int] = {}
        problems = [Problem(path, line, field, sentence) for line, field, sentence in _walk(node, (), lines)]
        if problems:
            raise LibraryError(problems)
        return Source(path, loader.construct_document(node), lines)
    except yaml.YAMLError as error:
        raise LibraryError([_unreadable(path, error)]) from error
    finally:
        loader.dispose()


def validated(source: Source, model: type[Model]) -> Model:
    """Return the content as the model; raise LibraryError with every problem, its line and field."""
    try:
        return model.model_validate(source.content)
    except ValidationError as error:
        problems = [_problem(source, dict(one)) for one in error.errors()]
        raise LibraryError(sorted(problems, key=lambda problem: problem.line)) from error


def dotted(place: Place) -> str:
    """Return a place as it is written: steps[0].after."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".") or "(file)"


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Iterator[tuple[int, str, str]]:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*place, index), lines)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            line = key.start_mark.line + 1
            if inner in lines:
                yield line, dotted(inner), f"stands here and on line {lines[inner]}; keep one."
            lines[inner] = line
            yield from _walk(value, inner, lines)


def _unreadable(path: Path, error: yaml.YAMLError) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(path, 1, "(file)", "holds signs that YAML does not allow; remove them.")
    mark = error.problem_mark or error.context_mark
    return Problem(path, mark.line + 1 if mark else 1, "(file)", f"is no readable YAML: {error.problem}.")


def _problem(source: Source, error: dict[str, Any]) -> Problem:
    place = tuple(part for part in error["loc"] if part != _OF_A_KEY)
    kind = error["type"]
    if kind == "value_error":
        return source.problem(place, str(error["ctx"]["error"]))
    if kind in ("enum", "literal_error"):
        return source.problem(place, f"is {error['input']!r}; it must be one of {error['ctx']['expected']}.")
    sentence = _SENTENCES.get(kind, f"is {error['input']!r}: {error['msg'][:1].lower()}{error['msg'][1:]}.")
    return source.problem(place, sentence)
