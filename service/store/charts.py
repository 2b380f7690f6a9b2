"""Charts: what is looked up of each patient when replies are read, for many replies in as few statements as for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, CompoundSelect, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from service.core.conversation.history import Told
from service.core.conversation.joining import JOIN_WITHIN
from service.core.escalation.roster import on_call
from service.store.calls import Call
from service.store.check_ins import CheckIn
from service.store.conversations import Conversation, of_check_in
from service.store.history import told_by
from service.store.inbox import InboxMessage
from service.store.infusions import Infusion
from service.store.patients import Patient
from service.store.roster import load_roster
from service.store.staff import Staff

# Stands among the ids of patients for a member of staff.
STAFF: Final = 0
# A patient, and whether others are reached on their number.
HeldPatient = tuple[Patient, bool]

# Built once: building a statement takes longer than running it.
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_Other: Final = aliased(Patient)
_SHARING: Final = select(func.count()).where(_Other.phone_hash == Patient.phone_hash).scalar_subquery()
_PATIENTS: Final = (
    select(Patient, _SHARING)
    .where(Patient.id.in_(_IDS))
    .order_by(Patient.id)
    .execution_options(populate_existing=True)
)
_HELD: Final = _PATIENTS.with_for_update(of=Patient, key_share=True)
_FREE: Final = _PATIENTS.with_for_update(of=Patient, key_share=True, skip_locked=True)
_HASHES: Final[BindParameter[Any]] = bindparam("hashes", expanding=True)
_WRITERS: Final[CompoundSelect[Any]] = union_all(
    select(Patient.phone_hash, Patient.id).where(Patient.phone_hash.in_(_HASHES)),
    select(Staff.phone_hash, literal(STAFF)).where(Staff.phone_hash.in_(_HASHES), Staff.active),
)
_RANKED: Final = (
    select(
        Conversation.id,
        InboxMessage.id.label("message_id"),
        func.row_number()
        .over(
            partition_by=InboxMessage.id,
            order_by=(Conversation.opened_at.desc(), Conversation.id.desc()),
        )
        .label("place"),
    )
    .join(InboxMessage, InboxMessage.patient_id == Conversation.patient_id)
    .where(InboxMessage.id.in_(_IDS), Conversation.opened_at <= InboxMessage.received_at)
    .subquery()
)
# The newest question, and the one before it.
_DIALOGUES: Final = (
    select(_RANKED.c.message_id, Conversation)
    .join(Conversation, Conversation.id == _RANKED.c.id)
    .where(_RANKED.c.place <= 2)
    .order_by(_RANKED.c.message_id, _RANKED.c.place)
    .with_for_update(of=Conversation)
)
_CHECK_INS: Final = (
    select(CheckIn)
    .where(CheckIn.id.in_(_IDS))
    .order_by(CheckIn.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_INFUSED: Final = (
    select(InboxMessage.id, func.max(Infusion.ended_at))
    .join(Infusion, Infusion.patient_id == InboxMessage.patient_id)
    .where(
        InboxMessage.id.in_(_IDS),
        Infusion.cancelled_at.is_(None),
        Infusion.ended_at <= InboxMessage.received_at,
    )
    .group_by(InboxMessage.id)
)
_LATELY: Final = (
    select(InboxMessage.patient_id, InboxMessage.id, InboxMessage.received_at, InboxMessage.body)
    .where(InboxMessage.patient_id.in_(_IDS), InboxMessage.received_at >= bindparam("since"))
    .order_by(InboxMessage.id.desc())
)


@dataclass(frozen=True, slots=True)
class Chart:
    """What one message is read with; patient, dialogues and check-ins are held until the transaction ends.

    `dialogues` are those that it may answer, the likeliest first; `infused_at` is when the last infusion before it
    ended; `told` what its patient has told so far, oldest first; `before` the words of their message just before it.
    """

    patient: Patient
    shares_number: bool
    dialogues: tuple[Conversation, ...]
    check_ins: Mapping[int, CheckIn]
    infused_at: datetime | None
    told: tuple[Told, ...]
    before: str | None
    is_clinician_on_call: bool


def writers(session: Session, messages: Sequence[InboxMessage]) -> Mapping[str, Sequence[int]]:
    """Return who may have written from each number, by its hash: the ids of its patients, and STAFF for who is that."""
    found: dict[str, list[int]] = {}
    hashes = list({message.sender_hash for message in messages})
    for phone_hash, patient_id in session.execute(_WRITERS, {"hashes": hashes}):
        found.setdefault(phone_hash, []).append(patient_id)
    return found


def hold_free(session: Session, patient_ids: Iterable[int]) -> Mapping[int, HeldPatient]:
    """Hold the patients until the transaction ends, except those whom others hold: who acts for one holds them first."""
    return _held(session, _FREE, patient_ids)


def chart_for(session: Session, message: InboxMessage) -> Chart:
    """Return what a message that names its patient is read with, once nobody else holds the patient."""
    patients = _held(session, _HELD, (message.patient_id,))
    return charts_for(session, patients, (message,))[message.id]


def _held(session: Session, wanted: Select[Any], ids: Iterable[int | None]) -> Mapping[int, HeldPatient]:
    found = session.execute(wanted, {"ids": list(ids)})
    return {patient.id: (patient, sharing > 1) for patient, sharing in found}


def charts_for(
    session: Session, patients: Mapping[int, HeldPatient], messages: Sequence[InboxMessage]
) -> Mapping[int, Chart]:
    """Return what each message is read with, by its id; each names one of these patients, and no two the same."""
    ids = [message.id for message in messages]
    dialogues = _dialogues(session, messages)
    check_ins = _held_check_ins(session, dialogues)
    infused = {message_id: ended_at for message_id, ended_at in session.execute(_INFUSED, {"ids": ids})}
    told = told_by(session, patients)
    before = _just_before(session, messages)
    roster = load_roster(session, min(message.received_at for message in messages))
    charts = {}
    for message in messages:
        patient, shares_number = patients[message.patient_id or 0]
        charts[message.id] = Chart(
            patient=patient,
            shares_number=shares_number,
            dialogues=dialogues.get(message.id, ()),
            check_ins=check_ins,
            infused_at=infused.get(message.id),
            told=told.get(patient.id, ()),
            before=before.get(message.id),
            is_clinician_on_call=bool(on_call(roster, message.received_at)),
        )
    return charts


def _dialogues(session: Session, messages: Sequence[InboxMessage]) -> Mapping[int, tuple[Conversation, ...]]:
    """Return what each message may answer: what was in the air when it was written; on our own call, what that asks."""
    ids = [message.id for message in messages]
    found: dict[int, tuple[Conversation, ...]] = {}
    for message_id, conversation in session.execute(_DIALOGUES, {"ids": ids}):
        found[message_id] = (*found.get(message_id, ()), conversation)
    for message in messages:
        call = session.get(Call, message.call_id) if message.call_id is not None else None
        asked = of_check_in(session, call.check_in_id) if call is not None and call.check_in_id else None
        if asked is not None:
            found[message.id] = (asked,)
    return found


def _held_check_ins(
    session: Session, dialogues: Mapping[int, tuple[Conversation, ...]]
) -> Mapping[int, CheckIn]:
    ids = {talk.check_in_id for several in dialogues.values() for talk in several if talk.check_in_id}
    return {row.id: row for row in session.scalars(_CHECK_INS, {"ids": ids})} if ids else {}


def _just_before(session: Session, messages: Sequence[InboxMessage]) -> Mapping[int, str]:
    since = min(message.received_at for message in messages) - JOIN_WITHIN
    by_patient = {message.patient_id: message for message in messages}
    found: dict[int, str] = {}
    for patient_id, message_id, received_at, body in session.execute(
        _LATELY, {"ids": list(by_patient), "since": since}
    ):
        message = by_patient[patient_id]
        if message_id < message.id and message.received_at - received_at <= JOIN_WITHIN:
            found.setdefault(message.id, body)
    return found
