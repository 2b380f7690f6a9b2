"""The documents that Twilio is answered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from service.core.words import Language

# Voices that Twilio offers for US English and US Spanish; a wrong pair would make the verb fail.
_VOICES: Final = {Language.ENGLISH: ("Polly.Joanna", "en-US"), Language.SPANISH: ("Polly.Lupe", "es-US")}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence to be said, in its language."""

    language: Language
    words: str


def nothing_to_say() -> str:
    """Return the document that takes a text in and sends no reply: ours leave through the outbox."""
    return str(MessagingResponse())


def say_and_hang_up(lines: tuple[Spoken, ...]) -> str:
    """Return the document that says the lines one after another and ends the call."""
    response = VoiceResponse()
    for line in lines:
        name, language = _VOICES[line.language]
        response.say(line.words, voice=name, language=language)
    response.hangup()
    return str(response)
