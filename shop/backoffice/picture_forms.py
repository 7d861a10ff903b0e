"""The forms of a product's pictures."""

from typing import Any

from django import forms
from unfold import widgets

LARGEST_PICTURE = 20_000_000


class PictureForm(forms.Form):
    alt = forms.CharField(
        label="In words", required=False, max_length=250, widget=widgets.UnfoldAdminTextInputWidget,
        help_text="For people who cannot see it.",
    )  # fmt: skip
    position = forms.IntegerField(min_value=0, max_value=999, widget=widgets.UnfoldAdminIntegerFieldWidget)
    remove = forms.BooleanField(label="Take it off", required=False, widget=widgets.UnfoldBooleanWidget)


class UploadForm(forms.Form):
    picture = forms.FileField(
        label="Add a picture", required=False, widget=widgets.UnfoldAdminFileFieldWidget,
        help_text="JPEG, PNG, WebP or AVIF.",
    )  # fmt: skip
    alt = forms.CharField(label="In words", required=False, max_length=250, widget=widgets.UnfoldAdminTextInputWidget)

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        if file and file.size > LARGEST_PICTURE:
            raise forms.ValidationError("The picture is larger than 20 MB; make it smaller and try again.")
        return file
