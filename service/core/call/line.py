"""Where a call stands between two turns: a value that survives being written down, as the process that spoke may die."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final


class Place(StrEnum):
    """What the caller was last asked for."""

    GREETING = "greeting"
    QUESTION = "question"
    READ_BACK = "read_back"
    OFFER = "offer"
    MENU = "menu"
    TELL_US = "tell_us"
    UNKNOWN = "unknown"
    PAGE = "page"
    CODE = "code"
    CONNECTING = "connecting"
    OVER = "over"


class Hints(StrEnum):
    """Which words are likely to be said next, so that they are heard better."""

    YES_NO = "yes_no"
    NUMBER = "number"
    COMPLAINT = "complaint"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class Say:
    """Say the named template, filled with the values."""

    template: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait for so many keys (None: until # or a pause), for speech too where it counts, for so many seconds."""

    keys: int | None = 1
    speech: bool = True
    seconds: int = 6
    hints: Hints | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Where a call stands.

    `question` is what was asked last, to be said again, and `listen` how its answer is waited for. `silences` counts
    silence and noise in a row. `held` are words that were heard badly and read back, `came_from` where the call was
    before it asked whether they are right, or who is there. `safety` is the safety line that was said on this call,
    or "". `rung` is how often staff were rung for the caller. `explained` says that the caller knows of the star.
    `asked` is what the caller was asked at a question, as `Asked` writes it, and `prompt` what asked it: a text may
    have answered it meanwhile, and moved the dialogue on.
    """

    place: Place
    question: tuple[Say, ...] = ()
    listen: Listen = Listen()
    silences: int = 0
    held: str = ""
    came_from: Place = Place.QUESTION
    safety: str = ""
    rung: int = 0
    explained: bool = False
    asked: str = ""
    prompt: str = ""

    @property
    def origin(self) -> Line:
        """Return the line as it was before words were read back; any other line is its own."""
        return replace(self, place=self.came_from, held="") if self.place is Place.READ_BACK else self


OVER: Final = Line(Place.OVER)


def as_json(line: Line) -> dict[str, Any]:
    """Return the line as plain JSON values, which `from_json` reads."""
    listen = line.listen
    return {
        "place": str(line.place),
        "question": [[say.template, [list(pair) for pair in say.values]] for say in line.question],
        "listen": [listen.keys, listen.speech, listen.seconds, listen.hints and str(listen.hints)],
        "silences": line.silences,
        "held": line.held,
        "came_from": str(line.came_from),
        "safety": line.safety,
        "rung": line.rung,
        "explained": line.explained,
        "asked": line.asked,
        "prompt": line.prompt,
    }


def from_json(kept: dict[str, Any]) -> Line:
    """Return the line that `as_json` wrote, also by the version before this one, which kept less."""
    keys, speech, seconds, hints = kept["listen"]
    return Line(
        place=Place(kept["place"]),
        question=tuple(
            Say(template, tuple((name, value) for name, value in values))
            for template, values in kept["question"]
        ),
        listen=Listen(keys, speech, seconds, Hints(hints) if hints else None),
        silences=kept["silences"],
        held=kept["held"],
        came_from=Place(kept["came_from"]),
        safety=kept["safety"],
        rung=kept.get("rung", 0),
        explained=kept["explained"],
        asked=kept.get("asked", ""),
        prompt=kept.get("prompt", ""),
    )
