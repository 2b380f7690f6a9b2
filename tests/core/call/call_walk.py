"""A call as a graph: the real dialogue and library under it, and every state that any caller can bring it to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from builders import the_library

from service.core.call import (
    Connect,
    HangUp,
    Heard,
    Line,
    Listen,
    Place,
    Scene,
    TakeReply,
    Turn,
    after_reply,
    asked_at,
    begin_check_in,
    begin_inbound,
    on_dialled,
    on_heard,
    reading_failed,
)
from service.core.call.beginning import Caller
from service.core.conversation import NO_TALK, Talk, on_reply
from service.core.conversation.correction import read_against
from service.core.conversation.questions import next_question
from service.core.decisions import Answer, SetLanguage
from service.core.findings import Interpretation
from service.core.interpretation import interpret
from service.core.words import Asked, Disposition, Intent, Language, Urgency

SILENCE: Final = Heard()
KEYS: Final = (*"0123456789*", "10", "99", "07", "12345")
WORDS: Final = {
    Language.ENGLISH: (
        "yes",
        "no",
        "operator",
        "repeat",
        "none",
        "my legs are cramping",
        "it's a 7",
        "I have blood in my pee",
        "I can't breathe",
        "I want to kill myself",
        "blah blah",
        "both arms and both legs",
        "worse",
        "thank you",
        "stop calling me",
        "help",
        "wrong number",
        "can a nurse please call me back",
        "español",
    ),
    Language.SPANISH: (
        "sí",
        "no",
        "una persona",
        "tengo calambres",
        "es un 7",
        "no puedo respirar",
        "bla bla",
    ),
}
SAFETY_LINES: Final = frozenset({"reply_urgent", "reply_emergency", "reply_self_harm"})
SURE: Final = (0.9, 0.2)
_911: Final = "9 1 1"

Step = tuple["State", Heard | str, "Turn", "State"]


@dataclass(frozen=True, slots=True)
class Start:
    """How a call begins: who called, with which dialogue open, and whether the phone takes texts."""

    caller: Caller | Literal["ours"]
    talk: Talk = NO_TALK
    may_text: bool = True
    leaves_message: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where a call stands for the walk, with what has been heard and said on the way to it.

    `known` says that the caller has said that they are the patient, or has told a concern of their own accord.
    """

    start: Start
    line: Line
    talk: Talk
    language: Language = Language.ENGLISH
    known: bool = False
    flagged: bool = False
    was_safe: bool = False
    told_of_911: bool = False

    @property
    def owned(self) -> bool:
        """Return whether it is known whose number it is."""
        return self.start.caller in ("ours", "patient")

    def scene(self, meant: Interpretation | None = None) -> Scene:
        """Return what the workflow would tell of this moment."""
        return Scene(
            keypad=the_library().keypad,
            language=self.language,
            talk=self.talk if self.owned else None,
            name="Ana",
            level=meant.judgement.disposition if meant else Disposition.OK,
            wants_person=meant is not None and meant.intent is Intent.CALL_ME,
            wishes=meant is not None and meant.intent in (Intent.STOP, Intent.WRONG_PERSON),
            may_text=self.start.may_text,
            leaves_message=self.start.leaves_message,
        )


@cache
def read(words: str, asked: Asked, language: Language) -> Interpretation:
    """Return what the real reader makes of the words, a day after the infusion."""
    return interpret(words, asked, 24, language, the_library().guide)


@cache
def speaks_of_911(template: str, language: Language) -> bool:
    """Return whether 911 is said aloud in the line."""
    return _911 in the_library().voice.source(template, language)


def inputs(language: Language) -> Iterator[Heard]:
    """Yield silence, every key, and words with every confidence."""
    yield SILENCE
    yield from (Heard(keys=keys) for keys in KEYS)
    yield from (Heard(words=words, confidence=sure) for words in WORDS[language] for sure in SURE)


def begin(start: Start, answered_by: str = "human") -> tuple[Turn, State]:
    """Return the first turn of a call, and the state after it."""
    state = State(start, Line.__new__(Line), start.talk)
    if start.caller == "ours":
        turn = begin_check_in(state.scene(), answered_by)
    else:
        turn = begin_inbound(state.scene(), start.caller)
    return turn, after(state, turn)


