"""Filters of the lists."""

from typing import Any

from babel import Locale
from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from oscar.apps.order.models import Order

from checkout.orders.states import STATES
from shipping.rates.models import Zone
from shop.backoffice.work_lists import PARAMETER, lists_of


class WorkListFilter(SimpleListFilter):
    """The numbers of the home as a filter: the same narrowing, so the same rows."""

    title = "what waits"
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one.code, one.title) for one in lists_of(model_admin.model)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for one in lists_of(queryset.model):
            if one.code == self.value():
                return one.narrow(queryset)
        return queryset


class OrderStateFilter(SimpleListFilter):
    """The states of the one table of moves; asks the database nothing."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state.capitalize()) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return queryset.filter(status=self.value()) if self.value() in STATES else queryset


class CountryFilter(SimpleListFilter):
    """The countries that the shop sends to."""

    title = "country"
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = {code for countries in Zone.objects.values_list("countries", flat=True) for code in countries}
        names = Locale(settings.LANGUAGE_CODE[:2]).territories
        return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return queryset.filter(shipping_address__country=self.value()) if self.value() else queryset
