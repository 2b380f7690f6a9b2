"""How fast replies are read, on one core, beside the same texts through a bare Aho-Corasick scan where it is installed.

Words and phrases met before are remembered, so a reply costs less the second time. What counts is the first
time: each writer's replies are read once, in a process of their own that has read the other writers' only.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.triage_score import CORPUS, labels_of
from service.core.interpretation import TriageGuide, interpret
from service.core.words import Asked, Language
from service.library.triage import load_triage

WRITERS = ("replies", "second_writer", "third_writer", "fourth_writer", "fifth_writer", "sixth_writer")
ROUNDS = 5
# Of so many processes for each writer the quickest counts: what others do on the machine slows the rest.
PROCESSES = 3
LENGTHS = (320, 1600)
Job = tuple[str, Asked, float, Language]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process measured: seconds of processor time, MB of memory, and how many replies it read."""

    load: float
    memory: float
    replies: int
    first: float
    again: float
    long: tuple[tuple[float, ...], ...]


def main() -> None:
    """Print load time and memory, replies a second, and the slow end for ordinary and for long replies."""
    one_by_one = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=one_by_one, max_tasks_per_child=1) as process:
        rounds = [list(process.map(_measure, WRITERS)) for _ in range(PROCESSES)]
    measured = [min(tries, key=_first) for tries in zip(*rounds, strict=True)]
    replies = sum(one.replies for one in measured)
    print(f"Seconds of processor time, the best of {PROCESSES} processes for each of {len(WRITERS)} writers.")
    print(f"load            {min(one.load for tries in rounds for one in tries):7.3f} s")
    print(f"memory added    {max(one.memory for one in measured):7.1f} MB (most at any time, with loading)")
    print(f"never read yet  {replies / sum(one.first for one in measured):7,.0f} replies a second")
    print(f"read before     {replies / sum(one.again for one in measured):7,.0f} replies a second")
    for place, length in enumerate(LENGTHS):
        took = sorted(seconds * 1000 for one in measured for seconds in one.long[place])
        print(
            f"{length:>5,} characters, p50 {statistics.median(took):6.3f} ms, p99 {took[int(len(took) * 0.99)]:6.3f} ms"
        )
    _compare([text for writer in WRITERS for text, *_ in _jobs(writer)])


def _first(one: Measured) -> float:
    return one.first


def _measure(writer: str) -> Measured:
    """Read the other writers' replies, and then this one's for the first time."""
    before = _memory()
    start = time.process_time()
    guide = load_triage(Path("schedules"))
    load = time.process_time() - start
    for other in WRITERS:
        if other != writer:
            _run(guide, _jobs(other))
    jobs = _jobs(writer)
    gc.collect()
    first = _timed(lambda: _run(guide, jobs))
    again = min(_timed(lambda: _run(guide, jobs)) for _ in range(ROUNDS))
    long = tuple(tuple(_one(guide, job) for job in _stretched(jobs, length)) for length in LENGTHS)
    return Measured(load, _memory() - before, len(jobs), first, again, long)


def _jobs(writer: str) -> list[Job]:
    labels = labels_of(CORPUS / f"{writer}.jsonl")
    return [(label.text, Asked.parse(label.asked), label.hours, Language(label.lang)) for label in labels]


def _stretched(jobs: Sequence[Job], length: int) -> list[Job]:
    """Return replies of about a length: each with those that follow it until it is full."""
    long: list[Job] = []
    for place, (text, asked, hours, language) in enumerate(jobs):
        following = place
        while len(text) < length * 0.8:
            following = (following + 1) % len(jobs)
            text = f"{text} {jobs[following][0]}"[:length]
        long.append((text, asked, hours, language))
    return long


def _run(guide: TriageGuide, jobs: Sequence[Job]) -> None:
    for text, asked, hours, language in jobs:
        interpret(text, asked, hours, language, guide)


def _one(guide: TriageGuide, job: Job) -> float:
    return _timed(lambda: interpret(*job, guide))


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _compare(texts: Sequence[str]) -> None:
    try:
        ahocorasick: Any = importlib.import_module("ahocorasick")
    except ImportError:
        print("pyahocorasick is not installed here: no comparison (pip install pyahocorasick)")
        return
    automaton = ahocorasick.Automaton()
    for word in load_triage(Path("schedules")).lexicon.vocabulary:
        automaton.add_word(word, word)
    automaton.make_automaton()
    lowered = [text.lower() for text in texts]
    took = _timed(lambda: [list(automaton.iter(text)) for _ in range(ROUNDS) for text in lowered])
    print(f"bare Aho-Corasick scan of the lexicon's words: {len(texts) * ROUNDS / took:,.0f} a second")


if __name__ == "__main__":
    main()