def hear(state: State, heard: Heard) -> tuple[Turn, State]:
    """Return the turn that follows on what was heard, and the state after it."""
    asked = asked_at(state.line, state.talk if state.owned else None)
    meant = read(heard.words, asked, state.language) if heard.words else None
    outcome = on_heard(state.line, heard, state.scene(meant))
    alarmed = meant is not None and meant.judgement.disposition.needs_paging
    if alarmed and not isinstance(outcome, TakeReply):
        state = replace(state, flagged=True)
    if isinstance(outcome, TakeReply):
        take = _take if state.owned else _take_unowned
        return take(state, outcome.words, asked)
    if state.line.place is Place.GREETING and outcome.line.place is Place.QUESTION:
        state = replace(state, known=True)
    return outcome, after(state, outcome)


def _take(state: State, words: str, asked: Asked) -> tuple[Turn, State]:
    text, against = read_against(state.talk, words)
    if against is state.talk.asked:
        against = asked
    meant = read(text, against, state.language)
    talk, decisions = on_reply(state.talk, meant, words=words)
    language = next((act.language for act in decisions if isinstance(act, SetLanguage)), state.language)
    answers = tuple(act for act in decisions if isinstance(act, Answer))
    flagged = state.flagged or any(answer.urgency is Urgency.SAFETY for answer in answers)
    told = state.known or meant.judgement.disposition.rank >= 2
    then = replace(state, talk=talk, language=language, flagged=flagged, known=told)
    turn = after_reply(state.line, answers, then.scene(meant))
    return turn, after(then, turn)


def _take_unowned(state: State, words: str, asked: Asked) -> tuple[Turn, State]:
    """Read as the use cases do for a number of nobody's, or of several: no dialogue, a line, and a person."""
    meant = read(words, asked, state.language)
    level = meant.judgement.disposition
    urgency = Urgency.SAFETY if level.needs_paging else Urgency.ANSWER
    safety = (Answer(f"reply_{level}", urgency),) if level.needs_paging else ()
    answers = (
        (*safety, Answer("ask_whose", Urgency.ANSWER, (("names", "Ana or Ben"),)))
        if state.start.caller == "shared"
        else (Answer("reply_unknown_sender", urgency),)
    )
    then = replace(state, flagged=state.flagged or level.needs_paging, known=True)
    turn = after_reply(state.line, answers, then.scene(meant))
    return turn, after(then, turn)


def after(state: State, turn: Turn) -> State:
    """Return the state after a turn was said."""
    said = [say.template for say in turn.says]
    return replace(
        state,
        line=turn.line,
        was_safe=state.was_safe or any(name in SAFETY_LINES for name in said),
        told_of_911=state.told_of_911 or any(speaks_of_911(name, state.language) for name in said),
    )


def moves(state: State, turn: Turn) -> Iterator[tuple[Heard | str, tuple[Turn, State]]]:
    """Yield everything that can happen after a turn, and what follows on it."""
    if isinstance(turn.then, Listen):
        for heard in inputs(state.language):
            yield heard, hear(state, heard)
        yield "reading failed", _following(state, reading_failed(state.line))
    elif isinstance(turn.then, Connect):
        for was_answered in (True, False):
            yield (
                f"answered: {was_answered}",
                _following(state, on_dialled(state.line, was_answered=was_answered)),
            )


def _following(state: State, turn: Turn) -> tuple[Turn, State]:
    return turn, after(state, turn)


def shape(state: State, turn: Turn) -> object:
    """Return what makes two states the same to the walk: not which words were held, nor every number told."""
    talk = state.talk
    flags = (state.language, state.known, state.flagged, state.was_safe, state.told_of_911)
    if isinstance(turn.then, HangUp | Connect):
        return (state.line.place, state.line.safety, flags)
    start = state.start.may_text if state.known and state.owned else state.start
    here = (replace(state.line, held=""), start, flags)
    asks_more = next_question(talk) is not None
    return (*here, talk.prompt, asks_more, talk.disposition.needs_paging, talk.unclear, talk.waits)


def walk(*starts: Start) -> Iterator[Step]:
    """Yield every step that calls with these beginnings may take; from what is the same to the walk, only once."""
    seen: set[object] = set()
    ahead: deque[tuple[Turn, State]] = deque()
    for start in starts:
        turn, state = begin(start)
        yield state, "begins", turn, state
        ahead.append((turn, state))
    while ahead:
        last, here = ahead.popleft()
        for heard, (turn, there) in moves(here, last):
            yield here, heard, turn, there
            if shape(there, turn) not in seen:
                seen.add(shape(there, turn))
                ahead.append((turn, there))
