"""What a new version of a protocol changes, and which planned check-ins each change touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from service.core.protocol import Ladder, Protocol, Step
from service.core.timing.facts import PlannedCheckIn

_NOT_COMPARED: Final = ("steps", "ladders", "version")


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, and the occurrences of planned check-ins that it touches.

    `place` is "steps.24h.window", or "steps.24h" where the step comes (no `before`) or goes (no `after`).
    """

    place: str
    before: object
    after: object
    touched: tuple[str, ...]


def differences(old: Protocol, new: Protocol, planned: tuple[PlannedCheckIn, ...]) -> tuple[Difference, ...]:
    """Compare two versions; `planned` are check-ins that wait under the old, answered ones keep theirs."""
    ours = tuple(check_in for check_in in planned if check_in.protocol_key in ("", old.key))
    return (*_of_protocol(old, new, ours), *_of_steps(old, new, ours), *_of_ladders(old, new))


def _of_protocol(old: Protocol, new: Protocol, planned: tuple[PlannedCheckIn, ...]) -> Iterator[Difference]:
    # Quiet hours, series and spans can move every check-in; a title moves none.
    moving = ("quiet_hours", "merge_within", "series_gap", "span")
    for field in fields(Protocol):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name not in _NOT_COMPARED and before != after:
            touched = tuple(check_in.occurrence for check_in in planned) if field.name in moving else ()
            yield Difference(field.name, before, after, touched)


def _of_steps(old: Protocol, new: Protocol, planned: tuple[PlannedCheckIn, ...]) -> Iterator[Difference]:
    before, after = ({step.key: step for step in protocol.steps} for protocol in (old, new))
    for key in dict.fromkeys((*before, *after)):
        touched = tuple(check_in.occurrence for check_in in planned if check_in.step_key == key)
        if key in before and key in after:
            yield from _of_step(before[key], after[key], touched)
        else:
            yield Difference(f"steps.{key}", before.get(key), after.get(key), touched)


def _of_step(before: Step, after: Step, touched: tuple[str, ...]) -> Iterator[Difference]:
    for field in fields(Step):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if one != other:
            yield Difference(f"steps.{before.key}.{field.name}", one, other, touched)


def _of_ladders(old: Protocol, new: Protocol) -> Iterator[Difference]:
    before, after = ({ladder.disposition: ladder for ladder in protocol.ladders} for protocol in (old, new))
    for disposition in sorted(before.keys() & after.keys()):
        for field in fields(Ladder):
            one, other = getattr(before[disposition], field.name), getattr(after[disposition], field.name)
            if one != other:
                yield Difference(f"ladders.{disposition}.{field.name}", one, other, ())
