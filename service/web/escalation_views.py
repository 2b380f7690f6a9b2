"""What the templates of the worklist and of an escalation are given: frozen values, ready to be written down."""

from __future__ import annotations

from dataclasses import dataclass

from service.web.moments import Moment


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of a conversation: the patient's, or ours with what became of it."""

    is_ours: bool
    words: str
    at: Moment
    fate: str
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one side said at a turn of a call, or pressed; `remark` tells how well it was heard."""

    is_ours: bool
    words: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call: who called, when, how it went (with its error in words), and all that was said, turn by turn."""

    is_ours: bool
    at: Moment
    how: str
    is_in_vain: bool
    spoken: tuple[Spoken, ...]


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
class MissedCheckIn:
    """A check-in that stayed unanswered."""

    patient_id: int
    who: str
    phone: str
    asked: Moment
    step: str


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
class Happening:
    """A line of a timeline."""

    at: Moment
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page to staff, and what became of it; `call` where it was one, or where they called about it themselves."""

    who: str
    at: Moment
    fate: str
    is_lost: bool
    call: CallLine | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom an escalation can be given."""

    staff_id: int
    name: str


@dataclass(frozen=True, slots=True)
class EscalationPage:
    """An escalation with all that a nurse needs before the call.

    `tells_patient` says that, once it is taken, the patient hears that it was seen; `last_news` is the newest reply on it.
    """

    card: Card
    state: str
    patient_id: int | None
    tells_patient: bool
    pages_staff: bool
    phone: str
    phone_link: str
    their_time: str
    reasons: tuple[Reason, ...]
    conversation: tuple[Bubble | CallLine, ...]
    timeline: tuple[Happening, ...]
    pages: tuple[PageLine, ...]
    last_news: int
    outcomes: tuple[str, ...]
    colleagues: tuple[Colleague, ...]
    outcome: str
    note: str
    handover: str
    outcome_typed: str = ""
    note_typed: str = ""
    fault: str = ""
