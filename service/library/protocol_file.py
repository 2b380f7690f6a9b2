"""The shape of a protocol file, and the rules that its fields must keep among each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from itertools import pairwise
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from service.core.protocol import DEFAULT_QUIET_HOURS, Anchor, QuietHours, Silence
from service.library.durations import ClockTime, Duration, read_quiet_hours, spoken
from service.library.source import Place

_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NONE: Final = timedelta(0)


def _read_key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise ValueError(f"is {value!r}; write small letters, digits and dashes.")
    return value


Key = Annotated[str, AfterValidator(_read_key)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class TierPart(_Part):
    """One rung of a ladder."""

    tier: str = Field(min_length=1)
    wait: Duration
    text_after: Duration | None = None
    call_after: Duration | None = None


class LadderPart(_Part):
    """The ladder of one disposition."""

    acknowledge_within: Duration
    close_within: Duration
    tiers: tuple[TierPart, ...]


class LaddersPart(_Part):
    """The ladders of the two dispositions that page staff."""

    urgent: LadderPart
    emergency: LadderPart


class SpanPart(_Part):
    """From when to when a long-term protocol is in force."""

    infusions: int | None = Field(default=None, gt=0)
    dose_mg: float | None = Field(default=None, gt=0)
    ends_after: Duration


class StepPart(_Part):
    """One check-in."""

    key: Key
    anchor: Anchor = Anchor.INFUSION
    after: Duration = _NONE
    every_months: int = Field(default=0, ge=0)
    at: ClockTime = time(10)
    window: Duration
    earliest: Duration | None = None
    template: str = "check_in_opening"
    asks: tuple[str, ...]
    nudge: Duration | None = None
    nudge_template: str = "check_in_nudge"
    voice_after: Duration | None = None
    give_up: Duration
    silence: Silence


class ProtocolFile(_Part):
    """A protocol as it stands in its file."""

    key: Key
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    quiet_hours: Annotated[QuietHours, BeforeValidator(read_quiet_hours)] = DEFAULT_QUIET_HOURS
    merge_within: Duration
    series_gap: Duration = _NONE
    span: SpanPart | None = None
    steps: tuple[StepPart, ...]
    ladders: LaddersPart


def contradictions(file: ProtocolFile) -> Iterator[tuple[Place, str]]:
    """Yield the place and sentence of everything in a well-formed file that cannot be meant."""
    keys = [step.key for step in file.steps]
    if not keys:
        yield ("steps",), "is empty; a protocol has at least one step."
    for index, step in enumerate(file.steps):
        place: Place = ("steps", index)
        if step.key in keys[:index]:
            yield (*place, "key"), f"is {step.key!r}, as an earlier step; keys are unique."
        yield from _in_anchor(file, step, place)
        yield from _in_waiting(step, place)
    if file.span and file.span.infusions is None and file.span.dose_mg is None:
        yield ("span",), "says not when it begins; give infusions, dose_mg or both."
    yield from _in_ladders(file)


def _in_anchor(file: ProtocolFile, step: StepPart, place: Place) -> Iterator[tuple[Place, str]]:
    monthly = step.anchor is Anchor.MONTHLY
    if monthly and not step.every_months:
        yield (*place, "every_months"), "is missing; a monthly step needs it (1 is every month)."
    if not monthly and step.every_months:
        yield (*place, "every_months"), "is for monthly steps; remove it or write anchor: monthly."
    if monthly and file.span is None:
        yield (
            (*place, "anchor"),
            "is monthly, and the protocol has no span; say there when it begins and ends.",
        )
    if step.anchor is Anchor.SERIES and not file.series_gap:
        yield (
            (*place, "anchor"),
            "is series, and the protocol has no series_gap; say what pause ends a series.",
        )
    if not monthly and not step.after:
        yield (*place, "after"), "is missing; say how long after the infusion the check-in comes."
    if step.earliest is not None and step.earliest > step.after:
        yield (*place, "earliest"), f"is later than after, {spoken(step.after)}; it can only be sooner."


def _in_waiting(step: StepPart, place: Place) -> Iterator[tuple[Place, str]]:
    if not step.window:
        yield (*place, "window"), "is 0; say how long after its time the check-in is still worth sending."
    if not step.asks and (step.silence is not Silence.NOTHING or step.nudge or step.voice_after):
        yield (*place, "silence"), "must be nothing, without nudge or voice_after, where a step asks nothing."
    if step.asks and step.silence is Silence.NOTHING:
        yield (*place, "silence"), "must be missed or escalate, because the step asks something."
    waits = (("nudge", step.nudge), ("voice_after", step.voice_after), ("give_up", step.give_up))
    known = [(name, wait) for name, wait in waits if wait is not None]
    for (sooner_name, sooner), (name, wait) in pairwise(known):
        if wait <= sooner:
            yield (*place, name), f"is {spoken(wait)}; it must be later than {sooner_name}, {spoken(sooner)}."


def _in_ladders(file: ProtocolFile) -> Iterator[tuple[Place, str]]:
    for name, ladder in (("urgent", file.ladders.urgent), ("emergency", file.ladders.emergency)):
        place: Place = ("ladders", name, "tiers")
        if not ladder.tiers:
            yield place, "is empty; a ladder has at least one tier."
        for index, tier in enumerate(ladder.tiers):
            yield from _in_tier(tier, (*place, index))
        climb = sum((tier.wait for tier in ladder.tiers[:-1]), _NONE)
        if climb >= ladder.acknowledge_within:
            sentence = (
                f"takes {spoken(climb)} to reach the last tier; it must be less than acknowledge_within."
            )
            yield place, sentence


def _in_tier(tier: TierPart, place: Place) -> Iterator[tuple[Place, str]]:
    if not tier.wait:
        yield (*place, "wait"), "is 0; give the tier time to answer."
    if tier.text_after is None and tier.call_after is None:
        yield place, "reaches nobody; give text_after, call_after or both."
    for name, after in (("text_after", tier.text_after), ("call_after", tier.call_after)):
        if after is not None and after >= tier.wait:
            yield (
                (*place, name),
                f"is {spoken(after)}, when the tier's {spoken(tier.wait)} are over; make it sooner.",
            )
