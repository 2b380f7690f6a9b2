"""A row that throws steps aside, loudly: its moment moves on, a person looks at it, and the rows behind it go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service import logs
from service.core.words import Disposition
from service.store import escalations, patients
from service.store.database import INTERRUPTED, Session
from service.workflows.deps import Deps
from service.workflows.escalating import escalate

_log = logs.get(__name__)

# It is tried again after this long: the fault may have been mended.
PAUSE: Final = timedelta(minutes=2)

StepAside = Callable[[Session, Deps, int, datetime], None]


@dataclass(slots=True)
class Turn:
    """Whose turn it is: the id of the row that was claimed, None before that."""

    row_id: int | None = None


@contextmanager
def stepping_aside(deps: Deps, step_aside: StepAside) -> Iterator[Turn]:
    """Let the row whose turn it is step aside, in a transaction of its own, where the block throws.

    What throws before a row was claimed is raised, and so is what the database did: no row is at fault then, and the
    next look of the clock finds all as it was.
    """
    turn = Turn()
    try:
        yield turn
    except INTERRUPTED:
        raise
    except Exception as error:
        if turn.row_id is None:
            raise
        _log.error(
            "row.stepped_aside",
            work=step_aside.__qualname__,
            row_id=turn.row_id,
            exc_info=error,
            remedy="It is tried again; see docs/runbook.md.",
        )
        with deps.store.transaction() as session:
            step_aside(session, deps, turn.row_id, deps.now())


def set_before_a_person(session: Session, deps: Deps, patient_id: int, reason: str, now: datetime) -> None:
    """Open a callback for the patient, or join what is open: once for each reason, however often the row throws."""
    patient = patients.hold(session, patient_id)
    waiting = escalations.open_for(session, patient_id=patient_id, sender_hash=None)
    if waiting is not None and is_told(session, waiting.id, reason):
        return
    escalate(
        session,
        deps,
        patient=patient,
        message=None,
        disposition=Disposition.CALLBACK,
        reason=reason,
        now=now,
    )


def is_told(session: Session, escalation_id: int, words: str) -> bool:
    """Return whether the escalation's record says these words already."""
    return any(event.words.endswith(words) for event in escalations.timeline(session, escalation_id))
