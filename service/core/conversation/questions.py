"""The next question: the one that could change what happens next, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.core.conversation.intake import SPASM, missing_parts
from service.core.conversation.talk import INTAKE_PREFIX, Complaint, Talk
from service.core.words import ASKED_HOW_BAD, Asked, AskedKind

_MILD: Final = 3
# One point up or down is how the same ache is told on another day.
_AS_USUAL: Final = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its name in the record, what the reply to it is read against, its text, and that text's values."""

    name: str
    asked: Asked
    template: str
    values: tuple[tuple[str, str], ...] = ()


def next_question(talk: Talk) -> Question | None:
    """Return the next question.

    Per symptom: how bad, where no number was given; then its red flags. Then, for a spasm that is not mild, the
    specialist's intake. Each at most once, and no more than the dialogue allows.
    """
    if len(talk.questions) >= talk.allowed:
        return None
    return next((question for question in _wanted(talk) if question.name not in talk.questions), None)


def is_as_usual(talk: Talk, complaint: Complaint) -> bool:
    """Return whether the patient always has it, and no worse than this."""
    usual = dict(talk.usual).get(complaint.symptom)
    return usual is not None and complaint.severity is not None and complaint.severity <= usual + _AS_USUAL


def _wanted(talk: Talk) -> Iterator[Question]:
    told = {complaint.symptom: complaint for complaint in talk.complaints}
    for symptom in ASKED_HOW_BAD:
        if symptom in told:
            yield from _about(talk, told[symptom])
    spasm = told.get(SPASM)
    if spasm is not None and not _is_mild(spasm) and not is_as_usual(talk, spasm):
        for part in missing_parts(talk.intake):
            # The answer is read as one about the spasm, so that "both arms and both legs" means the spasm's.
            yield Question(f"intake:{part}", Asked(AskedKind.SEVERITY, SPASM), f"{INTAKE_PREFIX}{part}")


def _about(talk: Talk, complaint: Complaint) -> Iterator[Question]:
    symptom = complaint.symptom
    if complaint.severity is None:
        asked = Asked(AskedKind.SEVERITY, symptom)
        yield Question(str(asked), asked, "ask_severity", (("symptom", symptom),))
    # Blood or fever matters however little it hurts, and was asked about before a recheck that is told as mild or
    # better; a mild ache or cramp needs no list of dangers.
    was_asked = talk.asked == Asked(AskedKind.RECHECK, symptom)
    harmless = _is_mild(complaint) and (symptom != "urinary" or was_asked)
    if not harmless and not is_as_usual(talk, complaint):
        asked = Asked(AskedKind.REDFLAG, symptom)
        yield Question(str(asked), asked, f"ask_redflag_{symptom}")


def _is_mild(complaint: Complaint) -> bool:
    return complaint.severity is not None and complaint.severity <= _MILD
