"""The clinic's triage guide: lexicon and rules of a folder, loaded together, checked against each other, hashed."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from service.core.interpretation import TriageGuide, interpret
from service.core.reply.lexicon import Cue, Lexicon
from service.core.reply.reading import MEASURED, NAMED, NET, RELATIVES_ALARM, RESIDUE
from service.core.triage.book import RuleBook
from service.core.triage.knowable import Knowable
from service.core.words import Asked, Language
from service.library.errors import LibraryError, Problem
from service.library.known import load_knowable
from service.library.lexicon import load_lexicon
from service.library.rules import Vocabulary, load_rules

# Long enough that two versions never share it, short enough to read out.
_VERSION_LENGTH: Final = 12
_LEXICON: Final = "lexicon"
_RULES: Final = "rules"


def load_triage(folder: Path) -> TriageGuide:
    """Return the triage guide of a folder that holds `lexicon/` and `rules/`.

    Raises LibraryError with every problem found, each with its file, line and field.
    """
    for name in (_LEXICON, _RULES):
        if not (folder / name).is_dir():
            raise LibraryError([Problem(folder / name, 1, "(folder)", "is missing; triage needs it.")])
    with _no_garbage_collection():
        lexicon = load_lexicon(folder / _LEXICON)
        knowable = load_knowable(folder / _RULES)
        rules = load_rules(folder / _RULES, _vocabulary(lexicon, knowable))
        return TriageGuide(lexicon, RuleBook(rules), fingerprint(folder), knowable)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Thirty thousand small values are made and kept; looking through them for garbage takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # What was read stays as long as the process: it is old at once, and not looked through as young.
        gc.freeze()
        gc.unfreeze()
        if was_on:
            gc.enable()


def fingerprint(folder: Path) -> str:
    """Return a hash over the lexicon and rule files, which changes when any of them does."""
    digest = hashlib.sha256()
    for name in (_LEXICON, _RULES):
        for path in sorted((folder / name).rglob("*.yaml")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_VERSION_LENGTH]


def _vocabulary(lexicon: Lexicon, knowable: Knowable) -> Vocabulary:
    said = {feature for entry in lexicon.entries for feature in entry.features}
    heard = {feature for entry in lexicon.entries if entry.name == Cue.FACT for feature in entry.features}
    return Vocabulary(
        symptoms=frozenset(lexicon.symptoms),
        features=frozenset(said | {MEASURED}),
        facts=frozenset(heard | {RESIDUE, NET, NAMED, RELATIVES_ALARM}),
        knowable=knowable,
    )


def check_triage(folder: Path) -> TriageGuide:
    """Load the guide and hold every rule against its own examples; raise LibraryError with every one that fails."""
    guide = load_triage(folder)
    problems = list(failing_examples(folder, guide))
    if problems:
        raise LibraryError(problems)
    return guide


def failing_examples(folder: Path, guide: TriageGuide) -> Iterator[Problem]:
    """Yield a problem for each example that a rule should fire on and does not, or the other way round."""
    for rule in guide.rules.rules:
        for example in rule.examples:
            asked = Asked.parse(example.asked)
            reading = interpret(example.text, asked, example.hours, Language.ENGLISH, guide, example.known)
            if (rule.id in reading.judgement.rules) != example.fires:
                path, line = find_rule(folder / _RULES, rule.id)
                wanted = "should fire on" if example.fires else "should be silent on"
                yield Problem(path, line, f"rule {rule.id}", f"{wanted} {example.text!r} and does not do so.")


def find_rule(folder: Path, rule_id: str) -> tuple[Path, int]:
    """Return the file and line where a rule stands."""
    for path in sorted(folder.rglob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip() in (f"- id: {rule_id}", f'- id: "{rule_id}"'):
                return path, number
    return folder, 1
