"""A reply, and where the talk stood, become decisions: safety first, then wishes, then the next question or the close."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from service.core.conversation.consent import in_other_language, language_wished, wish
from service.core.conversation.correction import is_correction
from service.core.conversation.intake import danger, with_answer
from service.core.conversation.questions import Question, next_question
from service.core.conversation.recheck import has_grown, raised, recheck_of
from service.core.conversation.talk import ANSWER_WITHIN, MOST_QUESTIONS, Complaint, Talk
from service.core.decisions import Answer, Decision, Escalate, ExpectAnswer, SettleCheckIn
from service.core.findings import Finding, Interpretation, Status
from service.core.triage.facts import grade
from service.core.triage.rule import Grade
from service.core.words import UNSOLICITED, AskedKind, Disposition, Intent, Urgency, highest

Outcome = tuple[Talk, tuple[Decision, ...]]

# What words stand for on the scale from 0 to 10 (triage guide, "Findings").
_IN_WORDS: Final = {Grade.MILD: 2, Grade.MODERATE: 5}
# Who writes on after the close may be asked so many more, up to so many in all.
_MORE_QUESTIONS: Final = 2
_MOST_EVER: Final = 2 * MOST_QUESTIONS
_NOTED: Final = Answer("reply_noted", Urgency.ANSWER)


def on_reply(
    talk: Talk, interpretation: Interpretation, *, words: str = "", answered_by_carrier: bool = False
) -> Outcome:
    """Decide what a patient's reply leads to; `words` are the reply as it came.

    1. Another language is spoken from here on.
    2. A red flag ends the questions: the safety text leaves first, then staff are paged; a wish to stop still counts.
    3. A wish about the messages is granted, and a concern beside it kept.
    4. What nobody could read is asked once more; then a person looks.
    5. Else the next question, or the line that closes.
    `answered_by_carrier` says that Twilio has itself answered this STOP, START or HELP, so that we must not.
    """
    language = language_wished(words)
    if language is not None:
        return talk, in_other_language(talk, language)
    level = _level(talk, interpretation, words)
    heard = _heard(talk, interpretation, words)
    wishes = wish(interpretation.intent, answered_by_carrier=answered_by_carrier)
    if level.needs_paging:
        settled, decisions = _page_staff(heard, interpretation, level)
        return settled, (*decisions, *(act for act in wishes if not isinstance(act, Answer)))
    if interpretation.intent is Intent.HELP and talk.waits:
        # Who asks what this is has not answered the question, which stays in the air.
        return heard, (*wishes, *_keep_concern(level), ExpectAnswer(ANSWER_WITHIN))
    if wishes or interpretation.intent is Intent.HELP:
        settled = replace(heard, waits=False, undecided=False)
        return settled, (*wishes, *_keep_concern(_with_owed(heard, level)), SettleCheckIn())
    if level is Disposition.UNCLEAR:
        return _not_understood(heard)
    return _go_on(talk, heard, interpretation, level, corrects=is_correction(words))


def _level(talk: Talk, interpretation: Interpretation, words: str) -> Disposition:
    """Return the disposition of this reply: as judged, raised where it has grown, or as the intake makes it."""
    judged = interpretation.judgement.disposition
    part = talk.intake_part
    if part is not None and interpretation.intent is not Intent.CALL_ME:
        # The intake is asked of a callback, so that what is not dangerous adds to it and changes nothing.
        spoken = judged if judged.needs_paging else Disposition.CALLBACK
        return highest(spoken, danger(part, words))
    has_risen = has_grown(talk, _complaints(interpretation), corrects=is_correction(words))
    return raised(judged) if has_risen else judged


def _complaints(interpretation: Interpretation) -> tuple[Complaint, ...]:
    return tuple(
        Complaint(finding.symptom, _severity(finding))
        for finding in interpretation.findings
        if finding.status is Status.PRESENT
    )


def _severity(finding: Finding) -> int | None:
    """Return the number, or what the words stand for: who has said "a little", or "better", is not asked how bad it is."""
    return finding.severity if finding.severity is not None else _IN_WORDS.get(grade(finding))


def _heard(talk: Talk, interpretation: Interpretation, words: str) -> Talk:
    """Return the talk with what was told: complaints kept with their last severity, the last spoken of at the end."""
    part = talk.intake_part
    if part is not None:
        return replace(talk, intake=with_answer(talk.intake, part, words))
    kept = {complaint.symptom: complaint for complaint in talk.complaints}
    for finding in interpretation.findings:
        _hear(kept, finding)
    symptom = talk.asked.symptom
    if talk.asked.kind is AskedKind.RECHECK and interpretation.is_unchanged and symptom in kept:
        before = dict(talk.before).get(symptom)
        kept[symptom] = Complaint(symptom, kept[symptom].severity if before is None else before)
    return replace(talk, complaints=tuple(kept.values()))


def _hear(kept: dict[str, Complaint], finding: Finding) -> None:
    before = kept.get(finding.symptom)
    if finding.status is Status.PRESENT:
        kept.pop(finding.symptom, None)
        told = _severity(finding)
        severity = before.severity if told is None and before is not None else told
        kept[finding.symptom] = Complaint(finding.symptom, severity)
    elif finding.status in (Status.ABSENT, Status.RESOLVED):
        kept.pop(finding.symptom, None)


def _keep_concern(disposition: Disposition) -> tuple[Decision, ...]:
    if disposition.rank >= Disposition.CALLBACK.rank:
        return (Escalate(disposition, _reason(disposition)),)
    return ()


def _page_staff(heard: Talk, interpretation: Interpretation, level: Disposition) -> Outcome:
    """Red flags end the questions at once: the safety text goes first, then the page."""
    template = f"reply_{level}"
    if any(f.symptom == "self_harm" and f.status is not Status.ABSENT for f in interpretation.findings):
        template = "reply_self_harm"
    settled = _settled(heard, level)
    return settled, (
        Answer(template, Urgency.SAFETY),
        Escalate(level, _reason(level)),
        *recheck_of(settled),
        SettleCheckIn(),
    )


def _not_understood(heard: Talk) -> Outcome:
    """Ask once to say it another way; a second reply that nobody can read goes to a person."""
    if heard.disposition.needs_paging and not heard.waits:
        # Staff have been paged: asking for other words would keep somebody writing who should be calling.
        return heard, (
            Escalate(Disposition.CALLBACK, "A reply after the page could not be read."),
            SettleCheckIn(),
        )
    if heard.disposition is Disposition.CALLBACK and not heard.waits:
        reason = "A reply after a call was promised could not be read."
        return heard, (_NOTED, Escalate(Disposition.CALLBACK, reason), SettleCheckIn())
    if heard.unclear == 0:
        asking = replace(heard, unclear=1, waits=True)
        return asking, (Answer("reply_unclear", Urgency.ANSWER), ExpectAnswer(ANSWER_WITHIN))
    settled = _settled(heard, Disposition.CALLBACK)
    return settled, (
        Answer("reply_callback", Urgency.ANSWER),
        Escalate(Disposition.CALLBACK, "Two replies in a row could not be read."),
        SettleCheckIn(),
    )


def _go_on(
    talk: Talk, heard: Talk, interpretation: Interpretation, level: Disposition, *, corrects: bool
) -> Outcome:
    """Ask the next question that could change the disposition, or close with the line that fits the highest so far."""
    if corrects and talk.complaints and talk.disposition.rank >= Disposition.CALLBACK.rank:
        return _put_right(heard, level)
    is_courtesy = not talk.waits and interpretation.intent is Intent.THANKS
    if talk.disposition.needs_paging and not talk.waits:
        # Staff have been paged: who adds to it hears that it is seen, and is asked nothing more.
        return _settled(heard, level), (
            *(() if is_courtesy else (_NOTED,)),
            *_keep_concern(level),
            SettleCheckIn(),
        )
    heard = replace(heard, disposition=highest(talk.disposition, level), unclear=0)
    if interpretation.intent is not Intent.CALL_ME:
        heard = _allow_more(talk, heard, interpretation)
        question = next_question(heard)
        if question is not None:
            return _ask(talk, heard, interpretation, level, question)
    concern = _keep_concern(_with_owed(heard, level))
    settled = _settled(heard, _with_owed(heard, level))
    if is_courtesy:
        return settled, (*concern, SettleCheckIn())
    closing = "reply_callback" if settled.disposition.rank >= Disposition.CALLBACK.rank else "reply_ok"
    return settled, (Answer(closing, Urgency.ANSWER), *concern, *recheck_of(settled), SettleCheckIn())


def _ask(
    talk: Talk, heard: Talk, interpretation: Interpretation, level: Disposition, question: Question
) -> Outcome:
    """Ask the question; a callback that hangs on its answer alone waits for that, or for the silence."""
    held_back = _only_how_bad_is_open(talk, interpretation, level, question)
    asking = replace(
        heard,
        asked=question.asked,
        prompt=question.template,
        questions=(*heard.questions, question.name),
        waits=True,
        disposition=talk.disposition if held_back else heard.disposition,
        undecided=held_back or heard.undecided,
    )
    ask = Answer(question.template, Urgency.ANSWER, question.values)
    return asking, (ask, *(() if held_back else _keep_concern(level)), ExpectAnswer(ANSWER_WITHIN))


def _only_how_bad_is_open(
    talk: Talk, interpretation: Interpretation, level: Disposition, question: Question
) -> bool:
    """Return whether the answer to the question says if a nurse is needed at all; without one, she is.

    The call is promised once it is known, so that nobody is rung about a headache of 2 (triage guide: H1, S1).
    """
    return (
        question.asked.kind is AskedKind.SEVERITY
        and level is Disposition.CALLBACK
        and talk.disposition.rank < level.rank
        and interpretation.if_mild is Disposition.OK
    )


def _with_owed(heard: Talk, level: Disposition) -> Disposition:
    return highest(level, Disposition.CALLBACK) if heard.owes_callback else level


def _put_right(heard: Talk, level: Disposition) -> Outcome:
    """A correction of what a person already looks at is theirs to weigh: it joins, and lowers nothing by itself."""
    settled = _settled(heard, level)
    reason = "The patient has put an answer right; the number that counts is the last."
    return settled, (
        Answer("reply_corrected", Urgency.ANSWER),
        Escalate(Disposition.CALLBACK, reason),
        SettleCheckIn(),
    )


def _allow_more(talk: Talk, heard: Talk, interpretation: Interpretation) -> Talk:
    if talk.waits or not talk.questions or not _complaints(interpretation):
        return heard
    return replace(heard, allowed=min(len(talk.questions) + _MORE_QUESTIONS, _MOST_EVER))


def _settled(heard: Talk, level: Disposition) -> Talk:
    return replace(
        heard,
        asked=UNSOLICITED,
        prompt="",
        disposition=highest(heard.disposition, level),
        unclear=0,
        waits=False,
        undecided=False,
    )


def _reason(disposition: Disposition) -> str:
    return f"A reply was read as {disposition}."
