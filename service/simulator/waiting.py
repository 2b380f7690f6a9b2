"""A call that waits: for a sentence to end, for an answer, for somebody to pick up; by the simulator's clock."""

from __future__ import annotations

from collections.abc import Callable

from service.simulator.world import World


def wait(world: World, sid: str, seconds: float, then: Callable[[], object]) -> None:
    """Go on after a while, instead of what the call waited for so far; at once where there is nothing to wait for."""
    session = world.calls.session(sid)
    stop_waiting(world, sid)
    if seconds <= 0:
        then()
        return
    session.documents_in_a_row = 0

    def wake() -> None:
        with session.lock:
            if session.is_waiting_for(then):
                session.stop_waiting()
                then()

    session.wait(world.agenda.after(seconds, wake), then)


def stop_waiting(world: World, sid: str) -> Callable[[], object] | None:
    """End a call's wait without what would have followed, and return that."""
    timer, then = world.calls.session(sid).stop_waiting()
    if timer is not None:
        world.agenda.cancel(timer)
    return then


def fall_silent(world: World, sid: str) -> bool:
    """Let what the call waits for come to its end now; return whether it waited for anything."""
    then = stop_waiting(world, sid)
    if then is not None:
        then()
    return then is not None
