"""What the reader is compared with: plain keyword rules as a flow builder offers them, and denial in NegEx's manner."""

from __future__ import annotations

import re
from typing import Final

from benchmarks.triage_score import Found, Label

# The words that somebody writes into the branches of a flow: any of them in the text takes the branch.
_KEYWORDS: Final = (
    ("emergency", "chest pain", "chest_pain"),
    ("emergency", "can't breathe", "breathing"),
    ("emergency", "cant breathe", "breathing"),
    ("emergency", "no puedo respirar", "breathing"),
    ("emergency", "seizure", "seizure"),
    ("emergency", "convuls", "seizure"),
    ("emergency", "stroke", "stroke_signs"),
    ("emergency", "suicid", "self_harm"),
    ("emergency", "kill myself", "self_harm"),
    ("emergency", "matarme", "self_harm"),
    ("emergency", "overdose", "overdose"),
    ("emergency", "unconscious", "sedation"),
    ("urgent", "severe", ""),
    ("urgent", "worst", ""),
    ("urgent", "blood", ""),
    ("urgent", "faint", "dizziness"),
    ("urgent", "passed out", "dizziness"),
    ("callback", "spasm", "spasm"),
    ("callback", "espasmo", "spasm"),
    ("callback", "cramp", "spasm"),
    ("callback", "calambre", "spasm"),
    ("callback", "stiff", "spasm"),
    ("callback", "shak", "spasm"),
    ("callback", "headache", "headache"),
    ("callback", "migraine", "headache"),
    ("callback", "dolor de cabeza", "headache"),
    ("callback", "bladder", "urinary"),
    ("callback", "pee", "urinary"),
    ("callback", "urin", "urinary"),
    ("callback", "orin", "urinary"),
    ("callback", "vomit", "nausea"),
    ("callback", "nause", "nausea"),
    ("callback", "dizz", "dizziness"),
    ("callback", "fever", "fever"),
    ("callback", "pain", ""),
    ("callback", "dolor", ""),
    ("callback", "call me", ""),
    ("ok", "none", ""),
    ("ok", "fine", ""),
    ("ok", "good", ""),
    ("ok", "nada", ""),
    ("ok", "stop", ""),
)
_ORDER: Final = ("ok", "unclear", "callback", "urgent", "emergency")
_NUMBER: Final = re.compile(r"\b(10|[0-9])\b")


def read_by_keywords(label: Label) -> Found:
    """Read a reply as a flow of keyword branches does: a word in the text takes the branch, "no" before it or not."""
    text = label.text.lower()
    taken = [(rank, symptom) for rank, word, symptom in _KEYWORDS if word in text]
    if not taken and text.strip(" .!") in ("no", "nope", "n", "0"):
        taken = [("ok", "")]
    disposition = max((rank for rank, _ in taken), key=_ORDER.index, default="unclear")
    number = _NUMBER.search(text)
    severity = int(number.group()) if number else None
    if severity is not None and severity >= 7 and disposition == "callback":
        disposition = "urgent"
    statuses = {symptom: "present" for _, symptom in taken if symptom}
    return Found(disposition, statuses, dict.fromkeys(statuses, severity))


# Triggers and reach as the published algorithm has them: a trigger denies what follows within a few words.
_BEFORE: Final = (
    "no",
    "not",
    "without",
    "denies",
    "denied",
    "never",
    "cannot",
    "can't",
    "cant",
    "won't",
    "don't",
    "dont",
)
_BEFORE += (
    "doesn't",
    "didn't",
    "absence",
    "negative",
    "free",
    "rule",
    "unlikely",
    "hasn't",
    "haven't",
    "havent",
    "isn't",
)
_AFTER: Final = ("unlikely", "negative", "absent")
_ENDS: Final = frozenset(("but", "however", "although", "except", "though", ".", ";", "still", "yet"))
_REACH: Final = 6
_TOKENS: Final = re.compile(r"[a-z']+|[.;]")


def denies_like_negex(sentence: str, finding: str) -> bool:
    """Return whether a denial trigger stands within six words before the finding (or shortly after it)."""
    words = _TOKENS.findall(sentence.lower())
    target = _TOKENS.findall(finding.lower())
    for start in range(len(words) - len(target) + 1):
        if words[start : start + len(target)] == target:
            return _denied_before(words, start) or _denied_after(words, start + len(target))
    return False


def _denied_before(words: list[str], start: int) -> bool:
    for word in reversed(words[max(0, start - _REACH) : start]):
        if word in _ENDS:
            return False
        if word in _BEFORE:
            return True
    return False


def _denied_after(words: list[str], end: int) -> bool:
    for word in words[end : end + _REACH]:
        if word in _ENDS:
            return False
        if word in _AFTER:
            return True
    return False
