"""A turn of a call with a patient or a caller: what is said is read as a text is, and what the call decides becomes rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from service.core.call import (
    AskByText,
    Heard,
    Line,
    Place,
    Scene,
    TakeReply,
    Turn,
    after_reply,
    begin_check_in,
    begin_inbound,
    is_only_written,
    on_dialled,
    on_heard,
)
from service.core.decisions import Answer
from service.core.words import Urgency
from service.store import conversations, inbox, outbox, patients
from service.store.calls import Call, CallPurpose, CallTurn
from service.store.database import Session
from service.store.inbox import InboxMessage, InboxState
from service.workflows.calls.scene import conversation_of, language_of, patient_of, scene_of
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_reply
from service.workflows.texting import send_to_patient


def begin(session: Session, deps: Deps, call: Call, line: Line) -> Turn:
    """Return the first turn of a call with a patient, or with whoever rang us."""
    scene = scene_of(session, deps, call, line, Heard())
    if call.purpose == CallPurpose.CHECK_IN:
        return begin_check_in(scene, call.answered_by)
    if call.patient_id is not None:
        return begin_inbound(scene, "patient")
    is_shared = bool(patients.patients_on(session, call.number))
    return begin_inbound(scene, "shared" if is_shared else "unknown")


def go_on(session: Session, deps: Deps, call: Call, line: Line, turn: CallTurn, now: datetime) -> Turn:
    """Return the turn that follows what was heard, after its words were read and all that it decides is in rows."""
    if line.place is Place.CONNECTING:
        next_turn = on_dialled(line, was_answered=call.connected_to is not None)
    else:
        heard = Heard(turn.keys, turn.words, turn.confidence)
        scene = scene_of(session, deps, call, line, heard)
        step = on_heard(line, heard, scene)
        next_turn = _after(session, deps, call, line, turn, step, scene, now)
    act(session, deps, call, next_turn, now)
    return next_turn


def act(session: Session, deps: Deps, call: Call, turn: Turn, now: datetime) -> None:
    """Do what the call has decided by itself, besides what was said in answer to words."""
    decisions = tuple(one for one in turn.acts if not isinstance(one, AskByText))
    if len(decisions) < len(turn.acts):
        _ask_by_text(session, deps, call, now)
    if decisions:
        patient = patient_of(session, call)
        # Whom we do not know is only reached through a message of theirs, even one without words.
        message = None if patient is not None else store_words(session, call, "", now, InboxState.READ)
        about = About(message, patient, None, call.number, language_of(call, patient))
        carry_out(session, deps, about, decisions, now)


def store_words(
    session: Session, call: Call, words: str, heard_at: datetime, state: InboxState
) -> InboxMessage:
    """Return what was said at this step as a message of the caller's, stored now unless it was before."""
    sid = f"{call.sid or call.reference}-{call.step}"
    raw = inbox.raw_message(
        session,
        sid=sid,
        sender=call.number,
        body=words,
        form={},
        received_at=heard_at,
        call_id=call.id,
    )
    is_new = inbox.store_messages(session, [raw]) > 0
    message = inbox.message_named(session, sid)
    if is_new:
        message.patient_id, message.state = call.patient_id, state
    return message


def _after(
    session: Session,
    deps: Deps,
    call: Call,
    line: Line,
    turn: CallTurn,
    step: Turn | TakeReply,
    scene: Scene,
    now: datetime,
) -> Turn:
    if isinstance(step, Turn):
        return step
    message = store_words(session, call, step.words, turn.heard_at, InboxState.READ)
    message.read_at = now
    decisions = read_reply(session, deps, message, now)
    session.flush()
    # On a number that several share, the reading may have found out who speaks.
    call.patient_id = call.patient_id or message.patient_id
    answers = tuple(decision for decision in decisions if isinstance(decision, Answer))
    if any(is_only_written(answer) for answer in answers):
        outbox.let_unsaid_leave(session, message.id, now, safety_alone=False)
    else:
        turn.inbox_id = message.id
    # The reading has moved the dialogue on, and may have changed its language.
    moved = scene_of(session, deps, call, line, Heard())
    return after_reply(line, answers, replace(moved, level=scene.level, wants_person=scene.wants_person))


def _ask_by_text(session: Session, deps: Deps, call: Call, now: datetime) -> None:
    patient, conversation = patient_of(session, call), conversation_of(session, call)
    if patient is None or conversation is None:
        return
    talk = conversations.talk_of(conversation)
    if not talk.waits:
        return
    send_to_patient(
        session,
        deps,
        patient,
        talk.prompt,
        key=f"call-text:{call.id}",
        urgency=Urgency.ANSWER,
        now=now,
        check_in_id=call.check_in_id,
        values=(("symptom", talk.asked.symptom),) if talk.asked.symptom else (),
    )
