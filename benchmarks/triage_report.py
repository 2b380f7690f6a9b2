"""`make triage-report`: how well replies are read, part by part, beside keyword rules, NegEx and medspaCy."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from benchmarks.triage_baselines import read_by_keywords
from benchmarks.triage_denials import print_denials
from benchmarks.triage_score import (
    CORPUS,
    Label,
    Reader,
    is_false_alarm,
    is_held_out,
    is_missed,
    labels_of,
    reader_of,
    score,
)
from service.library.triage import load_triage

_WIDTH: Final = 12


def main() -> None:
    """Print the report; with `--show`, also every reply of the tuned part that was missed or alarmed for nothing."""
    guide = load_triage(Path("schedules"))
    reader = reader_of(guide)
    replies = labels_of(CORPUS / "replies.jsonl")
    tuned = [label for label in replies if not is_held_out(label)]
    parts: dict[str, tuple[Iterable[Label], Reader]] = {
        "all": (replies, reader),
        "tuned": (tuned, reader),
        "held out": (list(filter(is_held_out, replies)), reader),
        "2nd writer": (labels_of(CORPUS / "second_writer.jsonl"), reader),
        "3rd writer": (labels_of(CORPUS / "third_writer.jsonl"), reader),
        "4th writer": (labels_of(CORPUS / "fourth_writer.jsonl"), reader),
        "5th writer": (labels_of(CORPUS / "fifth_writer.jsonl"), reader),
        "6th writer": (labels_of(CORPUS / "sixth_writer.jsonl"), reader),
        "7th writer": (labels_of(CORPUS / "seventh_writer.jsonl"), reader),
        "8th writer": (labels_of(CORPUS / "eighth_writer.jsonl"), reader),
        "9th writer": (labels_of(CORPUS / "ninth_writer.jsonl"), reader),
        "10th writer": (labels_of(CORPUS / "tenth_writer.jsonl"), reader),
        "11th writer": (labels_of(CORPUS / "eleventh_writer.jsonl"), reader),
        "12th writer": (labels_of(CORPUS / "twelfth_writer.jsonl"), reader),
        "13th writer": (labels_of(CORPUS / "thirteenth_writer.jsonl"), reader),
        "14th writer": (labels_of(CORPUS / "fourteenth_writer.jsonl"), reader),
        "15th writer": (labels_of(CORPUS / "fifteenth_writer.jsonl"), reader),
        "keywords": (replies, read_by_keywords),
    }
    print(f"Lexicon and rules: version {guide.version}; not yet approved by a clinician.\n")
    _print_table({name: score(labels, read) for name, (labels, read) in parts.items()})
    print_denials(guide)
    if "--show" in sys.argv:
        _print_errors(tuned, reader)


def _print_table(columns: dict[str, dict[str, float | None]]) -> None:
    print(" " * 26 + "".join(name.rjust(_WIDTH) for name in columns))
    for figure in next(iter(columns.values())):
        values = (column[figure] for column in columns.values())
        print(figure.ljust(26) + "".join(("-" if v is None else f"{v:g}").rjust(_WIDTH) for v in values))


def _print_errors(labels: Iterable[Label], reader: Reader) -> None:
    for label in labels:
        found = reader(label)
        kind = "missed" if is_missed(label, found) else "false alarm" if is_false_alarm(label, found) else ""
        if kind:
            right = "/".join(label.accept)
            print(
                f"\n{kind}: {label.id} asked={label.asked} right={right} read={found.disposition}\n  {label.text}"
            )


if __name__ == "__main__":
    main()
