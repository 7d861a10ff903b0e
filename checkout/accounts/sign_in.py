"""The sign-in form in the shop's own words."""

from typing import Any

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """The way to a forgotten password stands once, beside the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("login", "E-mail"), ("password", "Password"), ("remember", "Stay signed in")):
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = ""
                self.fields[name].widget.attrs.pop("placeholder", None)
