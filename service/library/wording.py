"""Every sentence that leaves the house, by name and language: one Jinja file a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, UndefinedError, meta
from pydantic import BaseModel, ConfigDict, Field

from service.core.words import Language
from service.library.errors import LibraryError, Problem
from service.library.segments import Encoding, Segments, segments
from service.library.source import read_text, read_yaml, validated
from service.library.speech import spelled, spoken_number

__all__ = ["Encoding", "Segments", "Wording", "WordingError", "load_wording", "segments"]

SYMPTOMS_FILE: Final = "symptoms.yaml"


class WordingError(Exception):
    """A message that does not exist, or a value that it needs and was not given."""


class SymptomName(BaseModel):
    """A symptom as patients are asked about it, in each language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)


class _SymptomFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    symptoms: dict[str, SymptomName]


@dataclass(frozen=True, slots=True)
class Wording:
    """The messages of one folder: `render` writes one, `symptoms` holds the names that patients read."""

    folder: Path
    environment: Environment
    names: frozenset[str]
    symptoms: Mapping[str, SymptomName]

    def render(self, name: str, language: Language, /, **values: object) -> str:
        """Return the message; a `symptom` given by code is written by its name in the language.

        Raises WordingError with a sentence where the message does not exist or lacks a value.
        """
        if name not in self.names:
            raise WordingError(f"There is no message {name!r} in {self.folder}.")
        code = values.get("symptom")
        if isinstance(code, str) and code in self.symptoms:
            values["symptom"] = getattr(self.symptoms[code], language)
        try:
            return self.environment.get_template(f"{language}/{name}.txt").render(values).strip()
        except UndefinedError as error:
            raise WordingError(f"Message {name!r} ({language}) lacks a value: {error.message}.") from error

    def variables(self, name: str, language: Language) -> frozenset[str]:
        """Return the names of the values that a message needs."""
        return frozenset(meta.find_undeclared_variables(self.environment.parse(self.source(name, language))))

    def source(self, name: str, language: Language) -> str:
        """Return a message as it stands in its file."""
        return (self.folder / language / f"{name}.txt").read_text(encoding="utf-8")


def load_wording(folder: Path, symptoms: Path | None = None) -> Wording:
    """Return the messages of a folder with one sub-folder a language, and the names of symptoms.

    `symptoms` is the file of those names where it is not `symptoms.yaml` of the same folder.
    Raises LibraryError with every message that cannot be read or lacks a language.
    """
    named = validated(read_yaml(symptoms or folder / SYMPTOMS_FILE), _SymptomFile).symptoms
    environment = Environment(
        loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=False, trim_blocks=True
    )
    environment.filters.update(spelled=spelled, spoken_number=spoken_number)
    files = {language: {path.stem for path in (folder / language).glob("*.txt")} for language in Language}
    names = frozenset().union(*files.values())
    problems = [
        Problem(
            folder / language / f"{name}.txt", 1, "(file)", "is missing; every message is in every language."
        )
        for language, present in files.items()
        for name in sorted(names - present)
    ]
    problems += [
        problem for path in sorted(folder.glob("*/*.txt")) for problem in _unreadable(path, environment)
    ]
    if problems:
        raise LibraryError(problems)
    return Wording(folder, environment, names, MappingProxyType(named))


def _unreadable(path: Path, environment: Environment) -> list[Problem]:
    try:
        environment.parse(read_text(path))
    except LibraryError as error:
        return list(error.problems)
    except TemplateSyntaxError as error:
        return [Problem(path, error.lineno, "(file)", f"is no readable template: {error.message}.")]
    return []
