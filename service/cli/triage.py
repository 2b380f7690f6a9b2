"""`dripline triage`: read replies as JSON lines, or explain one reply for a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import click

from service.core.explain import explain_reading
from service.core.findings import Finding, Interpretation
from service.core.interpretation import TriageGuide, interpret
from service.core.words import Asked, Language
from service.library.errors import LibraryError
from service.library.triage import load_triage

SCHEDULES: Final = Path(__file__).resolve().parents[2] / "schedules"


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply of the JSON lines."""

    id: str
    asked: Asked
    hours: float
    language: Language
    text: str


@click.command("triage")
@click.argument("text", required=False)
@click.option("--asked", default="opening", show_default=True, help="The question that was asked.")
@click.option("--hours", default=24.0, show_default=True, help="Hours since the infusion ended.")
@click.option(
    "--lang",
    default="en",
    show_default=True,
    type=click.Choice([language.value for language in Language]),
    help="The patient's language.",
)
@click.option("--schedules", "folder", default=SCHEDULES, type=click.Path(path_type=Path))
def triage(text: str | None, asked: str, hours: float, lang: str, folder: Path) -> None:
    """Read TEXT and explain the reading; without TEXT, read JSON lines and print one reading a line."""
    guide = _loaded(folder)
    if text is not None:
        question = _question(asked)
        reading = interpret(text, question, hours, Language(lang), guide)
        click.echo("\n".join(explain_reading(reading, guide.rules, guide.lexicon.symptoms, lang)))
        return
    with click.open_file("-", encoding="utf-8", errors="replace") as lines:
        all_well = read_lines(lines, guide)
    if not all_well:
        raise SystemExit(1)


def read_lines(lines: IO[str], guide: TriageGuide) -> bool:
    """Print a reading for every line; report the lines that are none by number and return whether all were."""
    all_well = True
    for outcome in _outcomes(lines, guide):
        if isinstance(outcome, str):
            click.echo(outcome, err=True)
            all_well = False
        else:
            click.echo(json.dumps(outcome, ensure_ascii=False))
    return all_well


def _outcomes(lines: Iterable[str], guide: TriageGuide) -> Iterator[str | dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            reply = parse_line(line)
        except ValueError as error:
            yield f"line {number}: {error}"
            continue
        reading = interpret(reply.text, reply.asked, reply.hours, reply.language, guide)
        yield {"id": reply.id, **as_json(reading)}


def parse_line(line: str) -> ReplyLine:
    """Return the reply of one JSON line; raise ValueError with a sentence where it is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON ({error}).") from None
    if not isinstance(row, dict):
        raise ValueError("must be a JSON object with id, asked, hours, lang and text.")
    missing = [name for name in ("id", "asked", "hours", "lang", "text") if name not in row]
    if missing:
        raise ValueError(f"lacks {', '.join(missing)}.")
    if not isinstance(row["text"], str) or not isinstance(row["asked"], str):
        raise ValueError("text and asked must be strings.")
    if isinstance(row["hours"], bool) or not isinstance(row["hours"], int | float) or not row["hours"] >= 0:
        raise ValueError(
            f"hours is {row['hours']!r}; it must be a number of hours since the infusion, 0 or more."
        )
    if row["lang"] not in [*Language]:
        raise ValueError(f"lang is {row['lang']!r}; it must be one of {', '.join(Language)}.")
    return ReplyLine(
        row["id"], Asked.parse(row["asked"]), float(row["hours"]), Language(row["lang"]), row["text"]
    )


def as_json(reading: Interpretation) -> dict[str, Any]:
    """Return a reading as the JSON that other programs build on."""
    return {
        "disposition": str(reading.judgement.disposition),
        "intent": str(reading.intent),
        "findings": [_finding(finding) for finding in reading.findings],
        "rules": list(reading.judgement.rules),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "symptom": finding.symptom,
        "status": str(finding.status),
        "severity": finding.severity,
        "evidence": [{"start": e.start, "end": e.end, "text": e.text} for e in finding.evidence],
    }


def _loaded(folder: Path) -> TriageGuide:
    try:
        return load_triage(folder)
    except LibraryError as error:
        raise click.ClickException(str(error)) from error


def _question(asked: str) -> Asked:
    try:
        return Asked.parse(asked)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--asked") from error
