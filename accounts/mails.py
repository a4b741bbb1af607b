"""What each mail says is looked up here when it is sent: its links, and the tokens in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Mail, User
from accounts.outbox import NoLongerNeeded


def password_reset(mail: Mail) -> dict[str, Any]:
    """Make the link to choose a new password. Only an account that has a password gets one."""
    user = _owner(mail)
    if not user.has_usable_password():
        raise NoLongerNeeded
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    path = reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    return {"user": user, "site": mail.ids["site"], "link": mail.ids["site"] + path}


def account_exists(mail: Mail) -> dict[str, Any]:
    """Make the links for the owner of an address with which somebody tried to sign up."""
    user, site = _owner(mail), mail.ids["site"]
    return {
        "user": user,
        "site": site,
        "sign_in": site + reverse("sign-in"),
        "reset": site + reverse("password-reset"),
    }


def _owner(mail: Mail) -> User:
    if (user := mail.person) is None:
        raise NoLongerNeeded
    return user


def site_of(request: HttpRequest) -> str:
    """Return what links in mail begin with: SITE_URL, or the host asked for if that is a name of ours.

    If any host is allowed, the one asked for is not trusted: it would let a stranger send our people to another site.
    """
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    if "*" in settings.ALLOWED_HOSTS:
        return f"http://{settings.HOST}:{settings.PORT}"
    return f"{request.scheme}://{request.get_host()}"
