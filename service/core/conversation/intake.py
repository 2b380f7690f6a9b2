"""The specialist's intake for a spasm: what a neurologist needs to know, in four texts, after safety is settled.

Source: the questions of movement-disorder histories (distribution, onset, spread, duration, awareness, drugs). What
the clinic's record knows (how many infusions, how far apart) is put beside the answers in the handover.
"""

from __future__ import annotations

import re
from typing import Final

from service.core.words import Disposition

SPASM: Final = "spasm"
PARTS: Final = ("where", "how", "when", "before")
TITLES: Final = {
    "where": "Where, how much of it, all at once or spreading",
    "how": "How long, awake and clear, pain or tightness",
    "when": "When it began, during the infusion too, seen by the nurse",
    "before": "First time or every time, how often infusions, other medicines",
}

# What the questions themselves make dangerous (triage guide S4, S5): the reader does not know what was asked.
_ALL_LIMBS: Final = re.compile(
    r"\b(both|all|two) (of )?(my )?arms and (both |all )?(my )?legs|\barms and legs\b|\b(whole|entire|all (over )?my) body"
    r"|\ball (of them|four|my limbs|limbs)\b|\b(los dos )?brazos y (las dos )?(las )?piernas|\btodo el cuerpo|\btodos\b",
    re.IGNORECASE,
)
_NOT_CLEAR: Final = re.compile(
    r"\b(not|wasn'?t|weren'?t|isn'?t|never) (fully |really |always |quite )?(awake|clear|aware|conscious|there)\b"
    r"|\b(lost|lose) (track|time|consciousness)|\bno (estoy |estaba |me )(despiert|clar|consciente|d(oy|aba|i) cuenta)",
    re.IGNORECASE,
)
# "2 minutes. no. pain": the bare "no" in the middle answers "awake and clear?".
_BARE_NO: Final = re.compile(r"(^|[.,;\n])\s*no\s*($|[.,;\n])", re.IGNORECASE)
_EVERY_TIME: Final = re.compile(
    r"\b(every|each) (single )?(time|infusion|visit)|\balways\b|\b(cada|todas las) (vez|veces|visita)|\bsiempre\b",
    re.IGNORECASE,
)


def missing_parts(intake: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the parts that have no answer yet, in the order in which they are asked."""
    known = {part for part, _ in intake}
    return tuple(part for part in PARTS if part not in known)


def with_answer(intake: tuple[tuple[str, str], ...], part: str, words: str) -> tuple[tuple[str, str], ...]:
    """Return the intake with the patient's words to a part; what is said twice is kept twice."""
    return (*intake, (part, words.strip()))


def danger(part: str, words: str) -> Disposition:
    """Return what the answer to a part of the intake asks for by itself; `ok` where it is harmless."""
    if part == "how" and _NOT_CLEAR.search(words):
        return Disposition.EMERGENCY
    signs = {"where": _ALL_LIMBS, "how": _BARE_NO, "before": _EVERY_TIME}
    sign = signs.get(part)
    return Disposition.URGENT if sign is not None and sign.search(words) else Disposition.OK
