"""How fast replies are read, on one core, beside the same texts through a bare Aho-Corasick scan where it is installed."""

from __future__ import annotations

import gc
import importlib
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.triage_score import CORPUS, labels_of
from service.core.interpretation import TriageGuide, interpret
from service.core.words import Asked, Language
from service.library.triage import load_triage

ROUNDS = 8
Job = tuple[str, Asked, float, Language]


def main() -> None:
    """Print load time and memory, replies a second, and the slow end for ordinary and for long replies."""
    before = _memory()
    start = time.process_time()
    guide = load_triage(Path("schedules"))
    print(f"load            {time.process_time() - start:7.3f} s of processor time")
    jobs = _jobs()
    _run(guide, jobs)
    gc.collect()
    print(f"memory added    {_memory() - before:7.1f} MB (most at any time, with loading and a warm cache)")
    print(f"replies         {len(jobs) * ROUNDS / _timed(lambda: _rounds(guide, jobs)):7,.0f} a second")
    for name, longest in (("up to 320", 320), ("1,600", 1600)):
        took = sorted(_one(guide, job) for job in _stretched(jobs, longest))
        print(
            f"{name:>9} chars p50 {statistics.median(took) * 1000:6.3f} ms, p99 {took[int(len(took) * 0.99)] * 1000:6.3f} ms"
        )
    _compare([text for text, *_ in jobs], guide)


def _jobs() -> list[Job]:
    labels = [label for name in ("replies", "second_writer") for label in labels_of(CORPUS / f"{name}.jsonl")]
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


def _rounds(guide: TriageGuide, jobs: Sequence[Job]) -> None:
    for _ in range(ROUNDS):
        _run(guide, jobs)


def _one(guide: TriageGuide, job: Job) -> float:
    interpret(*job, guide)
    return min(_timed(lambda: interpret(*job, guide)) for _ in range(3))


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _compare(texts: Sequence[str], guide: TriageGuide) -> None:
    try:
        ahocorasick: Any = importlib.import_module("ahocorasick")
    except ImportError:
        print("pyahocorasick is not installed here: no comparison (pip install pyahocorasick)")
        return
    automaton = ahocorasick.Automaton()
    for word in guide.lexicon.spotter.vocabulary():
        automaton.add_word(word, word)
    automaton.make_automaton()
    lowered = [text.lower() for text in texts]
    took = _timed(lambda: [list(automaton.iter(text)) for _ in range(ROUNDS) for text in lowered])
    print(f"bare Aho-Corasick scan of the lexicon's words: {len(texts) * ROUNDS / took:,.0f} a second")


if __name__ == "__main__":
    main()
