"""What was worked out of a word once is remembered: a look-up the next time, and a bound on how much is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class Remembered(dict[str, Value]):
    """Values by word, each worked out when first asked for.

    It starts afresh when full, so that no stream of odd words fills the memory.
    """

    def __init__(self, work_out: Callable[[str], Value], most: int) -> None:
        """Take what works a value out, and how many are kept."""
        super().__init__()
        self._work_out = work_out
        self._most = most

    def __missing__(self, word: str) -> Value:
        """Work the value out and keep it."""
        if len(self) >= self._most:
            self.clear()
        value = self[word] = self._work_out(word)
        return value
