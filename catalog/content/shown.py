"""What shoppers see of the content now: judged at read, by the database's clock."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from shop.page_cache.answers import keep_answer


def _current(subject: str) -> str:
    """SQL for the body that is shown now of the piece whose subject the SQL `subject` gives."""
    return f"""(
    SELECT version.body FROM content_showing showing JOIN content_version version ON version.id = showing.version_id
    WHERE showing.subject = {subject} AND showing.starts_at <= statement_timestamp()
      AND (showing.ends_at IS NULL OR showing.ends_at > statement_timestamp())
    ORDER BY showing.starts_at DESC, showing.id DESC LIMIT 1)"""


_SHOWN_PAGE: Final = _current("'page:' || page.id")
_SHOWN_MENU: Final = _current("'menu:' || menu.id")
_PAGE: Final = f"SELECT {_SHOWN_PAGE} FROM content_page page WHERE page.slug = %s"
_TITLES: Final = f"""
SELECT slug, title FROM (
    SELECT page.slug, {_SHOWN_PAGE}->>'title' AS title FROM content_page page WHERE page.slug <> 'home') AS shown
WHERE title IS NOT NULL ORDER BY slug
"""
_FRAME: Final = f"""
SELECT (SELECT jsonb_agg(jsonb_build_array(id, name, slug) ORDER BY path) FROM (
            SELECT id, name, slug, path FROM catalogue_category
            WHERE depth = 1 AND is_public AND ancestors_are_public AND NOT exclude_from_menu
            ORDER BY path LIMIT %s) AS category),
       (SELECT jsonb_object_agg(menu.place, {_SHOWN_MENU}) FROM content_menu menu)
"""
_NEXT_CHANGE: Final = """
SELECT LEAST((SELECT min(starts_at) FROM content_showing WHERE starts_at > statement_timestamp()
                 AND (ends_at IS NULL OR ends_at > starts_at)),
             (SELECT min(ends_at) FROM content_showing WHERE ends_at > statement_timestamp() AND ends_at > starts_at))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFacts:
    """`categories` are (id, name, slug) of the top ones; `menus` the entries by place, a place without one left out."""

    categories: list[tuple[int, str, str]]
    menus: dict[str, list[dict[str, Any]]]


def shown_page(slug: str) -> dict[str, Any] | None:
    """The body of the page's version that is shown now; None when there is none. One query."""
    found = _ask(_PAGE, slug)
    return json.loads(found[0][0]) if found and found[0][0] else None


def shown_addresses() -> list[str]:
    """The slugs of the pages that are shown now, without the home page."""
    return [slug for slug, _ in shown_titles()]


def shown_titles() -> list[tuple[str, str]]:
    """(slug, title) of the same."""
    return [(slug, title) for slug, title in _ask(_TITLES)]


def read_frame(*, categories: int) -> FrameFacts:
    """Top categories and menus in one query: it is asked on every page."""
    return keep_answer(("frame", categories), lambda: _read_frame(categories))


def _read_frame(categories: int) -> FrameFacts:
    [(tops, menus)] = _ask(_FRAME, categories)
    shown = {place: body["entries"] for place, body in (json.loads(menus) if menus else {}).items() if body}
    return FrameFacts(categories=[tuple(row) for row in json.loads(tops)] if tops else [], menus=shown)


def next_content_change() -> datetime | None:
    """The next instant at which some content begins or ends by itself; None when none will. One query."""
    return _ask(_NEXT_CHANGE)[0][0]


def _ask(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
