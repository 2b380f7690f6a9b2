"""What is wrong with the clinic's content: each problem with its file, line and field, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a content file; `line` counts from 1."""

    path: Path
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        """Return it as `file:line: field sentence`."""
        return f"{self.path}:{self.line}: {self.field} {self.sentence}"


class LibraryError(Exception):
    """The clinic's content cannot be used; `problems` lists every mistake that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take the problems, at least one."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
