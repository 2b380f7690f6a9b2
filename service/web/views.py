"""What templates are given: frozen values, ready to be written down; no row reaches a template."""

from __future__ import annotations

from dataclasses import dataclass

from service.web.moments import Moment
from service.web.watch import Fault


@dataclass(frozen=True, slots=True)
class Said:
    """What came of the form just sent: `kind` is "good" or "bad"."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page shows around its own view."""

    clinic: str
    member: str
    section: str
    faults: tuple[Fault, ...]
    said: tuple[Said, ...]
    read_at: str
    is_demo: bool
    simulator_url: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in form: what was typed, what was wrong, where to go next."""

    login: str = ""
    wanted: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An escalation on the worklist; `has_it` is empty while nobody does, `reason` is what a nurse should know first."""

    escalation_id: int
    code: str
    level: str
    who: str
    reason: str
    since: Moment
    due: Moment
    is_overdue: bool
    has_it: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class MissedCheckIn:
    """A check-in that stayed unanswered."""

    patient_id: int
    who: str
    phone: str
    asked: Moment
    step: str


@dataclass(frozen=True, slots=True)
class ClosedCard:
    """An escalation that is over."""

    escalation_id: int
    code: str
    level: str
    who: str
    outcome: str
    closed_by: str
    closed: Moment


@dataclass(frozen=True, slots=True)
class Worklist:
    """Everything that waits for staff, in the order to take it up."""

    summary: str
    now: tuple[Card, ...]
    callbacks: tuple[Card, ...]
    strangers: tuple[Card, ...]
    missed: tuple[MissedCheckIn, ...]
    closed: tuple[ClosedCard, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a reply's words; `is_evidence` where a finding rests on them."""

    words: str
    is_evidence: bool


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding in words: "Headache", "present, 8 of 10"."""

    symptom: str
    status: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that fired: what it asks for, why, and who says so."""

    rule_id: str
    level: str
    because: str
    source: str
    signed: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reply behind an escalation, explained; `version` is empty where the service could not read it."""

    at: Moment
    level: str
    asked: str
    words: tuple[Part, ...]
    findings: tuple[FindingLine, ...]
    rules: tuple[RuleLine, ...]
    version: str
    is_older_version: bool


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of a conversation: the patient's, or ours with what became of it."""

    is_ours: bool
    words: str
    at: Moment
    fate: str
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of a timeline."""

    at: Moment
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page to staff, and what became of it."""

    who: str
    at: Moment
    fate: str
    is_lost: bool


@dataclass(frozen=True, slots=True)
class EscalationPage:
    """An escalation with all that a nurse needs before the call; `tells_patient` when it is taken, that it was seen."""

    card: Card
    state: str
    patient_id: int | None
    tells_patient: bool
    phone: str
    phone_link: str
    their_time: str
    reasons: tuple[Reason, ...]
    conversation: tuple[Bubble, ...]
    timeline: tuple[Happening, ...]
    pages: tuple[PageLine, ...]
    outcomes: tuple[str, ...]
    outcome: str
    note: str
    note_typed: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient in the list; `hindrance` says why they may not be texted, where that is so."""

    patient_id: int
    name: str
    phone: str
    language: str
    hindrance: str


@dataclass(frozen=True, slots=True)
class Patients:
    """The list of patients, what was searched for, and whether there are more than are shown."""

    lines: tuple[PatientLine, ...]
    wanted: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class EnrolForm:
    """The form to enrol a patient, with what was typed and the sentence on what to put right."""

    zones: tuple[str, ...]
    zone: str
    name: str = ""
    phone: str = ""
    language: str = "en"
    has_agreed: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """A check-in of a patient: what, when, what came of it, and why it is when it is."""

    step: str
    state: str
    due: Moment
    sent: Moment | None
    settled: Moment | None
    why: str


@dataclass(frozen=True, slots=True)
class InfusionLine:
    """An infusion of a patient."""

    protocol: str
    ended: Moment


@dataclass(frozen=True, slots=True)
class ProtocolChoice:
    """A protocol to choose for an infusion."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class InfusionForm:
    """The form to register an infusion; `ended` is wall time in the patient's zone, as the browser writes it."""

    protocols: tuple[ProtocolChoice, ...]
    protocol: str
    ended: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PatientPage:
    """A patient with the plan and the conversation, all times by the patient's own clock."""

    patient: PatientLine
    phone_link: str
    zone: str
    their_time: str
    enrolled: Moment
    escalations: tuple[Card, ...]
    closed: tuple[ClosedCard, ...]
    form: InfusionForm
    infusions: tuple[InfusionLine, ...]
    check_ins: tuple[CheckInLine, ...]
    conversation: tuple[Bubble, ...]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A member of staff, and how they are paged."""

    name: str
    role: str
    phone: str
    login: str
    tier: str
    hindrance: str


@dataclass(frozen=True, slots=True)
class StaffPage:
    """Everybody who works here."""

    lines: tuple[StaffLine, ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, and what to do."""

    title: str
    sentence: str
