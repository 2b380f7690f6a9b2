"""`make chaos`: a long run from each seed, and a run for each planted fault; exit code 1 where one is not as it must be."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

import structlog
from chaos_cluster import Cluster
from chaos_mischief import HARD_FAULTS
from chaos_plants import FOUND_BY, Plant
from chaos_play import Outcome, Programme, play

# The blows under which each planted fault shows.
_BLOWS_FOR_PLANTS = ("kill the web", "webhook outage")


def main() -> int:
    """Play every run that was asked for, print what each found, and return the exit code."""
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    good = [_is_found(plant) for plant in options.plants]
    good += [_is_sound(seed, options) for seed in options.seeds]
    return 0 if all(good) else 1


def _is_sound(seed: int, options: argparse.Namespace) -> bool:
    programme = Programme(
        seed=seed,
        patients=options.patients,
        rounds=options.rounds,
        blows=options.blows,
        workers=2,
        lines=4,
        patience=600,
    )
    return _tell(f"seed {seed}, {options.patients} patients", programme).verdict.is_sound


def _is_found(plant: Plant) -> bool:
    programme = Programme(
        seed=1, patients=32, blows=_BLOWS_FOR_PLANTS, plants=(plant,), faults=HARD_FAULTS, patience=60
    )
    times = _tell(f"planted: {plant}", programme).verdict.traces()[FOUND_BY[plant]]
    print(f"{plant} was {'found' if times else 'NOT FOUND'}: {FOUND_BY[plant]} ({times})\n", flush=True)
    return times > 0


def _tell(title: str, programme: Programme) -> Outcome:
    began = time.monotonic()
    outcome = in_a_folder_of_its_own(programme, keeps_logs=not programme.plants)
    print(f"{title}, {time.monotonic() - began:.0f} s\n{outcome}\n", flush=True)
    return outcome


def in_a_folder_of_its_own(programme: Programme, *, keeps_logs: bool = False) -> Outcome:
    """Play over a cluster that is there for this run alone; the logs of an unsound run may be kept."""
    folder = Path(tempfile.mkdtemp(prefix="dripline-chaos-"))
    # PostgreSQL runs as a user of its own where it is started by root.
    folder.chmod(0o755)
    cluster = Cluster(folder)
    try:
        outcome = play(programme, folder, cluster)
    finally:
        cluster.close()
    if keeps_logs and not outcome.verdict.is_sound:
        print(f"The logs are in {folder}.", flush=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    add = parser.add_argument
    add("--seeds", type=int, nargs="*", default=[1, 2, 3], help="chance of faults, blows and people")
    add(
        "--plants",
        type=Plant,
        nargs="*",
        default=list(Plant),
        help="faults to plant, each by itself (default: all)",
    )
    add("--patients", type=int, default=150)
    add("--rounds", type=int, default=3, help="check-ins that the patients are asked")
    add("--blows", type=int, default=14, help="kills and cuts in each round")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
