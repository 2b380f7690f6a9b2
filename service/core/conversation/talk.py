"""Where a dialogue stands, as one value that survives being written down between any two texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from service.core.words import ASKED_HOW_BAD, OPENING, UNSOLICITED, Asked, Disposition

# Beyond four questions patients stop answering; who writes on is still read, and may be asked two more.
MOST_QUESTIONS: Final = 4
# An unanswered question leaves nobody waiting: after this long a person looks.
ANSWER_WITHIN: Final = timedelta(hours=4)
INTAKE_PREFIX: Final = "ask_intake_"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A symptom that the patient has told us of in this dialogue, with the last severity (0-10) or None."""

    symptom: str
    severity: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a dialogue stands.

    `asked` is what the next reply is read against and `prompt` the text that asked it; both stay when the answer
    is late, so that it still counts. `questions` are those asked so far, `allowed` how many may be.
    `disposition` is the highest yet; `unclear` counts replies in a row that nobody could read; `waits` says
    whether the writer owes us an answer. `complaints` are what was told, `before` the severities of the talk
    before this one, `usual` those the patient always has, `intake` the specialist's questions with the answers
    in the patient's words. `high_risk` says that the talk before this one led to a page. `undecided` says that it is
    a callback unless the strength that was asked for turns out mild.
    """

    asked: Asked
    prompt: str = ""
    questions: tuple[str, ...] = ()
    allowed: int = MOST_QUESTIONS
    disposition: Disposition = Disposition.OK
    unclear: int = 0
    waits: bool = True
    complaints: tuple[Complaint, ...] = ()
    before: tuple[tuple[str, int], ...] = ()
    usual: tuple[tuple[str, int], ...] = ()
    intake: tuple[tuple[str, str], ...] = ()
    high_risk: bool = False
    undecided: bool = False

    @property
    def intake_part(self) -> str | None:
        """Return the part of the intake that is in the air, or None."""
        part = self.prompt.removeprefix(INTAKE_PREFIX)
        return part if part != self.prompt else None

    @property
    def owes_callback(self) -> bool:
        """Return whether a callback was held back for how bad it is, and that has not been told."""
        return self.undecided and any(
            complaint.severity is None and complaint.symptom in ASKED_HOW_BAD for complaint in self.complaints
        )

    @property
    def last_symptom(self) -> str | None:
        """Return the symptom that was spoken of last, which a correction is about, or None."""
        return self.complaints[-1].symptom if self.complaints else None

    def severity_of(self, symptom: str) -> int | None:
        """Return the last severity of the symptom in this dialogue, or None."""
        return next((c.severity for c in self.complaints if c.symptom == symptom), None)


NO_TALK: Final = Talk(UNSOLICITED, waits=False)


def opened(
    asked: Asked = OPENING,
    prompt: str = "check_in_opening",
    *,
    before: tuple[tuple[str, int], ...] = (),
    usual: tuple[tuple[str, int], ...] = (),
    intake: tuple[tuple[str, str], ...] = (),
    high_risk: bool = False,
) -> Talk:
    """Return the dialogue as it stands when a check-in has just been sent, with what is known before it is asked."""
    return Talk(asked, prompt, before=before, usual=usual, intake=intake, high_risk=high_risk)


def as_json(talk: Talk) -> dict[str, Any]:
    """Return the dialogue as plain JSON values, which `from_json` reads."""
    return {
        "asked": str(talk.asked),
        "prompt": talk.prompt,
        "questions": list(talk.questions),
        "allowed": talk.allowed,
        "disposition": str(talk.disposition),
        "unclear": talk.unclear,
        "waits": talk.waits,
        "complaints": [[complaint.symptom, complaint.severity] for complaint in talk.complaints],
        "before": [list(pair) for pair in talk.before],
        "usual": [list(pair) for pair in talk.usual],
        "intake": [list(pair) for pair in talk.intake],
        "high_risk": talk.high_risk,
        "undecided": talk.undecided,
    }


def from_json(kept: dict[str, Any]) -> Talk:
    """Return the dialogue that `as_json` wrote, also by the version before this one, which kept less."""
    return Talk(
        asked=Asked.parse(kept["asked"]),
        prompt=kept.get("prompt", ""),
        questions=tuple(kept["questions"]),
        allowed=kept.get("allowed", MOST_QUESTIONS),
        disposition=Disposition(kept["disposition"]),
        unclear=kept["unclear"],
        waits=kept["waits"],
        complaints=tuple(Complaint(symptom, severity) for symptom, severity in kept.get("complaints", ())),
        before=tuple((symptom, severity) for symptom, severity in kept.get("before", ())),
        usual=tuple((symptom, severity) for symptom, severity in kept.get("usual", ())),
        intake=tuple((part, words) for part, words in kept.get("intake", ())),
        high_risk=kept.get("high_risk", False),
        undecided=kept.get("undecided", False),
    )
