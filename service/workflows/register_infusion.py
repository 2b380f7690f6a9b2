"""An infusion ended: its check-ins are planned from the protocol, in the patient's zone and outside quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service import logs
from service.core.protocol import Protocol, QuietHours
from service.core.timing import InfusionFact, PlannedCheckIn, PlannedOrSent, make_plan
from service.store import audit, check_ins, infusions
from service.store.check_ins import CheckIn, CheckInState
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.infusions import Infusion
from service.store.patients import Patient
from service.workflows.deps import Deps

_log = logs.get(__name__)

DEFAULT_PROTOCOL = "ketamine-infusion"
# A time further off than this is a slip of the pen.
_FURTHEST = timedelta(days=60)


class UnableToRegister(Exception):
    """The infusion can't be registered; the message says why and what to do."""


def register_infusion(
    deps: Deps, *, patient_id: int, ended_at: datetime, protocol: str = DEFAULT_PROTOCOL, actor: str
) -> int:
    """Register an infusion that ended (or will end) at the instant and plan its check-ins; return its id.

    Raises:
        UnableToRegister: for an unknown patient or protocol, a naive or far-off time, or a patient without consent.
    """
    now = deps.now()
    if ended_at.tzinfo is None:
        raise UnableToRegister("The end of the infusion has no time zone. Write it with one.")
    if abs(ended_at - now) > _FURTHEST:
        raise UnableToRegister(
            f"The infusion's end is more than {_FURTHEST.days} days from now. Check the date."
        )
    if protocol not in deps.library.protocols:
        known = ", ".join(sorted(deps.library.protocols))
        raise UnableToRegister(f"There is no protocol {protocol!r}. Choose one of: {known}.")
    with deps.store.transaction() as session:
        patient = session.get(Patient, patient_id)
        if patient is None:
            raise UnableToRegister(f"There is no patient {patient_id}. Enrol the patient first.")
        if not patient.may_be_contacted:
            raise UnableToRegister(
                "This patient may not be texted: no consent, opted out, or a wrong number."
            )
        infusion = Infusion(
            patient_id=patient_id, protocol=protocol, ended_at=ended_at.astimezone(UTC), registered_at=now
        )
        session.add(infusion)
        session.flush()
        replan(session, deps.library.protocols[protocol], patient, now)
        audit.record(
            session, actor=actor, action="registered an infusion", subject=f"patient:{patient_id}", now=now
        )
        infusion_id = infusion.id
    _log.info("infusion.registered", patient_id=patient_id, infusion_id=infusion_id, protocol=protocol)
    return infusion_id


def replan(session: Session, protocol: Protocol, patient: Patient, now: datetime) -> None:
    """Plan the patient's check-ins of a protocol afresh; what was sent stays, what no longer holds is cancelled."""
    clinic = the_clinic(session)
    facts = tuple(
        InfusionFact(str(infusion.id), infusion.ended_at)
        for infusion in infusions.infusions_of(session, patient.id)
        if infusion.protocol == protocol.key
    )
    rows = [row for row in check_ins.check_ins_of(session, patient.id) if row.protocol == protocol.key]
    planned = make_plan(
        facts,
        protocol,
        ZoneInfo(patient.zone),
        QuietHours(clinic.quiet_from, clinic.quiet_until),
        tuple(PlannedOrSent(r.step, r.occurrence, r.due_at, r.sent_at, tuple(r.merged)) for r in rows),
        now,
    )
    waiting = {row.occurrence: row for row in rows if row.sent_at is None}
    for wanted in planned.check_ins:
        _plan_one(session, protocol, patient, wanted, waiting.pop(wanted.occurrence, None))
    left_out = {left.occurrence: left.why for left in planned.left_out}
    for occurrence, row in waiting.items():
        if row.state == CheckInState.PLANNED:
            row.state, row.settled_at = CheckInState.CANCELLED, now
            row.why = left_out.get(occurrence, "The infusions that it was planned for have changed.")


def _plan_one(
    session: Session, protocol: Protocol, patient: Patient, wanted: PlannedCheckIn, row: CheckIn | None
) -> None:
    step = protocol.step(wanted.step_key)
    if row is None:
        row = CheckIn(
            patient_id=patient.id, protocol=protocol.key, step=wanted.step_key, occurrence=wanted.occurrence
        )
        session.add(row)
    row.infusion_id = int(wanted.infusion_key)
    row.protocol_version = protocol.version
    row.state = CheckInState.PLANNED
    row.settled_at = None
    row.due_at = row.try_at = wanted.due_at
    row.window_ends_at = wanted.window_ends_at
    row.missed_at = wanted.due_at + step.give_up
    row.why, row.merged = wanted.why, list(wanted.merged)
