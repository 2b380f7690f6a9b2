"""What a text from a member of staff asks for: to take an escalation, pass it on, let it go, or give it to a colleague."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# A code is letter, digit, letter, digit, without the signs that look or sound alike, so that no word is one.
CODE_LETTERS: Final = "CDFHJKMNPRTVWXY"
CODE_DIGITS: Final = "2345679"
_CODE_LENGTH: Final = 4
# Whoever says nothing else, and one of these among it, takes the only page there is: "ok, I got it".
_TAKING: Final = frozenset(
    {
        "ok",
        "okay",
        "k",
        "yes",
        "yep",
        "yeah",
        "y",
        "1",
        "ack",
        "mine",
        "take",
        "taken",
        "taking",
        "got",
        "on",
        "have",
    }
    | {"si", "sí"}
)
_WITH_TAKING: Final = frozenset({"i", "ill", "im", "ive", "it", "this", "one", "will", "now", "page"})
_THUMB_UP: Final = "👍"
_PASSING: Final = frozenset({"2", "pass", "next", "paso"})
# Who says that they can't must not become its owner: a wrong taker is worse than one more page. The last line is how
# a phone writes a reaction that is no yes, before the whole of the page.
_NOT_ME: Final = frozenset(
    {"no", "not", "nope", "cant", "cannot", "dont", "wont", "unable", "busy", "decline", "skip"}
    | {"ocupada", "ocupado"}
    | {"disliked", "questioned", "laughed", "removed"}
    | _PASSING - {"2"}
)
_ASKING: Final = frozenset({"who", "whose"})
_WITH_PASSING: Final = _WITH_TAKING | {"me", "sorry", "take", "do", "on", "to"}
_LETTING_GO: Final = frozenset({"release", "drop", "unassign", "suelto", "soltar"})
_GIVING: Final = frozenset({"give", "hand", "handover", "transfer", "doy", "dar"})
_TO: Final = frozenset({"to", "a"})
# Of signs that look alike a code holds only one; who copies it by hand may write the other.
_MISREAD: Final = str.maketrans("ZS", "25")


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
    text says no, lets it go, or gives it to somebody. A bare "ok" takes the only one there is, a bare "pass" or "no"
    passes it on. What only looks like a code is returned as one, for whoever must say that there is no such page.
    """
    words = _words(text)
    asks = text.rstrip().endswith("?")
    code = _code_in(words)
    if code is None:
        return _without_code(text, frozenset(words), asks=asks)
    said = frozenset(words)
    if said & _LETTING_GO:
        return StaffText(StaffAsk.RELEASE, code)
    if said & _GIVING and not _is_told_to_give(words):
        return StaffText(StaffAsk.HAND_OVER, code, _colleague_in(words, code))
    if said & (_NOT_ME | _ASKING) or asks:
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
    """Return the first code, also one written with spaces within it, or else the first word that looks like one."""
    written = tuple(word.upper() for word in words)
    joined = ("".join(written[first : first + count]) for first in range(len(written)) for count in (2, 3, 4))
    misread = (_as_code(word) for word in written if _looks_like_a_code(word))
    return next((code for signs in (written, joined) for code in signs if is_code(code)), None) or next(
        misread, None
    )


def _looks_like_a_code(word: str) -> bool:
    """Return whether the word could be a code written down wrong ("O7R2", "K7RZ"), and neither a word nor a number."""
    signs = _as_code(word)
    has_digit, has_letter = any(map(str.isdigit, word[1::2])), any(map(str.isalpha, signs[::2]))
    return len(word) == _CODE_LENGTH and has_digit and has_letter and signs[1::2].isdigit()


def _as_code(word: str) -> str:
    """Return the word with the digits of a code where a letter was read in their place."""
    return "".join(sign.translate(_MISREAD) if place % 2 else sign for place, sign in enumerate(word))


def _without_code(text: str, said: frozenset[str], *, asks: bool) -> StaffText:
    if (said and not asks and said & _TAKING and said <= _TAKING | _WITH_TAKING) or _is_thumb_up(text, said):
        return StaffText(StaffAsk.TAKE_ONLY)
    passes = bool(said & (_PASSING | _NOT_ME)) and said <= _PASSING | _NOT_ME | _WITH_PASSING
    return StaffText(StaffAsk.PASS_ONLY if passes and not asks else StaffAsk.NOTHING)


def _is_thumb_up(text: str, said: frozenset[str]) -> bool:
    return not said and text.strip().startswith(_THUMB_UP)


def _is_told_to_give(words: tuple[str, ...]) -> bool:
    """Return whether it is we who are told to give: "give me a minute"."""
    return any(word in _GIVING and after == "me" for word, after in itertools.pairwise(words))


def _colleague_in(words: tuple[str, ...], code: str) -> str | None:
    """Return what is left without the code and the words of giving: the colleague's name, and maybe a please."""
    left = [word for word in words if word not in _GIVING | _TO and word.upper() not in code]
    return " ".join(left) or None
