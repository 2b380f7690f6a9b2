"""The words of the project as types: dispositions, intents, channels, languages, and the question that was asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final


class Disposition(StrEnum):
    """What has to happen about a reply, lowest first; compare with `rank` or combine with `highest`."""

    OK = "ok"
    UNCLEAR = "unclear"
    CALLBACK = "callback"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """Return the position in the order ok < unclear < callback < urgent < emergency."""
        return _RANK[self]

    @property
    def needs_paging(self) -> bool:
        """Return whether on-call staff are paged for it now."""
        return self in (Disposition.URGENT, Disposition.EMERGENCY)


_RANK: Final = {disposition: rank for rank, disposition in enumerate(Disposition)}


def highest(*dispositions: Disposition) -> Disposition:
    """Return the highest of the dispositions; `ok` where none is given."""
    return max(dispositions, key=lambda disposition: disposition.rank, default=Disposition.OK)


class Intent(StrEnum):
    """What the writer of a reply wants of us (triage guide, "Intents")."""

    REPORT = "report"
    STOP = "stop"
    START = "start"
    HELP = "help"
    CALL_ME = "call_me"
    QUESTION = "question"
    WRONG_PERSON = "wrong_person"
    RESCHEDULE = "reschedule"
    THANKS = "thanks"
    UNCLEAR = "unclear"


class Language(StrEnum):
    """The languages that patients are written to in (ISO 639-1)."""

    ENGLISH = "en"
    SPANISH = "es"


class Channel(StrEnum):
    """The ways to reach a phone."""

    SMS = "sms"
    VOICE = "voice"


class Urgency(IntEnum):
    """The order in which messages leave when many wait: a lower number goes first."""

    SAFETY = 0
    PAGE = 1
    ANSWER = 2
    CHECK_IN = 3


class AskedKind(StrEnum):
    """The kinds of question that a reply may answer."""

    OPENING = "opening"
    SEVERITY = "severity"
    REDFLAG = "redflag"
    RECHECK = "recheck"
    UNSOLICITED = "unsolicited"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a reply answers: its kind, and the symptom where it is about one."""

    kind: AskedKind
    symptom: str | None = None

    @classmethod
    def parse(cls, text: str) -> Asked:
        """Read the form `opening`, `severity:headache`, …; raise ValueError with a sentence where it is none."""
        kind_text, colon, symptom = text.strip().partition(":")
        try:
            kind = AskedKind(kind_text)
        except ValueError:
            kinds = ", ".join(AskedKind)
            raise ValueError(
                f"asked is {text!r}; it must be one of {kinds}, with :SYMPTOM where it names one."
            ) from None
        needs_symptom = kind in (AskedKind.SEVERITY, AskedKind.REDFLAG, AskedKind.RECHECK)
        if needs_symptom != bool(symptom) or bool(colon) != bool(symptom):
            shape = f"{kind}:SYMPTOM" if needs_symptom else f"{kind} alone"
            raise ValueError(f"asked is {text!r}; write {shape}.")
        return cls(kind, symptom or None)

    def __str__(self) -> str:
        """Return the form that `parse` reads."""
        return f"{self.kind}:{self.symptom}" if self.symptom else str(self.kind)


OPENING: Final = Asked(AskedKind.OPENING)
UNSOLICITED: Final = Asked(AskedKind.UNSOLICITED)
# The symptoms of which we ask how bad they are, in the order in which we ask.
ASKED_HOW_BAD: Final = ("spasm", "headache", "urinary")
