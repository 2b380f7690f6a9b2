"""What templates are given: frozen values, ready to be written down; no row reaches a template."""

from __future__ import annotations

from dataclasses import dataclass

from service.web.escalation_views import Bubble, CallLine, Card, ClosedCard
from service.web.health_form import HealthForm
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
    health: HealthForm
    name: str = ""
    phone: str = ""
    language: str = "en"
    channel: str = "sms"
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
    """An infusion of a patient; `dose` in milligrams, empty where it was not noted."""

    infusion_id: int
    protocol: str
    ended: Moment
    dose: str


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
    dose: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class InfusionPage:
    """One infusion with what its form holds; `fault_in` is the form that `fault` is about, "change" or "cancel"."""

    patient_id: int
    infusion_id: int
    name: str
    zone: str
    protocol: str
    when: Moment
    ended: str
    dose: str
    fault_in: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PatientPage:
    """A patient with the plan and the conversation, all times by the patient's own clock.

    `refusal` says that their phone takes no texts, and is empty where nothing has shown that.
    """

    patient: PatientLine
    phone_link: str
    channel: str
    refusal: str
    zone: str
    their_time: str
    enrolled: Moment
    escalations: tuple[Card, ...]
    closed: tuple[ClosedCard, ...]
    form: InfusionForm
    health: HealthForm
    background: tuple[tuple[str, str], ...]
    infusions: tuple[InfusionLine, ...]
    check_ins: tuple[CheckInLine, ...]
    conversation: tuple[Bubble | CallLine, ...]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A member of staff, and how they are paged."""

    staff_id: int
    name: str
    role: str
    phone: str
    login: str
    tier: str
    hindrance: str


@dataclass(frozen=True, slots=True)
class MemberForm:
    """The form to add somebody to the staff, as it was typed; a password is typed again."""

    name: str = ""
    phone: str = ""
    login: str = ""
    role: str = "nurse"
    tier: str = ""


@dataclass(frozen=True, slots=True)
class StaffPage:
    """Everybody who works here; `fault_at` is the id of the member whom a form could not change, 0 for a new one."""

    may_change: bool
    lines: tuple[StaffLine, ...]
    roles: tuple[str, ...]
    tiers: tuple[str, ...]
    form: MemberForm = MemberForm()
    fault_at: int | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, and what to do."""

    title: str
    sentence: str
