"""The protocols in `schedules/*.yaml`, validated: every mistake with its file, line and field, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from service.core.protocol import Ladder, Protocol, Span, Step, Tier
from service.core.words import Disposition
from service.library.errors import LibraryError, Problem
from service.library.protocol_file import LadderPart, ProtocolFile, contradictions
from service.library.source import Place, read_yaml, validated
from service.library.wording import Wording


def load_protocols(folder: Path, wording: Wording | None = None) -> Mapping[str, Protocol]:
    """Return the protocols of a folder by key; its sub-folders hold other things and are not read.

    With the wording at hand, the templates and symptoms that steps name are checked too.
    Raises LibraryError with every problem of every file.
    """
    found: dict[str, Protocol] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            protocol = load_protocol(path, wording)
        except LibraryError as error:
            problems.extend(error.problems)
            continue
        if protocol.key in found:
            problems.append(
                Problem(path, 1, "key", f"is {protocol.key!r}, as in another file; keys are unique.")
            )
        found[protocol.key] = protocol
    if not found and not problems:
        problems.append(Problem(folder, 1, "(folder)", "holds no protocol; add a .yaml file to it."))
    if problems:
        raise LibraryError(problems)
    return MappingProxyType(found)


def load_protocol(path: Path, wording: Wording | None = None) -> Protocol:
    """Return the protocol in one file; raise LibraryError with every problem in it."""
    source = read_yaml(path)
    file = validated(source, ProtocolFile)
    mistakes = [*contradictions(file), *(_unknown_names(file, wording) if wording else ())]
    if mistakes:
        raise LibraryError(source.problem(place, sentence) for place, sentence in mistakes)
    return _protocol(file)


def _unknown_names(file: ProtocolFile, wording: Wording) -> Iterator[tuple[Place, str]]:
    for index, step in enumerate(file.steps):
        for field, name in (("template", step.template), ("nudge_template", step.nudge_template)):
            if name not in wording.names:
                yield ("steps", index, field), f"is {name!r}, which is no message in templates/texts."
        for number, symptom in enumerate(step.asks):
            if symptom not in wording.symptoms:
                known = ", ".join(sorted(wording.symptoms))
                yield ("steps", index, "asks", number), f"is {symptom!r}; it must be one of {known}."


def _protocol(file: ProtocolFile) -> Protocol:
    span = file.span
    return Protocol(
        key=file.key,
        version=file.version,
        title=file.title,
        source=file.source,
        steps=tuple(Step(**dict(step)) for step in file.steps),
        quiet_hours=file.quiet_hours,
        merge_within=file.merge_within,
        series_gap=file.series_gap,
        span=Span(span.infusions, span.dose_mg, span.ends_after) if span else None,
        ladders=(
            _ladder(Disposition.URGENT, file.ladders.urgent),
            _ladder(Disposition.EMERGENCY, file.ladders.emergency),
        ),
    )


def _ladder(disposition: Disposition, part: LadderPart) -> Ladder:
    tiers = tuple(Tier(tier.tier, tier.wait, tier.text_after, tier.call_after) for tier in part.tiers)
    return Ladder(disposition, part.acknowledge_within, part.close_within, tiers)
