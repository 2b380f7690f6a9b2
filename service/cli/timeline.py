"""A protocol drawn for the terminal: its steps along a line, its ladders, and the plan for some infusions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from service.core.protocol import Anchor, Ladder, Protocol, Silence, Step
from service.core.timing import InfusionFact, Plan
from service.library.durations import spoken


def draw(protocol: Protocol) -> Iterator[str]:
    """Yield the lines of a protocol's timeline."""
    yield f"{protocol.key}, version {protocol.version}: {protocol.title}"
    night, apart = protocol.quiet_hours, spoken(protocol.merge_within)
    yield f"Quiet hours {night}. Check-ins less than {apart} apart become one."
    for anchor in Anchor:
        steps = [step for step in protocol.steps if step.anchor is anchor]
        if steps:
            yield ""
            yield f"  {_beginning(protocol, anchor)}"
            for step in sorted(steps, key=lambda step: (step.every_months, step.after)):
                yield from _step(step)
    for ladder in protocol.ladders:
        yield ""
        yield from _ladder(ladder)


def draw_plan(made: Plan, infusions: tuple[InfusionFact, ...], zone: ZoneInfo) -> Iterator[str]:
    """Yield the lines of a plan, day by day on the wall clock of the zone, and what was left out of it."""
    events = [(infusion.ends_at, f"infusion {infusion.key} ends") for infusion in infusions]
    for check_in in made.check_ins:
        events.append((check_in.due_at, f"{check_in.occurrence}  {check_in.why}".rstrip()))
    local = sorted((at.astimezone(zone), text) for at, text in events)
    for day, entries in groupby(local, key=lambda event: event[0].date()):
        yield f"  {day:%a %Y-%m-%d}"
        for at, text in entries:
            yield f"    {at:%H:%M}  {text}"
    for left_out in made.left_out:
        yield f"  {left_out.occurrence}  {left_out.why}"


def _beginning(protocol: Protocol, anchor: Anchor) -> str:
    if anchor is Anchor.INFUSION:
        return "end of each infusion"
    if anchor is Anchor.SERIES:
        return f"end of a series of infusions, none more than {spoken(protocol.series_gap)} after another"
    span = protocol.span
    if span is None:
        return "never: the protocol has no span"
    starts = [f"infusion {span.infusions}"] if span.infusions else []
    starts += [f"{span.dose_mg:g} mg"] if span.dose_mg else []
    return f"from {' or '.join(starts)} on, until {spoken(span.ends_after)} without an infusion"


def _step(step: Step) -> Iterator[str]:
    asks = ", ".join(step.asks) or "nothing: a reminder"
    yield "  │"
    yield f"  ├─ {_when(step):<15} {step.key:<10} asks {asks} ({step.template})"
    worth = f"worth sending for {spoken(step.window)}"
    early = f", before a night from {spoken(step.earliest)} on" if step.earliest is not None else ""
    yield f"  │{' ' * 29}{worth}{early}"
    if step.silence is not Silence.NOTHING:
        yield f"  │{' ' * 29}{_silence(step)}"


def _when(step: Step) -> str:
    if step.anchor is not Anchor.MONTHLY:
        return f"+{spoken(step.after)}"
    months = "month" if step.every_months == 1 else f"{step.every_months} months"
    return f"{months} +{spoken(step.after)}" if step.after else months


def _silence(step: Step) -> str:
    waits = ((step.nudge, "nudge"), (step.voice_after, "call"), (step.give_up, _given_up(step)))
    return "silent: " + ", ".join(f"{what} after {spoken(wait)}" for wait, what in waits if wait is not None)


def _given_up(step: Step) -> str:
    return "missed" if step.silence is Silence.MISSED else "escalated"


def _ladder(ladder: Ladder) -> Iterator[str]:
    yield (
        f"  {ladder.disposition}: taken within {spoken(ladder.acknowledge_within)}, "
        f"closed within {spoken(ladder.close_within)}"
    )
    reached = timedelta(0)
    for tier in ladder.tiers:
        uses = ((tier.text_after, "text"), (tier.call_after, "call"))
        by = ", ".join(f"{what} at +{spoken(reached + after)}" for after, what in uses if after is not None)
        yield f"    +{spoken(reached):<8} {tier.name}: {by}"
        reached += tier.wait
    yield f"    +{spoken(reached):<8} and round again, until somebody takes it"
