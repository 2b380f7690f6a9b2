"""What silence means: a question of ours that stays unanswered leaves nobody waiting."""

from __future__ import annotations

from dataclasses import replace

from service.core.conversation.talk import Talk
from service.core.decisions import Decision, Escalate
from service.core.words import Disposition, highest


def on_silence(talk: Talk, *, escalates: bool = False) -> tuple[Talk, tuple[Decision, ...]]:
    """Decide what silence means; the patient need do nothing, and a late answer still counts.

    A check-in that nobody answered is missed, and goes on the worklist: a callback where the protocol says that
    its silence `escalates`. A question that we asked back brings a callback. After a talk that led to a page,
    either is urgent: who was in danger yesterday and is silent today may be unable to write.
    """
    if not talk.waits:
        return talk, ()
    level = highest(talk.disposition, Disposition.CALLBACK) if talk.owes_callback else talk.disposition
    settled = replace(talk, waits=False, disposition=level, undecided=False)
    if talk.high_risk:
        reason = "No answer, after a reply that staff were paged for."
        return settled, (Escalate(Disposition.URGENT, reason),)
    if talk.unclear or talk.questions:
        return settled, (Escalate(Disposition.CALLBACK, "A follow-up question was not answered."),)
    if escalates:
        return settled, (Escalate(Disposition.CALLBACK, "The check-in was not answered."),)
    return settled, ()
