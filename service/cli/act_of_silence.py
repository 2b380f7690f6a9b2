"""The demo's act of a nudge that turns into a call: nobody answers the texts, so the phone rings and is answered."""

from __future__ import annotations

from service.cli.cast import ANA
from service.cli.play import Play


def a_nudge_that_turns_into_a_call(play: Play) -> None:
    """A patient who lets a check-in and its reminder lie is called, and says on the phone what staff are to know."""
    play.register(ANA[1])
    play.skip_until_it_rings(ANA[1])
    call = play.pick_up(ANA[1])
    play.press(call, "1")
    play.speak(call, "I have a headache")
    play.press(call, "5#")
    play.press(call, "2")
    play.hear_out(call)
    play.close_all()
