"""The project's own files as the guards read them: paths, texts, syntax trees and comments."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_MADE_HERE = ("build", "dist", "var", "__pycache__")
_HIDDEN_BUT_OURS = (".ci", ".gitignore", ".python-version", ".github", ".slugignore")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One of the project's files, with its path from the root."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The file's syntax tree, where it is Python."""
        return ast.parse(self.text, self.name)

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield the line and the text of each comment, where it is Python."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


@cache
def text_files() -> tuple[SourceFile, ...]:
    """Every text file of the project; what tools and runs leave behind is none of it."""
    return tuple(_read(ROOT))


def python_files(*folders: str) -> tuple[SourceFile, ...]:
    """The Python files under the folders."""
    prefixes = tuple(f"{folder}/" for folder in folders)
    return tuple(
        file for file in text_files() if file.name.endswith(".py") and file.name.startswith(prefixes)
    )


def _read(folder: Path) -> Iterator[SourceFile]:
    for path in sorted(folder.iterdir()):
        if not _is_ours(path.name):
            continue
        if path.is_dir():
            yield from _read(path)
        else:
            raw = path.read_bytes()
            if b"\0" not in raw:
                yield SourceFile(path.relative_to(ROOT).as_posix(), raw.decode())


def _is_ours(name: str) -> bool:
    if name.startswith("."):
        return name in _HIDDEN_BUT_OURS
    return name not in _MADE_HERE and not name.endswith((".egg-info", ".pyc"))
