"""Forms of the account pages."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import User, normalise_email
from accounts.services import EmailTaken, sign_up

TAKEN = _(
    "We could not make an account with this address. If you have one already, sign in or reset your password."
)


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


class SignInForm(AuthenticationForm):
    """E-mail and password; the same error for a wrong password and an unknown address."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "Write your e-mail address."},
    )
    error_messages = {
        "invalid_login": "That e-mail address and password do not match. Check both, or reset your password.",
        "inactive": "That e-mail address and password do not match. Check both, or reset your password.",
    }

    def clean_username(self) -> str:
        return normalise_email(self.cleaned_data["username"])


class SignUpForm(forms.ModelForm[User]):
    """A candidate makes an account.

    The address is no field of the model here, so that a taken one is not told before an account is really asked for.
    """

    field_order = ["full_name", "email", "language", "password"]
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Write your e-mail address.")},
    )
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters, not only digits, nothing common.",
        strip=False,
        max_length=128,
        error_messages={"required": "Choose a password."},
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    class Meta:
        model = User
        fields = ["full_name", "language"]
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})}
        labels = {"full_name": "Your name", "language": "Language of your interviews"}
        error_messages = {"full_name": {"required": "Write your name, as it should appear."}}

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean_time_zone(self) -> str:
        """Take the browser's guess, unless it is strange; that is not worth an error."""
        guess = self.cleaned_data["time_zone"]
        return guess if guess in zoneinfo.available_timezones() else "UTC"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            user = User(email=data.get("email", ""), full_name=data.get("full_name", ""))
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data

    def register(self, *, site: str) -> User | None:
        """Make the account; a taken address becomes an error on its field."""
        try:
            return sign_up(site=site, **self.cleaned_data)
        except EmailTaken:
            self.add_error("email", TAKEN)
            return None


class PasswordResetForm(forms.Form):
    """The address to send a link to. Whether it has an account is looked up when the mail is sent."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={"required": _("Write your e-mail address.")},
    )

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class ProfileForm(forms.ModelForm[User]):
    """What somebody may change about themselves."""

    class Meta:
        model = User
        fields = ["full_name", "language", "time_zone"]
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}
        labels = {"full_name": "Your name", "language": "Language of your interviews"}
        error_messages = {"full_name": {"required": "Write your name, as it should appear."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(choices=time_zone_choices())
        self.initial["time_zone"] = self.instance.zone.key
