"""A patient's check-ins are planned: every protocol together, by the library as it stands, in the patient's zone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.core.protocol import Protocol, QuietHours
from service.core.protocol.kept import as_json
from service.core.timing import (
    Changes,
    FollowUp,
    InfusionFact,
    Plan,
    PlannedCheckIn,
    PlannedOrSent,
    changes,
    plan_together,
)
from service.store import check_ins, infusions
from service.store.check_ins import CheckIn, CheckInState
from service.store.clinics import Clinic, the_clinic
from service.store.database import Session
from service.store.infusions import Infusion
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.rechecks import RECHECK

# Long enough that two versions never share it.
_VERSION_LENGTH: Final = 16


def replan(session: Session, deps: Deps, patient: Patient, now: datetime) -> None:
    """Plan the patient's check-ins afresh; what was sent stays, and what no longer holds is cancelled and says why.

    A patient who may not be texted keeps what is there; START, or a new infusion, plans again. Hold the patient first.
    """
    clinic, protocols = the_clinic(session), deps.library.protocols
    patient.planned_with = version_of(protocols, clinic)
    if not patient.may_be_contacted:
        return
    rows = planned_rows(session, patient.id)
    fresh = plan_of(rows, infusions.infusions_of(session, patient.id), protocols, clinic, patient, now)
    found = {(row.protocol, row.occurrence): row for row in rows}
    for wanted in fresh.check_ins:
        row = found.get((wanted.protocol_key, wanted.occurrence))
        _plan_one(session, protocols[wanted.protocol_key], patient, wanted, row)
    for cancelled in changes_of(rows, fresh).cancelled:
        for row in rows:
            if row.occurrence == cancelled.occurrence and row.state == CheckInState.PLANNED:
                closed = row.window_ends_at <= now
                row.state = CheckInState.MISSED if closed else CheckInState.CANCELLED
                row.settled_at, row.why = now, cancelled.why


def version_of(protocols: Mapping[str, Protocol], clinic: Clinic) -> str:
    """Return a name for what plans are made with: it changes with any protocol and with the clinic's quiet hours."""
    made_with = (sorted(protocols.items()), clinic.quiet_from, clinic.quiet_until)
    return hashlib.sha256(repr(made_with).encode()).hexdigest()[:_VERSION_LENGTH]


def planned_rows(session: Session, patient_id: int) -> Sequence[CheckIn]:
    """Return the patient's check-ins that protocols have planned; rechecks are planned by what was answered."""
    return [row for row in check_ins.check_ins_of(session, patient_id) if row.protocol != RECHECK]


def plan_of(
    rows: Iterable[CheckIn],
    took_place: Sequence[Infusion],
    protocols: Mapping[str, Protocol],
    clinic: Clinic,
    patient: Patient,
    now: datetime,
) -> Plan:
    """Return what is to be sent after the patient's infusions, and what is left out, beside what is on record."""
    return plan_together(
        tuple(_follow_ups(took_place, protocols)),
        ZoneInfo(patient.zone),
        QuietHours(clinic.quiet_from, clinic.quiet_until),
        tuple(_on_record(row) for row in rows),
        now,
    )


def changes_of(rows: Iterable[CheckIn], fresh: Plan) -> Changes:
    """Return what a plan changes in the check-ins that wait."""
    return changes(tuple(_waiting(row) for row in rows if row.state == CheckInState.PLANNED), fresh)


def _follow_ups(took_place: Sequence[Infusion], protocols: Mapping[str, Protocol]) -> Iterator[FollowUp]:
    for protocol in protocols.values():
        facts = tuple(
            InfusionFact(str(infusion.id), infusion.ended_at, infusion.dose_mg)
            for infusion in took_place
            if protocol.begins_by_itself or infusion.protocol == protocol.key
        )
        if facts:
            yield FollowUp(protocol, facts)


def _on_record(row: CheckIn) -> PlannedOrSent:
    answered_at = row.settled_at if row.state == CheckInState.ANSWERED else None
    return PlannedOrSent(
        row.step, row.occurrence, row.due_at, row.sent_at or answered_at, tuple(row.merged), row.protocol
    )


def _waiting(row: CheckIn) -> PlannedCheckIn:
    return PlannedCheckIn(
        step_key=row.step,
        infusion_key=str(row.infusion_id),
        occurrence=row.occurrence,
        due_at=row.due_at,
        window_ends_at=row.window_ends_at,
        why=row.why,
        merged=tuple(row.merged),
        protocol_key=row.protocol,
    )


def _plan_one(
    session: Session, protocol: Protocol, patient: Patient, wanted: PlannedCheckIn, row: CheckIn | None
) -> None:
    step = protocol.step(wanted.step_key)
    if row is None:
        row = CheckIn(patient_id=patient.id, protocol=protocol.key, occurrence=wanted.occurrence)
        session.add(row)
    if row.state != CheckInState.PLANNED or row.due_at != wanted.due_at:
        # One that only waits for its turn goes on waiting for it.
        row.try_at = wanted.due_at
    row.step, row.planned_from = wanted.step_key, as_json(step)
    row.infusion_id = int(wanted.infusion_key)
    row.protocol_version = protocol.version
    row.state = CheckInState.PLANNED
    row.settled_at = None
    row.due_at = wanted.due_at
    row.window_ends_at = wanted.window_ends_at
    # Counted anew, nights left out, once it is sent.
    row.missed_at = wanted.due_at + step.give_up
    row.why, row.merged = wanted.why, list(wanted.merged)
