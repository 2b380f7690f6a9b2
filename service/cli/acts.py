"""The acts of the demo: three patients by text, a check-in by phone, and a page that climbs until a key takes it."""

from __future__ import annotations

from service.cli.cast import ANA, BRUNO, CLEO, DORA, DUBE, NADIA, NOOR, PATIENTS
from service.cli.play import Play
from service.core.words import Channel


def three_patients_by_text(play: Play) -> None:
    """One is well, one needs staff now and gets them, one can't be understood and is called back."""
    for person in PATIENTS:
        if person[3] == Channel.SMS:
            play.expect(person[1], "the welcome text", lambda text: bool(text))
    play.register(ANA[1], BRUNO[1], CLEO[1])
    play.skip_until("The first check-in", lambda: all(map(play.was_asked, (ANA[1], BRUNO[1], CLEO[1]))))
    play.say(ANA[1], "none, feeling good")
    play.expect(ANA[1], "a reassuring line", lambda text: "rest" in text or "Thank you" in text)
    play.say(BRUNO[1], "las piernas se me engarrotaron, no puedo moverme, un 9")
    code = play.expect_code(NADIA[1])
    play.say(CLEO[1], "blorp the wumble zzz")
    play.expect(CLEO[1], "to be asked again", lambda text: "did not get that" in text)
    play.say(NADIA[1], f"ok {code.lower()}")
    play.expect(NADIA[1], "to be told that it is hers", lambda text: "is yours" in text)
    play.expect(BRUNO[1], "to hear that a nurse has seen it", lambda text: "enfermer" in text)
    play.say(CLEO[1], "wumble blorp blorp")
    play.expect(CLEO[1], "to hear that a nurse will call", lambda text: "nurse will call" in text)
    play.close_all()
    play.call_off(ANA[1], BRUNO[1], CLEO[1])


def a_check_in_by_phone(play: Play) -> None:
    """Somebody with a landline is called, and says what is urgent; the page climbs three tiers to a key press."""
    play.register(DORA[1])
    play.skip_until_it_rings(DORA[1])
    call = play.pick_up(DORA[1])
    play.press(call, "1")
    play.speak(call, "my legs are cramping")
    play.press(call, "6#")
    play.press(call, "1")
    play.expect_code(NADIA[1])
    play.hang_up(call)
    for colleague in (NADIA, NOOR):
        play.skip_until_it_rings(colleague[1])
        play.hear_out(play.pick_up(colleague[1], voicemail=True))
    play.skip_until_it_rings(DUBE[1])
    call = play.pick_up(DUBE[1])
    play.press(call, "1")
    play.hear_out(call)
    play.close_all()
