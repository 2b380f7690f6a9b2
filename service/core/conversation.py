"""The dialogue with one patient: a reply understood, and where the talk stood, become decisions and the next question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from service.core.decisions import (
    Answer,
    Decision,
    Escalate,
    ExpectAnswer,
    OptIn,
    OptOut,
    SettleCheckIn,
    WrongNumber,
)
from service.core.findings import Interpretation, Status
from service.core.words import OPENING, UNSOLICITED, Asked, AskedKind, Disposition, Intent, Urgency, highest

# Beyond four questions patients stop answering; who writes on is still read.
MOST_QUESTIONS: Final = 4
# An unanswered question leaves nobody waiting: after this long a person looks.
ANSWER_WITHIN: Final = timedelta(hours=4)
_ASKED_ABOUT: Final = ("spasm", "headache", "urinary")


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a dialogue stands: the question in the air, the questions asked so far, and the highest disposition yet.

    `unclear` counts replies in a row that nobody could read; `waits` is whether the writer owes us an answer.
    """

    asked: Asked
    questions: tuple[str, ...] = ()
    disposition: Disposition = Disposition.OK
    unclear: int = 0
    waits: bool = True


NO_TALK: Final = Talk(UNSOLICITED, waits=False)


def opened(asked: Asked = OPENING) -> Talk:
    """Return the dialogue as it stands when a check-in has just been sent."""
    return Talk(asked)


def on_reply(
    talk: Talk, interpretation: Interpretation, *, answered_by_carrier: bool = False
) -> tuple[Talk, tuple[Decision, ...]]:
    """Decide what a patient's reply leads to.

    `answered_by_carrier` says that Twilio has itself answered this STOP, START or HELP, so that we must not.
    """
    disposition = interpretation.judgement.disposition
    consent = _consent(interpretation, answered_by_carrier)
    if disposition.needs_paging:
        settled, decisions = _page_staff(talk, interpretation)
        return settled, (*decisions, *(act for act in consent if not isinstance(act, Answer)))
    if consent:
        return replace(talk, waits=False), (*consent, *_keep_concern(disposition), SettleCheckIn())
    if disposition is Disposition.UNCLEAR:
        return _ask_again(talk)
    return _go_on(talk, interpretation)


def on_silence(talk: Talk) -> tuple[Decision, ...]:
    """Decide what silence means after we asked something back: a person looks, and the patient need do nothing."""
    if talk.unclear or talk.questions:
        return (Escalate(Disposition.CALLBACK, "A follow-up question was not answered."),)
    return ()


def _consent(interpretation: Interpretation, answered_by_carrier: bool) -> tuple[Decision, ...]:
    """What a wish about the messages themselves leads to, its answer first."""
    wishes: dict[Intent, tuple[Decision, ...]] = {
        Intent.STOP: (Answer("reply_stopped", Urgency.ANSWER), OptOut()),
        Intent.START: (Answer("reply_started", Urgency.ANSWER), OptIn()),
        Intent.HELP: (Answer("reply_help", Urgency.ANSWER),),
        Intent.WRONG_PERSON: (
            Answer("reply_wrong_person", Urgency.ANSWER),
            WrongNumber(),
            Escalate(Disposition.CALLBACK, "The number seems to belong to somebody else."),
        ),
    }
    decisions = wishes.get(interpretation.intent, ())
    if answered_by_carrier:
        return tuple(decision for decision in decisions if not isinstance(decision, Answer))
    return decisions


def _keep_concern(disposition: Disposition) -> tuple[Decision, ...]:
    if disposition.rank >= Disposition.CALLBACK.rank:
        return (Escalate(disposition, _reason(disposition)),)
    return ()


def _page_staff(talk: Talk, interpretation: Interpretation) -> tuple[Talk, tuple[Decision, ...]]:
    """Red flags end the questions at once: the safety text goes first, then the page."""
    disposition = interpretation.judgement.disposition
    template = f"reply_{disposition}"
    if any(f.symptom == "self_harm" and f.status is not Status.ABSENT for f in interpretation.findings):
        template = "reply_self_harm"
    settled = replace(
        talk, asked=UNSOLICITED, disposition=highest(talk.disposition, disposition), unclear=0, waits=False
    )
    return settled, (
        Answer(template, Urgency.SAFETY),
        Escalate(disposition, _reason(disposition)),
        SettleCheckIn(),
    )


def _ask_again(talk: Talk) -> tuple[Talk, tuple[Decision, ...]]:
    """Ask once to say it another way; a second reply that nobody can read goes to a person."""
    if talk.unclear == 0:
        return replace(talk, unclear=1, waits=True), (
            Answer("reply_unclear", Urgency.ANSWER),
            ExpectAnswer(ANSWER_WITHIN),
        )
    settled = replace(
        talk,
        asked=UNSOLICITED,
        unclear=0,
        waits=False,
        disposition=highest(talk.disposition, Disposition.CALLBACK),
    )
    return settled, (
        Answer("reply_callback", Urgency.ANSWER),
        Escalate(Disposition.CALLBACK, "Two replies in a row could not be read."),
        SettleCheckIn(),
    )


def _go_on(talk: Talk, interpretation: Interpretation) -> tuple[Talk, tuple[Decision, ...]]:
    """Ask the next question that could change the disposition, or close with the line that fits the highest so far."""
    level = highest(talk.disposition, interpretation.judgement.disposition)
    concern = _keep_concern(interpretation.judgement.disposition)
    question = _next_question(talk, interpretation)
    if question is not None:
        asking = replace(
            talk,
            asked=question,
            questions=(*talk.questions, str(question)),
            disposition=level,
            unclear=0,
            waits=True,
        )
        return asking, (_asking(question), *concern, ExpectAnswer(ANSWER_WITHIN))
    settled = replace(talk, asked=UNSOLICITED, disposition=level, unclear=0, waits=False)
    if not talk.waits and interpretation.intent is Intent.THANKS:
        return settled, (*concern, SettleCheckIn())
    closing = "reply_callback" if level.rank >= Disposition.CALLBACK.rank else "reply_ok"
    return settled, (Answer(closing, Urgency.ANSWER), *concern, SettleCheckIn())


def _next_question(talk: Talk, interpretation: Interpretation) -> Asked | None:
    """How bad, where no number was given; then the red flags of that symptom; each at most once a check-in."""
    if len(talk.questions) >= MOST_QUESTIONS:
        return None
    present = {f.symptom: f for f in interpretation.findings if f.status is Status.PRESENT}
    for symptom in _ASKED_ABOUT:
        finding = present.get(symptom)
        if finding is None:
            continue
        for kind in (AskedKind.SEVERITY, AskedKind.REDFLAG):
            question = Asked(kind, symptom)
            known = kind is AskedKind.SEVERITY and finding.severity is not None
            mild = kind is AskedKind.REDFLAG and finding.severity is not None and finding.severity <= 3
            if str(question) not in talk.questions and not known and not mild:
                return question
    return None


def _asking(question: Asked) -> Answer:
    if question.kind is AskedKind.SEVERITY:
        return Answer("ask_severity", Urgency.ANSWER, (("symptom", question.symptom or ""),))
    return Answer(f"ask_redflag_{question.symptom}", Urgency.ANSWER)


def _reason(disposition: Disposition) -> str:
    return f"A reply was read as {disposition}."
