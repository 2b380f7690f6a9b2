"""Record what medspaCy's ConText says of the sentences of denial, with its rules as they are installed.

Dripline does not depend on medspaCy. To record anew, in an environment of its own:

    python -m venv medspacy && medspacy/bin/pip install medspacy && medspacy/bin/python benchmarks/denial_medspacy.py
"""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

CORPUS: Final = Path("tests/corpus")
FILES: Final = ("denials", "denial_clinical", "denial_texting")
RECORD: Final = CORPUS / "denial_medspacy.jsonl"
_AXES: Final = ("is_negated", "is_historical", "is_hypothetical", "is_family")


def main() -> None:
    """Write one line with the versions, and one for each sentence: the axes that ConText sets of its finding."""
    lines: list[dict[str, Any]] = [{"medspacy": version("medspacy"), "spacy": version("spacy")}]
    for name in FILES:
        for row in map(json.loads, (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()):
            lines.append({"text": row["text"], "finding": row["finding"], "axes": _axes(row)})
    written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    RECORD.write_text(written, encoding="utf-8")


def _axes(row: dict[str, str]) -> list[str]:
    spacy: Any = importlib.import_module("spacy")
    matching: Any = importlib.import_module("medspacy.target_matcher")
    importlib.import_module("medspacy.context")
    pipeline = spacy.blank("en")
    for part in ("medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"):
        pipeline.add_pipe(part)
    pipeline.get_pipe("medspacy_target_matcher").add(matching.TargetRule(row["finding"], "FINDING"))
    found = pipeline(row["text"]).ents
    if not found:
        sys.exit(f"medspaCy does not find {row['finding']!r} in {row['text']!r}.")
    return [axis for axis in _AXES if getattr(found[0]._, axis)]


if __name__ == "__main__":
    main()
