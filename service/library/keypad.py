"""`templates/voice/keys.yaml`: what keys and short words mean on a call, validated with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from service.core.call import Command, Hints, Keypad, as_heard
from service.core.words import AskedKind, Language
from service.library.errors import LibraryError
from service.library.source import Place, read_yaml, validated

KEYS_FILE: Final = "keys.yaml"
_KEYS: Final = frozenset("0123456789")
# At these a key stands for words; at the others it is a number, or nothing.
_ANSWERED_BY_KEY: Final = frozenset({AskedKind.OPENING, AskedKind.REDFLAG, AskedKind.RECHECK})
Words = Annotated[str, Field(min_length=1)]


class _KeypadFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: dict[AskedKind, dict[Language, dict[str, Words]]]
    words: dict[Command, dict[Language, tuple[Words, ...]]]
    likely: dict[Hints, dict[Language, tuple[Words, ...]]]


def load_keypad(path: Path) -> Keypad:
    """Return the keypad of a file; raises LibraryError with every problem in it."""
    source = read_yaml(path)
    file = validated(source, _KeypadFile)
    mistakes = [*_wrong_keys(file), *_missing(file), *_wrong_words(file), *_wrong_hints(file)]
    if mistakes:
        raise LibraryError(source.problem(place, sentence) for place, sentence in mistakes)
    return Keypad(keys=file.keys, words=_by_language(file), likely=file.likely)


def _by_language(file: _KeypadFile) -> Mapping[Language, Mapping[str, Command]]:
    return {
        language: {
            as_heard(phrase): command
            for command, phrases in file.words.items()
            for phrase in phrases[language]
        }
        for language in Language
    }


def _wrong_keys(file: _KeypadFile) -> Iterator[tuple[Place, str]]:
    for kind, languages in file.keys.items():
        if kind not in _ANSWERED_BY_KEY:
            yield ("keys", kind), "is answered by a number or in words; no key stands for them."
        for language, keys in languages.items():
            for key in keys:
                if key not in _KEYS:
                    yield ("keys", kind, language, key), f"is {key!r}; a key is one of 0 to 9."
        if len({frozenset(keys) for keys in languages.values()}) > 1:
            yield ("keys", kind), "has other keys in another language; they must be the same."


def _missing(file: _KeypadFile) -> Iterator[tuple[Place, str]]:
    parts: tuple[tuple[str, frozenset[str], Mapping[Any, Mapping[Language, object]]], ...] = (
        ("keys", frozenset(_ANSWERED_BY_KEY), file.keys),
        ("words", frozenset(Command), file.words),
        ("likely", frozenset(Hints), file.likely),
    )
    for name, wanted, found in parts:
        for key in sorted(wanted - set(found)):
            yield (name,), f"lacks {str(key)!r}."
        for key, languages in found.items():
            for language in Language:
                if language not in languages:
                    yield (name, key), f"lacks the language {str(language)!r}."


def _wrong_words(file: _KeypadFile) -> Iterator[tuple[Place, str]]:
    for language in Language:
        meant: dict[str, Command] = {}
        for command, phrases in file.words.items():
            for number, phrase in enumerate(phrases.get(language, ())):
                place = ("words", command, language, number)
                if not as_heard(phrase):
                    yield place, f"is {phrase!r}, which nobody can say; silence would mean {str(command)!r}."
                other = meant.setdefault(as_heard(phrase), command)
                if other is not command:
                    yield place, f"is {phrase!r}, which already means {str(other)!r}."


def _wrong_hints(file: _KeypadFile) -> Iterator[tuple[Place, str]]:
    for hints, languages in file.likely.items():
        for language, words in languages.items():
            for number, said in enumerate(words):
                if "," in said:
                    yield (
                        ("likely", hints, language, number),
                        "holds a comma, which parts two hints; give two.",
                    )
