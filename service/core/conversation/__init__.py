"""The dialogue with one patient: a reply understood, and where the talk stood, become decisions and the next question."""

from __future__ import annotations

from service.core.conversation.reply import on_reply
from service.core.conversation.silence import on_silence
from service.core.conversation.talk import MOST_QUESTIONS, NO_TALK, Talk, opened

__all__ = ["MOST_QUESTIONS", "NO_TALK", "Talk", "on_reply", "on_silence", "opened"]
