"""Calls, purely: who is there, what was heard, what is said to it, and whom to connect; the dialogue is that of texts."""

from service.core.call.answering import (
    after_reply,
    is_only_written,
    nobody_to_ring,
    on_dialled,
    reading_failed,
)
from service.core.call.asking import end
from service.core.call.beginning import begin_check_in, begin_inbound
from service.core.call.hearing import BADLY_HEARD, asked_at, on_heard
from service.core.call.keypad import Command, Heard, Keypad, as_heard
from service.core.call.line import Hints, Line, Listen, Place, Say, as_json, from_json
from service.core.call.page_call import (
    Page,
    Settled,
    begin_code,
    begin_page,
    none_open,
    on_code_heard,
    on_page_heard,
    page_settled,
    spells,
)
from service.core.call.scene import Scene
from service.core.call.turn import AskByText, Connect, HangUp, PassPage, TakePage, TakeReply, TryCode, Turn

__all__ = [
    "BADLY_HEARD",
    "AskByText",
    "Command",
    "Connect",
    "HangUp",
    "Heard",
    "Hints",
    "Keypad",
    "Line",
    "Listen",
    "Page",
    "PassPage",
    "Place",
    "Say",
    "Scene",
    "Settled",
    "TakePage",
    "TakeReply",
    "TryCode",
    "Turn",
    "after_reply",
    "as_heard",
    "as_json",
    "asked_at",
    "begin_check_in",
    "begin_code",
    "begin_inbound",
    "begin_page",
    "end",
    "from_json",
    "is_only_written",
    "nobody_to_ring",
    "none_open",
    "on_code_heard",
    "on_dialled",
    "on_heard",
    "on_page_heard",
    "page_settled",
    "reading_failed",
    "spells",
]
