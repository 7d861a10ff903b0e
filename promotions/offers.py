"""Read the offers that may apply now as immutable data: the site's, and those of given vouchers.

The number of queries is constant: three, and one more when there are vouchers, whatever the number of offers, ranges or
lines. Time windows are judged by the database's clock, so an offer begins and ends at its second with no job running.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Now
from oscar.apps.offer.models import ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from promotions.models import OfferUse
from promotions.rules import Benefit, Condition, Offer, ProductRange
from shop.money import ZERO

MOST_APPLICATIONS = 10_000


def load_offers(
    *, voucher_ids: Collection[int] = (), product_ids: Collection[int] = (), customer_key: str = ""
) -> tuple[Offer, ...]:
    """Offers for `promotions.apply.apply_offers`.

    `product_ids` are those of the basket's lines and of their parents: of a range's product lists only these are read.
    `customer_key` (the e-mail address, lower case) serves limits per customer. A voucher outside its window brings
    nothing here; `promotions.vouchers.check_voucher` says why. Offers of vouchers follow the voucher's dates.
    """
    vouchers = _vouchers_by_offer(voucher_ids) if voucher_ids else {}
    rows = list(_open_offers(list(vouchers), customer_key))
    used = {row.condition.range_id for row in rows} | {row.benefit.range_id for row in rows}
    ranges = _load_ranges([pk for pk in used if pk is not None], product_ids)
    offers: list[Offer] = []
    for row in rows:
        if row.offer_type == ConditionalOffer.VOUCHER:
            offers += [_read(row, ranges, voucher_id, code) for voucher_id, code in vouchers.get(row.pk, ())]
        else:
            offers.append(_read(row, ranges, None, ""))
    return tuple(offers)


def is_open_now(prefix: str = "") -> Q:
    """The window of an offer or a voucher holds the database's now; an empty end is open."""
    started = Q(**{f"{prefix}start_datetime__isnull": True}) | Q(**{f"{prefix}start_datetime__lte": Now()})
    not_over = Q(**{f"{prefix}end_datetime__isnull": True}) | Q(**{f"{prefix}end_datetime__gte": Now()})
    return started & not_over


