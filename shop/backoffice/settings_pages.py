"""Tax rates, shipping methods and zones: what is set up once and looked at often."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from checkout.tax.nexus import STATES_DECIDE
from checkout.tax.records import TaxNexus, TaxRate, TaxZone
from shipping.rates.description import describe_bands
from shipping.rates.models import Band, Method
from shop.backoffice.amount_field import form_class_for
from shop.backoffice.dressing import Desk
from shop.backoffice.sayings import SayingForm


class TaxRateDesk(Desk):
    form = SayingForm
    list_display = ("country", "tax_class", "show_rate", "name", "valid_from", "valid_to")
    list_filter = ("tax_class",)
    search_fields = ("=country", "name")
    search_help_text = "Country code or name"
    fields = (("country", "tax_class"), ("rate", "name"), ("valid_from", "valid_to"))

    @display(description="Rate", ordering="rate")
    def show_rate(self, rate: TaxRate) -> str:
        return f"{(rate.rate * 100).normalize():f} %"


class TaxZoneDesk(Desk):
    form = SayingForm
    list_display = ("code", "name", "country", "show_postcodes", "is_outside", "rounding")
    list_filter = ("is_outside", "rounding")
    search_fields = ("=code", "=country", "name")
    search_help_text = "Code, country or name"
    fields = (("code", "country", "name"), "postcodes", ("is_outside", "rounding"))

    @display(description="Postcodes")
    def show_postcodes(self, zone: TaxZone) -> str:
        return ", ".join(zone.postcodes) or "the whole country"


def state_choices() -> list[tuple[str, str]]:
    """A place that is no state known here would have no tax collected, and nobody would notice."""
    states = TaxZone.objects.filter(country__in=STATES_DECIDE, code__regex=r"^..-[^-]+$").order_by("name")
    return [(zone.code, str(zone)) for zone in states]


class NexusForm(SayingForm):
    place = forms.ChoiceField(label="State", choices=state_choices, widget=UnfoldAdminSelectWidget)


class TaxNexusDesk(Desk):
    """Where sales tax is collected. A state without a rate is one that nothing can be sent to."""

    name = "Nexus"
    form = NexusForm
    list_display = ("place", "reason", "valid_from", "valid_to", "show_rate")
    search_fields = ("=place", "reason")
    search_help_text = "Code of the state, or the reason"
    fields = (("place", "reason"), ("valid_from", "valid_to"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxNexus]:
        rates = TaxRate.objects.filter(country=OuterRef("place"), tax_class="standard").order_by("-valid_from")
        return super().get_queryset(request).annotate(rate=Subquery(rates.values("rate")[:1]))

    @display(description="Standard rate")
    def show_rate(self, nexus: Any) -> str:
        return "none: nothing is sent there" if nexus.rate is None else f"{(nexus.rate * 100).normalize():f} %"


class BandLine(TabularInline):
    model = Band
    form = SayingForm
    extra = 0
    fields = ("up_to_kg", "from_total", "price")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(db_field, request, **form_class_for(db_field), **kwargs)


class MethodDesk(Desk):
    form = SayingForm
    list_display = ("name", "zone", "carrier", "show_days", "free_from", "position", "is_active")
    list_filter = ("zone", "is_active")
    list_select_related = ("zone",)
    search_fields = ("name", "code", "carrier")
    inlines = (BandLine,)
    readonly_fields = ("show_prices",)
    fields = (
        ("name", "code", "zone"),
        ("carrier", "tracking_url"),
        ("days_min", "days_max", "free_from"),
        ("position", "is_active"),
        "show_prices",
    )

    @display(description="In transit")
    def show_days(self, method: Method) -> str:
        return f"{method.days_min} to {method.days_max} days"

    @display(description="In words")
    def show_prices(self, method: Method) -> str:
        if method.pk is None:
            return "Save the method with its bands to read its prices in words."
        return format_html_join(
            "", "<p>{}</p>", ((one,) for one in describe_bands(method, currency=settings.SHOP_CURRENCY))
        )


class ZoneDesk(Desk):
    list_display = ("name", "show_countries")
    search_fields = ("name",)

    @display(description="Countries")
    def show_countries(self, zone: Any) -> str:
        return ", ".join(zone.countries)
