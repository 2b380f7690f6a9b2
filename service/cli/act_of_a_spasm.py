"""An act of the demo: cramps, the specialist's questions about them, a rise overnight, and the handover for the doctor."""

from __future__ import annotations

from service.cli.cast import FERN, NADIA
from service.cli.play import Play


def a_spasm_and_its_handover(play: Play) -> None:
    """Four questions and a call back; the next day two points more raise it, and the doctor reads it on one page."""
    play.register(FERN[1])
    play.skip_until_text(FERN[1], "the first check-in")
    for words, answer in (
        ("cramps in my calves, about a 3 or 4", "Reply Y or N"),
        ("N", "Which arms or legs"),
        ("just the calves, it came all at once", "How long"),
        ("ten minutes, wide awake and clear, it hurts", "When did"),
        ("two hours after I got home", "A nurse will call you"),
    ):
        play.say(FERN[1], words)
        play.expect_words(FERN[1], answer)
    play.close_all()
    play.skip_until_text(FERN[1], "the next day's check-in")
    play.say(FERN[1], "the cramps are a 6 now")
    code = play.expect_code(NADIA[1])
    play.say(NADIA[1], f"ok {code.lower()}")
    play.expect_words(FERN[1], "A nurse has seen your text")
    play.show_handover(FERN[1])
    play.close_all()
    play.call_off(FERN[1])
    play.skip_until_text(FERN[1], "to be asked again")
    play.say(FERN[1], "better")
    play.expect_words(FERN[1], "nothing you need to do")
