"""Every message that the code names is there; a name mistyped would be found at night, by a patient."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from service.core.words import Disposition
from service.library.wording import load_wording

ROOT = Path(__file__).parents[2]
TEXTS = load_wording(ROOT / "templates" / "texts")
_A_NAME = re.compile(r"welcome|recheck|digest|page_staff|(reply|ask|ack|check_in|reminder)_[a-z_]+")


def _named() -> Iterator[str]:
    """Yield each message that the core or a workflow gives to a call by its name."""
    for folder in ("core", "workflows"):
        for path in (ROOT / "service" / folder).glob("**/*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                arguments = node.args if isinstance(node, ast.Call) else []
                for argument in arguments:
                    if isinstance(argument, ast.Constant) and _A_NAME.fullmatch(str(argument.value)):
                        yield str(argument.value)


def test_every_message_that_the_code_names_is_there() -> None:
    named = set(_named())

    assert {"welcome", "page_staff", "ack_taken", "reply_callback"} <= named
    assert named - TEXTS.names == set()


def test_there_is_an_answer_to_every_disposition_and_a_red_flag_question_to_every_symptom_asked_for() -> None:
    answers = {f"reply_{disposition}" for disposition in Disposition}
    questions = {f"ask_redflag_{symptom}" for symptom in ("spasm", "headache", "urinary")}

    assert (answers | questions) - TEXTS.names == set()
