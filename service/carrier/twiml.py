"""The documents that Twilio is answered with: what is said on a call, and what the call then waits for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from service.core.words import Language

# Voices that Twilio offers for US English and US Spanish; a wrong pair would make the verb fail.
_VOICES: Final = {Language.ENGLISH: ("Polly.Joanna", "en-US"), Language.SPANISH: ("Polly.Lupe", "es-US")}
# What XML cannot hold, even escaped: a name or a transcript may carry such a sign, and must not cost the call.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_SAY: Final = 3000
_MOST_NUMBERS: Final = 10
_MOST_HINTS: Final = 500
_LONGEST_HINT: Final = 100


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence to be said, in its language."""

    language: Language
    words: str


@dataclass(frozen=True, slots=True)
class Listening:
    """Wait for an answer: at most so many keys (None: until #), speech too or not, and for how many seconds of silence.

    `hints` are words that are likely to be said, which Twilio then hears better.
    """

    language: Language
    keys: int | None
    speech: bool
    seconds: int
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ringing:
    """Ring these numbers (ten are rung at most) at once, for so many seconds.

    Who picks up is asked at the address beside the number to press a key: without that question a voicemail that
    answers would be taken for a person.
    """

    numbers: tuple[tuple[str, str], ...]
    seconds: int


def nothing_to_say() -> str:
    """Return the document that takes a text in and sends no reply: ours leave through the outbox."""
    return str(MessagingResponse())


def call_document(lines: tuple[Spoken, ...], then: Listening | Ringing | None, *, next_url: str = "") -> str:
    """Return the document that says the lines and then listens, rings somebody, or ends the call.

    Each goes on at `next_url`: an answer, silence, the end of a connected call, and a goodbye too, so that it is
    known to have been said; the document after a goodbye has no lines, and hangs up.
    """
    response = VoiceResponse()
    if isinstance(then, Listening):
        _listen(response, lines, then, next_url)
        return str(response)
    for line in lines:
        _say(response, line)
    if isinstance(then, Ringing):
        _ring(response, then, next_url)
    elif lines:
        response.redirect(next_url, method="POST")
    else:
        response.hangup()
    return str(response)


def connect() -> str:
    """Return the document that connects somebody who was rung with the caller: it says nothing, and does not end."""
    return str(VoiceResponse())


def _listen(response: VoiceResponse, lines: tuple[Spoken, ...], listening: Listening, next_url: str) -> None:
    _, language = _VOICES[listening.language]
    wanted: dict[str, object] = {"timeout": listening.seconds, "finish_on_key": "#"}
    if listening.keys is not None:
        wanted["num_digits"] = listening.keys
    if listening.speech:
        # Symptoms may be told in words that the filter would mask.
        wanted |= {
            "input": "dtmf speech",
            "speech_timeout": "auto",
            "profanity_filter": False,
            "language": language,
        }
        if listening.hints:
            wanted["hints"] = ",".join(hint[:_LONGEST_HINT] for hint in listening.hints[:_MOST_HINTS])
    else:
        wanted["input"] = "dtmf"
    # Silence is an answer too: without it the call would fall through to its end, and nobody would know.
    gather = Gather(action=next_url, method="POST", action_on_empty_result=True, **wanted)
    for line in lines:
        _say(gather, line)
    response.append(gather)


def _ring(response: VoiceResponse, ringing: Ringing, next_url: str) -> None:
    dial = Dial(action=next_url, method="POST", timeout=ringing.seconds)
    for number, screening_url in ringing.numbers[:_MOST_NUMBERS]:
        dial.number(number, url=screening_url, method="POST")
    response.append(dial)


def _say(verb: VoiceResponse | Gather, line: Spoken) -> None:
    name, language = _VOICES[line.language]
    words = _NO_XML.sub(" ", line.words)[:_LONGEST_SAY]
    verb.say(words, voice=name, language=language)
