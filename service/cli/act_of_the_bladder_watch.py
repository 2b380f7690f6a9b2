"""An act of the demo: months after a series, the bladder and memory questions, and the reminder of the lab tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from service.cli.cast import GIL
from service.cli.play import Play

# Six infusions some weeks ago: the sixth began the watch, whose third month is the one that asks for everything.
_ENDS: Final = tuple(timedelta(days=-days) for days in (59, 57, 54, 52, 49, 46))
_DOSE_MG: Final = 60.0


def a_month_of_the_bladder_watch(play: Play) -> None:
    """A score that is nothing, one that is looked into, memory, and the reminder to have liver and kidneys tested."""
    play.schedule(GIL[1], "ketamine-induction", _ENDS, dose_mg=_DOSE_MG)
    play.tell_plan(GIL[1])
    play.skip_until_text(GIL[1], "the second month's score")
    play.say(GIL[1], "0")
    play.expect_words(GIL[1], "nothing you need to do")
    play.skip_until_text(GIL[1], "the third month's score")
    play.say(GIL[1], "4")
    play.expect_words(GIL[1], "Reply Y or N")
    play.say(GIL[1], "N")
    play.expect_words(GIL[1], "nurse will call")
    play.close_all()
    play.skip_until_text(GIL[1], "to be asked again")
    play.say(GIL[1], "it is gone")
    play.expect_words(GIL[1], "nothing you need to do")
    play.skip_until_text(GIL[1], "the memory question")
    play.say(GIL[1], "0")
    play.expect_words(GIL[1], "nothing you need to do")
    play.skip_until_text(GIL[1], "the reminder of the liver and kidney tests")
    play.call_off(GIL[1])
