"""What a call with a patient is told before it decides: the dialogue, and how bad the words just heard are."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.call.keypad import Keypad
from service.core.conversation.talk import Talk
from service.core.words import Disposition, Language


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known at one turn.

    `talk` is the dialogue that the call goes on with. `level` is what the words just heard would come to by
    themselves, `wants_person` whether they ask for one, `wishes` whether they ask us to stop or say that the number is
    not the patient's. `may_text` says that the patient's phone takes texts,
    `leaves_message` that no voicemail was left for this check-in yet.
    """

    keypad: Keypad
    language: Language
    talk: Talk | None = None
    name: str = ""
    level: Disposition = Disposition.OK
    wants_person: bool = False
    wishes: bool = False
    may_text: bool = False
    leaves_message: bool = False

    @property
    def pending(self) -> Talk | None:
        """Return the dialogue where a question of it is in the air, or None."""
        return self.talk if self.talk is not None and self.talk.waits else None
