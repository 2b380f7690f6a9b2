"""What a text from a member of staff asks for: to take an escalation, pass it on, let it go, or give it to a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# A code is letter, digit, letter, digit, without the signs that look or sound alike, so that no word is one.
CODE_LETTERS: Final = "CDFHJKMNPRTVWXY"
CODE_DIGITS: Final = "2345679"
_CODE_LENGTH: Final = 4
_TAKING_WORDS: Final = frozenset(
    {"ok", "okay", "k", "yes", "y", "1", "ack", "mine", "taken", "got it", "on it", "i have it", "si", "sí"}
)
_PASSING_WORDS: Final = frozenset({"2", "pass", "next", "paso"})
# Who says that they can't must not become its owner: a wrong taker is worse than one more page.
_NOT_ME: Final = frozenset(
    {
        "no",
        "not",
        "nope",
        "cant",
        "cannot",
        "dont",
        "wont",
        "unable",
        "busy",
        "decline",
        "skip",
        "who",
        "whose",
    }
    | {"ocupada", "ocupado"}
    | _PASSING_WORDS - {"2"}
)
_LETTING_GO: Final = frozenset({"release", "drop", "unassign", "suelto", "soltar"})
_GIVING: Final = frozenset({"give", "hand", "handover", "transfer", "doy", "dar"})
_TO: Final = frozenset({"to", "a"})


class StaffAsk(StrEnum):
    """What a text from a member of staff asks for."""

    TAKE_CODE = "take_code"
    TAKE_ONLY = "take_only"
    PASS_CODE = "pass_code"
    PASS_ONLY = "pass_only"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class StaffText:
    """A text from staff as understood: what it asks for, the code that it names, and the colleague it gives it to."""

    ask: StaffAsk
    code: str | None = None
    colleague: str | None = None


def read_staff_text(text: str) -> StaffText:
    """Read a text from staff.

    A code anywhere in it takes that escalation, in any case and spacing ("k7q2 taken", "ack K 7 Q 2"), unless the
    text says no, lets it go, or gives it to somebody. A bare "ok" takes the only one there is, a bare "pass" passes
    it on.
    """
    words = _words(text)
    code = _code_in(words)
    if code is None:
        return _without_code(" ".join(words))
    said = frozenset(words)
    if said & _LETTING_GO:
        return StaffText(StaffAsk.RELEASE, code)
    if said & _GIVING:
        return StaffText(StaffAsk.HAND_OVER, code, _after_to(words))
    if said & _NOT_ME or text.rstrip().endswith("?"):
        return StaffText(StaffAsk.PASS_CODE, code)
    return StaffText(StaffAsk.TAKE_CODE, code)


def is_code(word: str) -> bool:
    """Return whether the word has the shape of an escalation's code."""
    return len(word) == _CODE_LENGTH and all(
        sign in (CODE_LETTERS if place % 2 == 0 else CODE_DIGITS) for place, sign in enumerate(word)
    )


def _words(text: str) -> tuple[str, ...]:
    without_apostrophes = text.replace("'", "").replace("’", "")
    return tuple("".join(sign if sign.isalnum() else " " for sign in without_apostrophes).lower().split())


def _code_in(words: tuple[str, ...]) -> str | None:
    """Return the first code, also one written with spaces within it."""
    for word in words:
        if is_code(word.upper()):
            return word.upper()
    for first in range(len(words)):
        for count in (2, 3, 4):
            joined = "".join(words[first : first + count]).upper()
            if is_code(joined):
                return joined
    return None


def _without_code(said: str) -> StaffText:
    if said in _TAKING_WORDS:
        return StaffText(StaffAsk.TAKE_ONLY)
    return StaffText(StaffAsk.PASS_ONLY if said in _PASSING_WORDS else StaffAsk.NOTHING)


def _after_to(words: tuple[str, ...]) -> str | None:
    for place, word in enumerate(words[:-1]):
        if word in _TO:
            return words[place + 1]
    return None