def _vouchers_by_offer(voucher_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    links = Voucher.offers.through.objects.filter(is_open_now("voucher__"), voucher_id__in=voucher_ids)
    found: dict[int, list[tuple[int, str]]] = {}
    for offer_id, voucher_id, code in links.order_by("voucher_id").values_list(
        "conditionaloffer_id", "voucher_id", "voucher__code"
    ):
        found.setdefault(offer_id, []).append((voucher_id, code))
    return found


def _open_offers(voucher_offer_ids: list[int], customer_key: str) -> QuerySet[ConditionalOffer]:
    """Not suspended. Oscar's other state, consumed, is only as fresh as the last save: limits are judged here."""
    of_site = Q(offer_type=ConditionalOffer.SITE) & is_open_now()
    of_vouchers = Q(offer_type=ConditionalOffer.VOUCHER, pk__in=voucher_offer_ids)
    suspended = Q(status=ConditionalOffer.SUSPENDED)
    through = ConditionalOffer.combinations.through.objects
    uses = OfferUse.objects.filter(offer=OuterRef("pk"), released_at__isnull=True)
    has_limit = Q(max_global_applications__isnull=False) | Q(max_discount__isnull=False)
    return (
        ConditionalOffer.objects.filter(of_site | of_vouchers)
        .exclude(suspended)
        .select_related("condition", "benefit")
        .annotate(
            joins=ArraySubquery(
                through.filter(from_conditionaloffer=OuterRef("pk")).values_list("to_conditionaloffer", flat=True)
            ),
            live_applications=_total(uses, "applications", when=has_limit),
            live_amount=_total(uses, "amount", when=has_limit),
            used_by_customer=_total(
                uses.filter(customer_key=customer_key), "applications", when=Q(max_user_applications__isnull=False)
            ),
        )
        .order_by("-priority", "pk")
    )


def _total(uses: QuerySet[OfferUse], field: str, *, when: Q) -> Case:
    """The sum over an offer's uses, worked out only for offers with a limit that asks for it."""
    summed = uses.order_by().values("offer").annotate(total=Sum(field)).values("total")
    return Case(When(when, then=Coalesce(Subquery(summed), ZERO)), default=ZERO, output_field=DecimalField())


def _load_ranges(range_ids: Collection[int], product_ids: Collection[int]) -> dict[int, ProductRange]:
    """Ranges with their members. Those of a custom class decide by code that is not run here: they stay out."""
    wanted = _never_empty(product_ids)
    included = Range.included_products.through.objects.filter(range=OuterRef("pk"), product__in=wanted)
    excluded = Range.excluded_products.through.objects.filter(range=OuterRef("pk"), product__in=wanted)
    classes = Range.classes.through.objects.filter(range=OuterRef("pk"))
    rows = Range.objects.filter(pk__in=_never_empty(range_ids), proxy_class__isnull=True).annotate(
        included_ids=ArraySubquery(included.values_list("product", flat=True)),
        excluded_ids=ArraySubquery(excluded.values_list("product", flat=True)),
        class_ids=ArraySubquery(classes.values_list("productclass", flat=True)),
    )
    categories = _load_categories(range_ids)
    return {
        row.pk: ProductRange(
            id=row.pk,
            name=row.name,
            includes_all=row.includes_all_products,
            product_ids=frozenset(row.included_ids),
            excluded_product_ids=frozenset(row.excluded_ids),
            category_ids=frozenset(categories.get((row.pk, True), ())),
            excluded_category_ids=frozenset(categories.get((row.pk, False), ())),
            class_ids=frozenset(row.class_ids),
        )
        for row in rows
    }


def _never_empty(ids: Collection[int]) -> set[int]:
    """No row has the id 0: an empty list would skip the query, and their number should not depend on the data."""
    return {*ids, 0}


def _load_categories(range_ids: Collection[int]) -> dict[tuple[int, bool], list[int]]:
    """Categories by (range, is included), with everything below them: a descendant's path begins with theirs."""
    found: dict[tuple[int, bool], list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT link.range_id, link.is_included, below.id
            FROM (
                SELECT range_id, category_id, true AS is_included FROM offer_range_included_categories
                UNION ALL
                SELECT range_id, category_id, false FROM offer_range_excluded_categories
            ) AS link
            JOIN catalogue_category AS root ON root.id = link.category_id
            JOIN catalogue_category AS below ON starts_with(below.path, root.path)
            WHERE link.range_id = ANY(%s)
            """,
            [list(range_ids)],
        )
        for range_id, is_included, category_id in cursor.fetchall():
            found.setdefault((range_id, is_included), []).append(category_id)
    return found


def _read(row: Any, ranges: dict[int, ProductRange], voucher_id: int | None, code: str) -> Offer:
    condition, benefit = row.condition, row.benefit
    return Offer(
        id=row.pk,
        name=row.name,
        condition=Condition(
            kind="" if condition.proxy_class else condition.type,
            value=condition.value or ZERO,
            range=ranges.get(condition.range_id),
        ),
        benefit=Benefit(
            kind="" if benefit.proxy_class else benefit.type,
            value=benefit.value or ZERO,
            range=ranges.get(benefit.range_id),
            max_affected_items=benefit.max_affected_items,
        ),
        priority=row.priority,
        exclusive=row.exclusive,
        combinations=frozenset(row.joins),
        voucher_id=voucher_id,
        voucher_code=code,
        max_applications=_applications_left(row),
        max_discount=max(row.max_discount - _amount_used(row), ZERO) if row.max_discount else None,
    )


def _amount_used(row: Any) -> Decimal:
    """By the live uses; Oscar's counter also holds, for what was counted before there were uses."""
    return Decimal(max(row.live_amount, row.total_discount))


def _applications_left(row: Any) -> int:
    limits = [MOST_APPLICATIONS]
    if row.max_basket_applications:
        limits.append(row.max_basket_applications)
    if row.max_global_applications:
        limits.append(row.max_global_applications - int(max(row.live_applications, row.num_applications)))
    if row.max_user_applications:
        limits.append(row.max_user_applications - int(row.used_by_customer))
    return max(min(limits), 0)
