"""An act of the demo: an induction series, whose check-ins overlap and become one, with the record that says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from service.cli.cast import ELI
from service.cli.play import Play

# The second infusion's 4 h check-in falls on the first's 72 h one, and the third's 24 h on the first's seventh day.
_ENDS: Final = (timedelta(0), timedelta(hours=68), timedelta(hours=144))
_CHECK_INS: Final = 6


def an_induction_series(play: Play) -> None:
    """Three infusions of a series; one word answers each check-in, and one that stands for two comes once."""
    play.schedule(ELI[1], "ketamine-induction", _ENDS)
    play.tell_plan(ELI[1])
    for _ in range(_CHECK_INS):
        play.skip_until_text(ELI[1], "a check-in")
        play.say(ELI[1], "none")
        play.expect_words(ELI[1], "nothing you need to do")
    play.call_off(ELI[1])
