"""The dispatch form: tracking number, carrier, and how many units of each line are in this parcel."""

from collections.abc import Iterator
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from shipping.fulfilment.contents import packed_thing
from shipping.fulfilment.dispatch import LONGEST_TRACKING_NUMBER, dispatch_shipment
from shipping.fulfilment.models import Shipment, ShipmentLine


class DispatchForm(forms.Form):
    """Whole by default. One number field per line, named `line_<id>`."""

    tracking_number = forms.CharField(
        required=False,
        max_length=LONGEST_TRACKING_NUMBER,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="Scan or type it; the customer gets it by mail.",
    )
    carrier = forms.CharField(required=False, max_length=80, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, shipment: Shipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shipment = shipment
        self.fields["carrier"].initial = shipment.carrier
        for line in shipment.lines.all():
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=f"Units of {packed_thing(line).words} in this parcel",
                initial=line.quantity,
                min_value=0,
                max_value=line.quantity,
                widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
                error_messages={
                    "min_value": f"The parcel can hold 0 to {line.quantity}.",
                    "max_value": f"The parcel can hold 0 to {line.quantity}.",
                    "required": "Say how many units are in this parcel; 0 leaves the line for later.",
                },
            )

    def lines(self) -> Iterator[tuple[ShipmentLine, Any]]:
        for line in self.shipment.lines.all():
            yield line, self[f"line_{line.pk}"]

    def dispatch(self, *, actor: Any) -> str:
        """The sentence to show. Raises CannotDispatch."""
        data = self.cleaned_data
        quantities = {line.pk: data[f"line_{line.pk}"] for line in self.shipment.lines.all()}
        whole = sum(line.quantity for line in self.shipment.lines.all())
        sent = dispatch_shipment(
            self.shipment.pk,
            actor=actor,
            tracking_number=data["tracking_number"],
            carrier=data["carrier"],
            quantities=quantities,
        )
        rest = whole - sum(quantities.values())
        follow = f" {rest} {'unit stays' if rest == 1 else 'units stay'} in a new open shipment." if rest else ""
        return f"Shipment {sent.number} has left; the customer gets a mail.{follow}"
