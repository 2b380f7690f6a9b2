"""The lexicon files in `schedules/lexicon/`, read into one source: every mistake with its file, line and field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from service.core.findings import Status
from service.core.reply.lexicon import Cue, Entry, EntryKind, Lexicon, LexiconSource, compile_lexicon
from service.core.reply.normalize import fold
from service.core.reply.phrase_graph import NUMBER_SET
from service.core.reply.phrases import Phrase, PhraseError, parse_phrase
from service.library.errors import LibraryError, Problem
from service.library.source import Place, Source, read_yaml, validated


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SaidRow(_Strict):
    says: str
    features: tuple[str, ...] = ()
    severity: int | None = Field(default=None, ge=0, le=10)
    status: Status | None = None


class _SymptomRow(_Strict):
    en: str
    es: str
    red: bool = False
    asked: int | None = None
    measured: tuple[str, ...] = ()


class _LexiconFile(_Strict):
    names: dict[str, _SymptomRow] = {}
    sets: dict[str, str] = {}
    symptoms: dict[str, tuple[_SaidRow, ...]] = {}
    idioms: str = ""
    cues: dict[Cue, str | tuple[_SaidRow, ...]] = {}
    facts: dict[str, str] = {}
    emoji: dict[str, str] = {}
    numbers: dict[str, float] = {}
    fixes: dict[str, str] = {}
    everyday: str = ""
    net: dict[str, str] = {}


_NOTHING: Final[frozenset[str]] = frozenset()


class _Gathering:
    """Everything read so far, file by file."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.phrases: list[tuple[Phrase, int, Source, Place, int]] = []
        self.entries: list[Entry] = []
        self.sets: dict[str, list[Phrase]] = {}
        self.names: dict[str, _SymptomRow] = {}
        self.emoji: dict[str, str] = {}
        self.numbers: dict[str, float] = {}
        self.fixes: dict[str, str] = {}
        self.everyday: set[str] = set()
        self.net: dict[str, list[str]] = {}
        self.used: list[tuple[str, Source, Place]] = []

    def take(self, source: Source) -> None:
        """Add one file."""
        file = validated(source, _LexiconFile)
        self.names.update(file.names)
        for name, members in file.sets.items():
            place: Place = ("sets", name)
            self.sets.setdefault(name, []).extend(
                phrase for phrase, _ in self._phrases(members, source, place)
            )
        for code, rows in file.symptoms.items():
            self.used.append((code, source, ("symptoms", code)))
            for index, row in enumerate(rows):
                self._entry(EntryKind.SYMPTOM, code, row, source, ("symptoms", code, index, "says"))
        self._entry(EntryKind.IDIOM, "", _SaidRow(says=file.idioms), source, ("idioms",))
        for cue, says in file.cues.items():
            self._cue(cue, says, source)
        for fact, says in file.facts.items():
            self._entry(
                EntryKind.CUE, Cue.FACT, _SaidRow(says=says, features=(fact,)), source, ("facts", fact)
            )
        self.emoji.update(file.emoji)
        self.numbers.update({fold(word): value for word, value in file.numbers.items()})
        self.fixes.update({fold(word).replace("'", ""): fold(right) for word, right in file.fixes.items()})
        self.everyday.update(fold(file.everyday).replace("'", "").replace(",", " ").split())
        for code, strings in file.net.items():
            self.used.append((code, source, ("net", code)))
            self.net.setdefault(code, []).extend(
                fold(part).replace(" ", "").replace("'", "") for part, _ in _parts(strings)
            )

    def _entry(self, kind: EntryKind, name: str, row: _SaidRow, source: Source, place: Place) -> None:
        index = len(self.entries)
        where = f"{source.path.name}:{source.line(place)}"
        self.entries.append(Entry(kind, str(name), frozenset(row.features), row.severity, row.status, where))
        for phrase, line in self._phrases(row.says, source, place):
            self.phrases.append((phrase, index, source, place, line))

    def _cue(self, cue: Cue, says: str | tuple[_SaidRow, ...], source: Source) -> None:
        if isinstance(says, str):
            self._entry(EntryKind.CUE, cue, _SaidRow(says=says), source, ("cues", str(cue)))
            return
        for index, row in enumerate(says):
            self._entry(EntryKind.CUE, cue, row, source, ("cues", str(cue), index, "says"))

    def _phrases(self, says: str, source: Source, place: Place) -> Iterator[tuple[Phrase, int]]:
        first = source.line(place) + (1 if "\n" in says else 0)
        for part, offset in _parts(fold(says)):
            try:
                yield parse_phrase(part.replace("'", "")), first + offset
            except PhraseError as error:
                self._wrong(source, place, first + offset, str(error))

    def _wrong(self, source: Source, place: Place, line: int, sentence: str) -> None:
        field = source.problem(place, sentence).field
        self.problems.append(Problem(source.path, line, field, sentence))

    def check_names(self) -> None:
        """Note every symptom code that is used and not named."""
        for code, source, place in self.used:
            if code not in self.names:
                known = ", ".join(sorted(self.names))
                self.problems.append(
                    source.problem(place, f"is no symptom named under `names`; known are {known}.")
                )

    def compile(self) -> Lexicon:
        """Return the compiled lexicon; raise LibraryError with every problem."""
        self.check_names()
        source = LexiconSource(
            phrases=tuple((phrase, index) for phrase, index, *_ in self.phrases),
            entries=tuple(self.entries),
            sets={name: tuple(members) for name, members in self.sets.items()}
            | {NUMBER_SET: self._number_words()},
            emoji=self.emoji,
            numbers=self.numbers,
            protected=frozenset(self.everyday),
            fixes=self.fixes,
            net={code: tuple(strings) for code, strings in self.net.items()},
            red_flags=frozenset(code for code, row in self.names.items() if row.red),
            asked=tuple(
                sorted((c for c, r in self.names.items() if r.asked), key=lambda c: self.names[c].asked or 0)
            ),
            measured={name: code for code, row in self.names.items() for name in row.measured},
            symptoms={code: {"en": row.en, "es": row.es} for code, row in self.names.items()},
        )
        if self.problems:
            raise LibraryError(self.problems)
        try:
            return compile_lexicon(source)
        except PhraseError as error:
            raise LibraryError([self._culprit(error)]) from error

    def _number_words(self) -> tuple[Phrase, ...]:
        return tuple(parse_phrase(word) for word in self.numbers)

    def _culprit(self, error: PhraseError) -> Problem:
        name = str(error).partition("<")[2].partition(">")[0]
        for _, _, source, place, line in self.phrases:
            lines = source.path.read_text(encoding="utf-8").splitlines()
            if f"<{name}>" in lines[line - 1]:
                return Problem(source.path, line, source.problem(place, "").field, str(error))
        return Problem(self.used[0][1].path.parent, 1, "sets", str(error))


def _parts(says: str) -> Iterator[tuple[str, int]]:
    """Yield the phrases of a text, which commas and line ends part, each with the number of its line."""
    for offset, line in enumerate(says.split("\n")):
        for part in line.split(","):
            if part and not part.isspace():
                yield part.strip(), offset


def load_lexicon(folder: Path) -> Lexicon:
    """Return the lexicon of a folder and its sub-folders; raise LibraryError with every problem of every file."""
    gathering = _Gathering()
    for path in sorted(folder.rglob("*.yaml")):
        try:
            gathering.take(read_yaml(path))
        except LibraryError as error:
            gathering.problems.extend(error.problems)
    if not gathering.entries and not gathering.problems:
        raise LibraryError([Problem(folder, 1, "(folder)", "holds no lexicon; add a .yaml file to it.")])
    return gathering.compile()
