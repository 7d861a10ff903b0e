"""Sales to consumers in other member states: the quarter's return (One Stop Shop), and the threshold below which home's tax counts.

Read from the papers as they were issued, so that it ties to them to the cent. Directive 2006/112/EC, Articles 33, 59c and
369a to 369k: rates and amounts by member state of consumption; what an earlier quarter's invoice is credited with is a
correction of that quarter (Article 369g).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from django.conf import settings
from django.db import connection

from checkout.tax.rates import is_in_eu
from shop.money import ZERO

THRESHOLD = Decimal(10_000)
"""EUR without tax, in this calendar year and in the one before (Article 59c)."""

# Papers that count: goods to consumers in another member state. A buyer with a VAT id accounts for the tax alone.
_CROSSING = """
WITH crossing AS (
    SELECT p.id, p.kind, p.figures, (p.figures->>'issued_on')::date AS issued_on,
           coalesce((i.figures->>'issued_on')::date, (p.figures->>'issued_on')::date) AS sold_on,
           CASE p.kind WHEN 'invoice' THEN 1 ELSE -1 END AS sign,
           coalesce(nullif(p.figures->'delivery'->>'country', ''), p.figures->'buyer'->>'country') AS country,
           coalesce(p.figures->>'tax_country', '') AS tax_country
    FROM checkout_paper p LEFT JOIN checkout_paper i ON i.id = p.corrects_id
    WHERE NOT (p.figures->'buyer' ? 'vat_id') AND NOT (p.figures->>'is_export')::boolean
      AND (p.figures->>'issued_on')::date >= %(since)s AND (p.figures->>'issued_on')::date < %(until)s
)
"""
_RETURN = f"""{_CROSSING}
SELECT country, date_trunc('quarter', sold_on)::date, (rate.figures->>'rate')::numeric,
       sum(sign * (rate.figures->>'net')::numeric), sum(sign * (rate.figures->>'tax')::numeric),
       array_agg(figures_label ORDER BY figures_label)
FROM (SELECT crossing.*, figures->>'label' AS figures_label FROM crossing) papers
CROSS JOIN LATERAL jsonb_array_elements(papers.figures->'taxes') AS rate(figures)
WHERE country = ANY(%(abroad)s) AND tax_country IN ('', country)
GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 3 DESC
"""
_SOLD = f"""{_CROSSING}
SELECT extract(year FROM issued_on)::integer, sum(sign * (figures->>'total_net')::numeric)
FROM crossing WHERE country = ANY(%(abroad)s) GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """Sales, or corrections of `sold_in` (the first day of an earlier quarter), at one rate (in percent)."""

    country: str
    sold_in: date
    rate: Decimal
    net: Decimal
    tax: Decimal
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Return:
    begins: date
    ends: date
    sales: tuple[ReturnRow, ...]
    corrections: tuple[ReturnRow, ...]

    @property
    def net(self) -> Decimal:
        return sum((row.net for row in (*self.sales, *self.corrections)), ZERO)

    @property
    def tax(self) -> Decimal:
        """What is to be paid: sales less corrections."""
        return sum((row.tax for row in (*self.sales, *self.corrections)), ZERO)


def quarter_of(day: date) -> date:
    """The first day of the calendar quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(begins: date) -> date:
    return date(begins.year + begins.month // 10, (begins.month + 2) % 12 + 1, 1)


def quarter_return(begins: date) -> Return:
    """What was issued from `begins`, the first day of a quarter, until the next. One query."""
    ends = next_quarter(begins)
    rows = [
        ReturnRow(country, sold_in, rate, net, tax, tuple(papers))
        for country, sold_in, rate, net, tax, papers in _ask(_RETURN, since=begins, until=ends)
    ]
    return Return(
        begins=begins,
        ends=ends,
        sales=tuple(row for row in rows if row.sold_in >= begins),
        corrections=tuple(row for row in rows if row.sold_in < begins),
    )


def is_above_threshold(*, adding: Decimal, on: date) -> bool:
    """Whether sales abroad without tax were above THRESHOLD last year, or are so this year with `adding`. One query."""
    sold = dict(_ask(_SOLD, since=date(on.year - 1, 1, 1), until=date(on.year + 1, 1, 1)))
    return sold.get(on.year - 1, ZERO) > THRESHOLD or sold.get(on.year, ZERO) + adding > THRESHOLD


def abroad() -> list[str]:
    """The other member states, by ISO code."""
    codes = map(str, Locale("en").territories)
    return sorted(code for code in codes if len(code) == 2 and is_in_eu(code) and code != settings.SHOP_COUNTRY)


def _ask(sql: str, *, since: date, until: date) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(sql, {"since": since, "until": until, "abroad": abroad()})
        return cursor.fetchall()
