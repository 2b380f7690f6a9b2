"""What import-linter can't see: who asks for the time, who commits, and who may talk to Twilio."""

import ast
import re

from source_code import SourceFile, python_files

_READS_THE_CLOCK = ("service/bootstrap.py", "service/simulator/clock.py")
# The migrations run before there is a service, and commit for themselves.
_COMMITS = ("service/store/database.py", "service/store/migrations/env.py")
_TALKS_TO_THE_CARRIER = (
    "service/workflows/deliver_outbox.py",
    "service/workflows/settle_unknown.py",
    "service/workflows/ask_after.py",
    "service/workflows/catch_up.py",
    "service/workflows/calls/look_at.py",
)
_CLOCKS = re.compile(r"(^|\.)(datetime|date)\.(now|utcnow|today)$|^time\.(time|time_ns|localtime|gmtime)$")


def test_the_time_is_asked_for_in_one_place_of_the_service_and_one_of_the_simulator() -> None:
    asking = {
        file.name
        for file in python_files("service")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute) and _CLOCKS.search(ast.unparse(node))
    }

    assert asking - set(_READS_THE_CLOCK) == set()


def test_only_the_database_commits() -> None:
    assert _files_that_reach_for("commit") - set(_COMMITS) == set()


def test_only_the_outbox_and_the_reconciling_talk_to_the_carrier() -> None:
    assert _files_that_reach_for("carrier") - set(_TALKS_TO_THE_CARRIER) == set()


def _files_that_reach_for(attribute: str) -> set[str]:
    return {file.name for file in python_files("service") if attribute in _attributes(file)}


def _attributes(file: SourceFile) -> set[str]:
    return {node.attr for node in ast.walk(file.tree) if isinstance(node, ast.Attribute)}
