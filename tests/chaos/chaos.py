"""`make chaos`: long runs from one seed, and one for each planted fault; exit code 1 where a ledger does not agree."""

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
from chaos_mischief import FAULTS, HARD_FAULTS
from chaos_plants import Plant
from chaos_play import Outcome, Programme, play


def main() -> int:
    """Play, print what was found, and return the exit code."""
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    programme = Programme(
        seed=options.seed,
        patients=options.patients,
        rounds=options.rounds,
        blows=options.blows,
        workers=2,
        lines=4,
        plants=tuple(options.plant),
        faults=HARD_FAULTS if options.plant else FAULTS,
        patience=300,
    )
    began = time.monotonic()
    outcome = in_a_folder_of_its_own(programme)
    print(f"seed {options.seed}, {time.monotonic() - began:.0f} s\n{outcome}", flush=True)
    return 0 if outcome.verdict.is_sound else 1


def in_a_folder_of_its_own(programme: Programme, *, keep: bool = False) -> Outcome:
    """Play over a cluster that is there for this run alone."""
    folder = Path(tempfile.mkdtemp(prefix="dripline-chaos-"))
    folder.chmod(0o755)
    cluster = Cluster(folder)
    try:
        return play(programme, folder, cluster)
    finally:
        cluster.close()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="chance of faults, blows and people")
    parser.add_argument("--patients", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=4, help="check-ins that the patients are asked")
    parser.add_argument("--blows", type=int, default=14, help="kills and cuts in each round")
    parser.add_argument("--plant", type=Plant, action="append", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
