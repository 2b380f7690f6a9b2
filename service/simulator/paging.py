"""Lists as the 2010 API pages them: an envelope with addresses of the neighbouring pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

T = TypeVar("T")

LARGEST_PAGE = 1000
DEFAULT_PAGE = 50


def page_size(asked: str | None) -> int:
    """Return the size of a page, from 1 to 1000, 50 where none is asked for."""
    return min(max(int(asked), 1), LARGEST_PAGE) if asked and asked.isdigit() else DEFAULT_PAGE


def page_number(asked: str | None) -> int:
    """Return the number of the page, the first being 0."""
    return int(asked) if asked and asked.isdigit() else 0


def envelope(
    key: str,
    rows: Sequence[T],
    as_json: Callable[[T], dict[str, object]],
    *,
    path: str,
    arguments: Mapping[str, str],
    token_of: Callable[[T], str],
) -> dict[str, object]:
    """Return one page: `rows` are what is left from this page on, `arguments` the query that asked for it.

    The next page is found by the sid of this one's last row, so that new rows don't shift it.
    """
    size, number = page_size(arguments.get("PageSize")), page_number(arguments.get("Page"))
    if "PageToken" not in arguments:
        # A page that is asked for by number alone is counted from the newest row.
        rows = rows[number * size :]
    shown = rows[:size]
    filters = {
        name: value for name, value in arguments.items() if name not in ("PageSize", "Page", "PageToken")
    }

    def address(**extra: str) -> str:
        return f"{path}?{urlencode({**filters, 'PageSize': str(size), **extra}, quote_via=quote)}"

    has_more = len(rows) > size
    following = address(Page=str(number + 1), PageToken="PA" + token_of(shown[-1])) if has_more else None
    start = number * size
    return {
        key: [as_json(row) for row in shown],
        "end": max(start + len(shown) - 1, 0),
        "first_page_uri": address(Page="0"),
        "next_page_uri": following,
        "page": number,
        "page_size": size,
        "previous_page_uri": address(Page=str(number - 1)) if number > 0 else None,
        "start": start,
        "uri": f"{path}?{urlencode(arguments, quote_via=quote)}" if arguments else path,
    }
