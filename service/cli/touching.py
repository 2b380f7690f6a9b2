"""What `dripline protocol diff` prints: whose check-ins it would add, move and cancel, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from service.workflows.preview_protocols import Touched


def touched_lines(touched: Iterable[Touched]) -> Iterator[str]:
    """Yield the lines of each patient touched, by the patient's clock, and the sum at the end."""
    count = added = moved = cancelled = 0
    for one in touched:
        count += 1
        added += len(one.changes.added)
        moved += len(one.changes.moved)
        cancelled += len(one.changes.cancelled)
        yield f"patient {one.patient_id} ({one.zone})"
        yield from _changes(one)
    if not count:
        yield "It touches nobody: every check-in that waits stays as it is."
        return
    yield ""
    yield (
        f"It touches {_counted(count, 'patient')}: {_counted(added, 'check-in')} added, {moved} moved, "
        f"{cancelled} cancelled."
    )


def _changes(one: Touched) -> Iterator[str]:
    zone = ZoneInfo(one.zone)
    for sign, check_ins in (("added", one.changes.added), ("moved", one.changes.moved)):
        for check_in in check_ins:
            due, until = _wall(check_in.due_at, zone), _wall(check_in.window_ends_at, zone)
            yield f"  {sign:<10}{check_in.occurrence:<34}{due}, worth sending until {until}".rstrip()
            if check_in.why:
                yield f"            {check_in.why}"
    for gone in one.changes.cancelled:
        yield f"  cancelled {gone.occurrence:<34}{gone.why}"


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
