"""A recheck is planned: the concerning symptom is asked about again the next day, by day, as one text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.core.protocol import QuietHours, Step
from service.core.protocol.kept import from_json
from service.core.protocol.model import Anchor, Silence
from service.core.words import Asked, AskedKind
from service.store import check_ins
from service.store.check_ins import CheckIn, CheckInState
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.infusions import latest_infusion
from service.store.patients import Patient
from service.workflows.deps import Deps

RECHECK: Final = "recheck"
# Three days of asking; what still lasts then is the clinic's to follow, who has had it on the worklist each time.
_MOST_RECHECKS: Final = 3
# Nearer to it than this, a check-in that asks about the symptom takes the recheck's place.
_NEAR: Final = timedelta(hours=12)
_WINDOW: Final = timedelta(hours=12)
_NUDGE: Final = timedelta(hours=4)


def plan_recheck(
    session: Session, deps: Deps, patient: Patient, symptom: str, after: timedelta, now: datetime
) -> bool:
    """Plan to ask about the symptom again after this long, outside quiet hours; return whether it was planned.

    It is not where no infusion is known, where a check-in near it asks the same, or after three rechecks.
    """
    infusion = latest_infusion(session, patient.id, before=now)
    if infusion is None or not patient.may_be_contacted:
        return False
    clinic = the_clinic(session)
    due = QuietHours(clinic.quiet_from, clinic.quiet_until).next_end(now + after, ZoneInfo(patient.zone))
    rows = check_ins.check_ins_of(session, patient.id)
    earlier = [row for row in rows if row.protocol == RECHECK and row.infusion_id == infusion.id]
    if len(earlier) >= _MOST_RECHECKS or any(_asks_anyway(deps, row, symptom, due) for row in rows):
        return False
    session.add(
        CheckIn(
            patient_id=patient.id,
            infusion_id=infusion.id,
            protocol=RECHECK,
            protocol_version=1,
            step=f"{RECHECK}-{symptom}",
            planned_from=None,
            occurrence=f"{infusion.id}:{symptom}:{len(earlier) + 1}",
            merged=[],
            state=CheckInState.PLANNED,
            due_at=due,
            window_ends_at=due + _WINDOW,
            try_at=due,
            missed_at=due + _WINDOW,
            why="Asked again, because the last answer was concerning.",
        )
    )
    session.flush()
    return True


def step_of(deps: Deps, row: CheckIn) -> Step:
    """Return the step that a check-in was planned from, whatever has become of its protocol since."""
    if row.protocol != RECHECK:
        return from_json(row.planned_from) if row.planned_from is not None else _step_in_library(deps, row)
    return Step(
        key=RECHECK,
        anchor=Anchor.INFUSION,
        after=timedelta(0),
        window=_WINDOW,
        template=RECHECK,
        asks=(row.step.removeprefix(f"{RECHECK}-"),),
        earliest=None,
        nudge=_NUDGE,
        nudge_template=RECHECK,
        voice_after=None,
        give_up=_WINDOW,
        silence=Silence.MISSED,
    )


def _step_in_library(deps: Deps, row: CheckIn) -> Step:
    """Return the step of a check-in from before check-ins kept theirs; one that asks most where it is gone."""
    protocols = deps.library.protocols
    known = protocols[row.protocol].steps if row.protocol in protocols else ()
    every = [step for protocol in protocols.values() for step in protocol.steps]
    asks_most = max(every, key=lambda step: len(step.asks))
    return next((step for step in known if step.key == row.step), asks_most)


def question_of(deps: Deps, row: CheckIn) -> Asked:
    """Return the question that the reply to a check-in is read against."""
    step = step_of(deps, row)
    return Asked(AskedKind.RECHECK, step.asks[0]) if row.protocol == RECHECK else step.question


def _asks_anyway(deps: Deps, row: CheckIn, symptom: str, due: datetime) -> bool:
    return (
        row.state == CheckInState.PLANNED
        and abs(row.due_at - due) < _NEAR
        and symptom in step_of(deps, row).asks
    )
