"""Read the offers that may apply now as immutable data: the site's, and those of given vouchers.

The number of queries is constant: two, and one more when there are vouchers, whatever the number of offers, ranges or
lines. Time windows are judged by the database's clock, so an offer begins and ends at its second with no job running.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Now
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher

from promotions.models import OfferUse
from promotions.rules import Benefit, Condition, Offer, ProductRange
from shop.money import ZERO
from shop.written_once import any_of, ask, given, written_once

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
    rows = [_Row(*row) for row in _open_offers.ask(voucher_offer_ids=list(vouchers), customer_key=customer_key)]
    used = {row.condition__range_id for row in rows} | {row.benefit__range_id for row in rows}
    ranges = _load_ranges([pk for pk in used if pk is not None], product_ids)
    offers: list[Offer] = []
    for row in rows:
        if row.offer_type == ConditionalOffer.VOUCHER:
            offers += [_read(row, ranges, voucher_id, code) for voucher_id, code in vouchers.get(row.id, ())]
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


class _Row(NamedTuple):
    """What is read of an offer; the names are those of Oscar's fields."""

    id: int
    name: str
    offer_type: str
    priority: int
    exclusive: bool
    max_basket_applications: int | None
    max_global_applications: int | None
    max_user_applications: int | None
    max_discount: Decimal | None
    total_discount: Decimal
    num_applications: int
    condition__proxy_class: str | None
    condition__type: str
    condition__value: Decimal | None
    condition__range_id: int | None
    benefit__proxy_class: str | None
    benefit__type: str
    benefit__value: Decimal | None
    benefit__range_id: int | None
    benefit__max_affected_items: int | None
    joins: list[int]
    live_applications: Decimal
    live_amount: Decimal
    used_by_customer: Decimal


@written_once
def _open_offers() -> QuerySet[Any, Any]:
    """Not suspended. Oscar's other state, consumed, is only as fresh as the last save: limits are judged here."""
    of_site = Q(offer_type=ConditionalOffer.SITE) & is_open_now()
    of_vouchers = Q(offer_type=ConditionalOffer.VOUCHER) & Q(any_of("offer_conditionaloffer.id", "voucher_offer_ids"))
    suspended = Q(status=ConditionalOffer.SUSPENDED)
    through = ConditionalOffer.combinations.through.objects
    uses = OfferUse.objects.filter(offer=OuterRef("pk"), released_at__isnull=True)
    has_limit = Q(max_global_applications__isnull=False) | Q(max_discount__isnull=False)
    mine = uses.filter(customer_key=given("customer_key", CharField()))
    return (
        ConditionalOffer.objects.filter(of_site | of_vouchers)
        .exclude(suspended)
        .annotate(
            joins=ArraySubquery(
                through.filter(from_conditionaloffer=OuterRef("pk")).values_list("to_conditionaloffer", flat=True)
            ),
            live_applications=_total(uses, "applications", when=has_limit),
            live_amount=_total(uses, "amount", when=has_limit),
            used_by_customer=_total(mine, "applications", when=Q(max_user_applications__isnull=False)),
        )
        .order_by("-priority", "pk")
        .values_list(*_Row._fields)
    )


def _total(uses: QuerySet[OfferUse], field: str, *, when: Q) -> Case:
    """The sum over an offer's uses, worked out only for offers with a limit that asks for it."""
    summed = uses.order_by().values("offer").annotate(total=Sum(field)).values("total")
    return Case(When(when, then=Coalesce(Subquery(summed), ZERO)), default=ZERO, output_field=DecimalField())


# A range holds everything below its categories: a descendant's path begins with theirs. Those of a custom class decide by
# code that is not run here: they stay out.
_RANGES: Final = """
SELECT range.id, range.name, range.includes_all_products,
    ARRAY(SELECT listed.product_id FROM offer_rangeproduct listed
          WHERE listed.range_id = range.id AND listed.product_id = ANY(%(products)s)),
    ARRAY(SELECT listed.product_id FROM offer_range_excluded_products listed
          WHERE listed.range_id = range.id AND listed.product_id = ANY(%(products)s)),
    ARRAY(SELECT below.id FROM offer_range_included_categories link
          JOIN catalogue_category root ON root.id = link.category_id
          JOIN catalogue_category below ON starts_with(below.path, root.path) WHERE link.range_id = range.id),
    ARRAY(SELECT below.id FROM offer_range_excluded_categories link
          JOIN catalogue_category root ON root.id = link.category_id
          JOIN catalogue_category below ON starts_with(below.path, root.path) WHERE link.range_id = range.id),
    ARRAY(SELECT link.productclass_id FROM offer_range_classes link WHERE link.range_id = range.id)
FROM offer_range range WHERE range.id = ANY(%(ranges)s) AND range.proxy_class IS NULL
"""


def _load_ranges(range_ids: Collection[int], product_ids: Collection[int]) -> dict[int, ProductRange]:
    """Ranges with their members, by id. One query, also without any: their number should not depend on the data."""
    rows = ask(_RANGES, {"ranges": list(range_ids), "products": list(product_ids)})
    return {
        pk: ProductRange(
            id=pk,
            name=name,
            includes_all=includes_all,
            product_ids=frozenset(included),
            excluded_product_ids=frozenset(excluded),
            category_ids=frozenset(within),
            excluded_category_ids=frozenset(without),
            class_ids=frozenset(classes),
        )
        for pk, name, includes_all, included, excluded, within, without, classes in rows
    }


def _read(row: _Row, ranges: dict[int, ProductRange], voucher_id: int | None, code: str) -> Offer:
    return Offer(
        id=row.id,
        name=row.name,
        condition=Condition(
            kind="" if row.condition__proxy_class else row.condition__type,
            value=row.condition__value or ZERO,
            range=ranges.get(row.condition__range_id or 0),
        ),
        benefit=Benefit(
            kind="" if row.benefit__proxy_class else row.benefit__type,
            value=row.benefit__value or ZERO,
            range=ranges.get(row.benefit__range_id or 0),
            max_affected_items=row.benefit__max_affected_items,
        ),
        priority=row.priority,
        exclusive=row.exclusive,
        combinations=frozenset(row.joins),
        voucher_id=voucher_id,
        voucher_code=code,
        max_applications=_applications_left(row),
        max_discount=max(row.max_discount - _amount_used(row), ZERO) if row.max_discount else None,
    )


def _amount_used(row: _Row) -> Decimal:
    """By the live uses; Oscar's counter also holds, for what was counted before there were uses."""
    return max(row.live_amount, row.total_discount)


def _applications_left(row: _Row) -> int:
    limits = [MOST_APPLICATIONS]
    if row.max_basket_applications:
        limits.append(row.max_basket_applications)
    if row.max_global_applications:
        limits.append(row.max_global_applications - max(int(row.live_applications), row.num_applications))
    if row.max_user_applications:
        limits.append(row.max_user_applications - int(row.used_by_customer))
    return max(min(limits), 0)
