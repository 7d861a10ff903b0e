"""Filters as a panel and as removable chips (templates/components/facet_panel.html, active_filters.html)."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import compress
from typing import Final

from django.conf import settings

from catalog.search.facets import FacetGroup
from catalog.search.query import Results
from shop.money import format_money
from shop.storefront.colours import are_colours, hue_of
from shop.storefront.list_address import ListRequest, write_address
from shop.storefront.units import split_unit, write_value

FIRST_CODES: Final = ("colour", "color", "material", "size", "brand")
LAST_CODES: Final = ("tags",)
FEW: Final = 7
OPEN_GROUPS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetOption:
    value: str
    label: str
    count: int
    is_on: bool
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """`kind`: choice, swatch, range (price; `low` and `high` as typed, `floor` and `ceiling` the bounds), switch."""

    code: str
    label: str
    kind: str
    is_open: bool = True
    is_on: bool = False
    options: tuple[FacetOption, ...] = ()
    more_options: tuple[FacetOption, ...] = ()
    currency: str = ""
    low: str = ""
    high: str = ""
    floor: str = ""
    ceiling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveFilter:
    label: str
    remove_url: str


def list_facets(results: Results, *, asked: ListRequest) -> list[Facet]:
    facets = [Facet(code="in_stock", label="In stock now", kind="switch", is_on=asked.in_stock)]
    bounds = results.price_bounds
    if bounds is not None or asked.min_price is not None or asked.max_price is not None:
        facets.append(
            Facet(
                code="price",
                label="Price",
                kind="range",
                currency=bounds.currency if bounds else settings.SHOP_CURRENCY,
                low=_plain(asked.min_price),
                high=_plain(asked.max_price),
                floor=_plain(bounds.lowest.to_integral_value(ROUND_FLOOR)) if bounds else "",
                ceiling=_plain(bounds.highest.to_integral_value(ROUND_CEILING)) if bounds else "",
            )
        )
    groups = sorted(results.facet_groups, key=_place_of)
    labels = Counter(split_unit(group.name)[0] for group in groups)
    facets += [
        _show_group(group, is_open=index < OPEN_GROUPS or group.is_chosen, labels=labels)
        for index, group in enumerate(groups)
    ]
    return facets


def _place_of(group: FacetGroup) -> int:
    """What people look for first; the order of the others is the search's own."""
    if group.code in FIRST_CODES:
        return FIRST_CODES.index(group.code) - len(FIRST_CODES)
    return 1 if group.code in LAST_CODES else 0


def list_active(results: Results, *, asked: ListRequest, path: str) -> list[ActiveFilter]:
    names = {group.code: group.name for group in results.facet_groups}
    currency = results.price_bounds.currency if results.price_bounds else settings.SHOP_CURRENCY
    active = [
        ActiveFilter(
            label=_name_filter(names.get(code, code), value), remove_url=write_address(path, asked.without(code, value))
        )
        for code, values in asked.facets.items()
        for value in values
    ]
    if asked.min_price is not None:
        label = f"From {format_money(asked.min_price, currency)}"
        active.append(ActiveFilter(label=label, remove_url=write_address(path, asked.change(min_price=None))))
    if asked.max_price is not None:
        label = f"Up to {format_money(asked.max_price, currency)}"
        active.append(ActiveFilter(label=label, remove_url=write_address(path, asked.change(max_price=None))))
    if asked.in_stock:
        url = write_address(path, asked.change(in_stock=False))
        active.append(ActiveFilter(label="In stock now", remove_url=url))
    return active


def _show_group(group: FacetGroup, *, is_open: bool, labels: Counter[str]) -> Facet:
    is_colour = are_colours(group.code, [value.value for value in group.values])
    label, unit = split_unit(group.name)
    options = [
        FacetOption(
            value=value.value,
            label=write_value(value.value, unit=unit),
            count=value.count,
            is_on=value.is_chosen,
            colour=hue_of(value.value) if is_colour else "",
        )
        for value in group.values
    ]
    # A chosen value is never folded away.
    is_first = [index < FEW or option.is_on for index, option in enumerate(options)]
    return Facet(
        code=group.code,
        # Two attributes may differ in their unit alone.
        label=label if labels[label] == 1 else group.name,
        kind="swatch" if is_colour else "choice",
        is_open=is_open,
        options=tuple(compress(options, is_first)),
        more_options=tuple(option for option, is_one in zip(options, is_first, strict=True) if not is_one),
    )


def _name_filter(name: str, value: str) -> str:
    label, unit = split_unit(name)
    return f"{label}: {write_value(value, unit=unit)}"


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"
