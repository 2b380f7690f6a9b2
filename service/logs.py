"""Log lines as JSON: an event, ids and counts; never a name, a number or a word that a patient wrote."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
# Keys that carry what must never be logged; a line with one is a mistake in the code that wrote it.
_PRIVATE = frozenset({"name", "phone", "number", "body", "text", "to", "from_", "words"})


def _drop_private(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out private keys and phone-like digit runs, so that one careless line does not leak a patient."""
    for key in list(event):
        if key in _PRIVATE:
            event[key] = "[private]"
        elif isinstance(event[key], str) and key not in ("timestamp", "sid", "exception"):
            event[key] = _NUMBER.sub("[number]", event[key])
    return event


def _drop_exception_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep where an exception came from and its type; its message may quote a row, so it is left out."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        frames = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rpartition('/service/')[2]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        event["error"] = type(error).__name__
        event["where"] = frames[-6:]
    return event


def set_up(level: str = "INFO", process: str = "") -> None:
    """Set up logging for this process: one JSON object a line on standard output, each naming its process."""
    structlog.contextvars.bind_contextvars(process=process)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_exception_values,
            _drop_private,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    for chatty in ("twilio", "urllib3", "apscheduler", "werkzeug", "alembic"):
        # APScheduler warns of each look that is left out while the one before still works: that is as it should be.
        logging.getLogger(chatty).setLevel(logging.ERROR)


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of a module; event names are dotted acts, such as `inbox.stored`."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(module=name)
    return logger
