"""The simulator's time: the machine's clock plus an offset that the demo keeps in a small file."""

from __future__ import annotations

import json
import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_logger = logging.getLogger(__name__)


class UnreadableClockFileError(ValueError):
    """The clock file does not hold {"offset_seconds": N}; write it anew or start without it."""


class Clock:
    """Tells the time as the demo has it; without a file it is the machine's own."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._offset = timedelta(0)
        self._seen: tuple[int, int] | None = None
        self._lock = threading.Lock()

    @property
    def can_jump(self) -> bool:
        """Return whether somebody may move this clock while it runs."""
        return self._path is not None

    def now(self) -> datetime:
        """Return the present moment in UTC; raises `UnreadableClockFileError` at the first look alone."""
        return datetime.fromtimestamp(time.time(), tz=UTC) + self._current_offset()

    def _current_offset(self) -> timedelta:
        if self._path is None:
            return self._offset
        with self._lock:
            try:
                stat = self._path.stat()
            except FileNotFoundError:
                return self._offset
            version = (stat.st_mtime_ns, stat.st_ino)
            if version != self._seen:
                self._offset = self._read(self._path)
                self._seen = version
            return self._offset

    def _read(self, path: Path) -> timedelta:
        try:
            return _read_offset(path)
        except UnreadableClockFileError:
            if self._seen is None:
                raise
            # Time goes on while somebody rewrites the file in place; stopping here would stop every phone.
            _logger.warning("simulator.clock_file_unreadable")
            return self._offset


def _read_offset(path: Path) -> timedelta:
    try:
        return timedelta(seconds=float(json.loads(path.read_text())["offset_seconds"]))
    except (ValueError, KeyError, TypeError) as error:
        sentence = f'The clock file {path} must hold {{"offset_seconds": N}}; write it anew.'
        raise UnreadableClockFileError(sentence) from error
