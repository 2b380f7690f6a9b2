"""What the tests of the dialogue share: a talk that is written down between every two texts, and readings made by hand."""

from __future__ import annotations

import json

from service.core.conversation import Talk, on_reply, opened
from service.core.conversation.talk import as_json, from_json
from service.core.decisions import Answer, Decision, Escalate
from service.core.findings import Finding, Interpretation, Judgement, Status
from service.core.words import Disposition, Intent


def kept(talk: Talk) -> Talk:
    """Return the talk as the database gives it back."""
    return from_json(json.loads(json.dumps(as_json(talk))))


def says(
    level: Disposition,
    *findings: tuple[str, int | None],
    status: Status = Status.PRESENT,
    intent: Intent = Intent.REPORT,
) -> Interpretation:
    """Return what a reply was understood as: its level, and each symptom with its severity."""
    found = tuple(Finding(symptom, status, severity, ()) for symptom, severity in findings)
    return Interpretation(intent, found, Judgement(level, ()), "test")


class Dialogue:
    """A dialogue that goes through JSON before every reply; `decisions` are those of the last one."""

    def __init__(self, talk: Talk | None = None) -> None:
        self.talk = talk or opened()
        self.decisions: tuple[Decision, ...] = ()

    def hears(self, interpretation: Interpretation, words: str = "…") -> list[str]:
        """Hear a reply; return the names of the texts that answer it."""
        self.talk, self.decisions = on_reply(kept(self.talk), interpretation, words=words)
        return [act.template for act in self.decisions if isinstance(act, Answer)]

    def escalations(self) -> list[Disposition]:
        """Return the levels that the last reply was escalated at."""
        return [act.disposition for act in self.decisions if isinstance(act, Escalate)]
