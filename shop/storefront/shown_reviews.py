"""Reviews as pages show them (templates/components/review.html): plain words, whatever was stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from checkout.reviews.plain_text import plain_line, plain_paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`score` 1 to 5. `was_bought`: a line of a paid order stands behind it. `reply` is the shop's, or ""."""

    title: str
    text: str
    score: int
    who: str
    date: datetime
    was_bought: bool
    reply: str


def read_review(row: Mapping[str, Any]) -> Review:
    """From a row with title, body, score, who, date_created, bought, reply. Imported texts are cleaned here."""
    date = row["date_created"]
    return Review(
        title=plain_line(row["title"]),
        text=plain_paragraphs(row["body"]),
        score=row["score"],
        who=plain_line(row["who"]) or "A customer",
        date=date if isinstance(date, datetime) else datetime.fromisoformat(date),
        was_bought=row["bought"],
        reply=row["reply"] or "",
    )


def show_review(review: Review) -> dict[str, Any]:
    return {
        "title": review.title,
        "text": review.text,
        "stars": f"{review.score}.0",
        "average": str(review.score),
        "who": review.who,
        "date": review.date,
        "is_verified": review.was_bought,
        "reply": review.reply,
    }


def show_histogram(scores: Mapping[int, int], *, url: str = "") -> list[dict[str, Any]]:
    """Bars from five stars to one. `url` is the page that shows the reviews of one bar."""
    count = sum(scores.values())
    return [
        {
            "stars": stars,
            "count": (number := scores.get(stars, 0)),
            "share": _share(number, of=count),
            "url": f"{url}?stars={stars}" if url and number else "",
        }
        for stars in range(5, 0, -1)
    ]


def average_of(scores: Mapping[int, int]) -> Decimal | None:
    """Of all approved reviews, not rounded."""
    count = sum(scores.values())
    return Decimal(sum(score * number for score, number in scores.items())) / count if count else None


def _share(number: int, *, of: int) -> int:
    return int((Decimal(number) * 100 / of).quantize(Decimal(1), ROUND_HALF_UP)) if of else 0
