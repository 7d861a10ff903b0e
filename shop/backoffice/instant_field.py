"""A minute on the shop's clock, as a field: one input that browsers know, read by the catalogue's own rule."""

from datetime import datetime
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.publication.instants import NoSuchInstant, read_instant, write_local


class InstantInput(UnfoldAdminTextInputWidget):
    input_type = "datetime-local"


class InstantField(forms.CharField):
    """Cleans to an aware datetime or None. What was not touched stays the same instant, also in a doubled hour."""

    widget = InstantInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)

    def prepare_value(self, value: Any) -> Any:
        return write_local(value) if isinstance(value, datetime) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if isinstance(self.initial, datetime) and text == write_local(self.initial):
            return self.initial
        try:
            return read_instant(text)
        except NoSuchInstant as problem:
            raise forms.ValidationError(str(problem)) from problem
