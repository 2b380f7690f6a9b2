"""How much memory a web process and a clock hold, and whether it grows, over a clinic's busy hour run in two minutes.

The hour: a reply every six seconds, each answered, with Twilio's reports on what was sent, and a look of the clock every
five seconds. All of it comes thirty times as fast; the number of replies and looks is the hour's.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import threading
import time

import psutil

from benchmarks.clinic import a_database, ask_everybody, deps_under, settings_for
from benchmarks.load import steadily
from benchmarks.processes import gunicorn, running, simulator
from benchmarks.replies import signed_replies
from service.cli.stage import free_port

REPLIES, LOOKS, SECONDS = 600, 720, 120.0
PATIENTS, THREADS = 300, 4
GOAL_MEGABYTES, GOAL_GROWTH = 150.0, 3.0
_EVERY_SECONDS = 2.0
_WARM_AFTER = 0.25
_MEGABYTE = 1024 * 1024


def main() -> int:
    """Print the most that each process held and its growth in the hour once warm; return 1 where a goal is missed."""
    twilio, web = free_port(), free_port()
    service_url = f"http://127.0.0.1:{web}"
    with a_database() as url:
        looks = {"TICK_SECONDS": str(SECONDS / LOOKS)}
        settings = settings_for(url, service_url, f"http://127.0.0.1:{twilio}", **looks)
        ask_everybody(deps_under(settings), url, PATIENTS)
        with (
            simulator(twilio, service_url, settings),
            gunicorn("service.wsgi:app", web, settings, "/login") as serving,
            running("service.clock", settings=settings) as clock,
        ):
            workers = psutil.Process(serving.pid).children()
            named = {f"web process {place}": one for place, one in enumerate(workers, 1)}
            held = _live_an_hour(web, {**named, "clock": psutil.Process(clock.pid)})
    return 0 if all([_tell(name, sizes) for name, sizes in held.items()]) else 1


def _live_an_hour(port: int, processes: dict[str, psutil.Process]) -> dict[str, list[float]]:
    held: dict[str, list[float]] = {name: [] for name in processes}
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_SECONDS):
            for name, process in processes.items():
                held[name].append(process.memory_info().rss / _MEGABYTE)

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.monotonic()
    replies = list(itertools.islice(signed_replies(port, PATIENTS), REPLIES))
    steadily(port, replies, THREADS, REPLIES / SECONDS)
    over.set()
    watching.join()
    print(f"{REPLIES} replies, a look every {SECONDS / LOOKS:.2f} s, {time.monotonic() - began:.0f} s in all")
    return held


def _tell(name: str, sizes: list[float]) -> bool:
    warm = sizes[int(len(sizes) * _WARM_AFTER) :]
    slope = statistics.linear_regression(range(len(warm)), warm).slope * len(warm)
    print(
        f"{name:<14} started at {sizes[0]:5.1f} MB, held {max(sizes):5.1f} MB at most (goal: {GOAL_MEGABYTES:.0f} MB), "
        f"grew by {slope:+.1f} MB once warm (goal: {GOAL_GROWTH:.0f} MB)"
    )
    return max(sizes) < GOAL_MEGABYTES and slope < GOAL_GROWTH


if __name__ == "__main__":
    sys.exit(main())
