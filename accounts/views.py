"""The account pages."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, UpdateView

from accounts.forms import PasswordResetForm, ProfileForm, SignInForm, SignUpForm
from accounts.lockout import forgive, refusal
from accounts.mails import site_of
from accounts.models import User
from accounts.outbox import queue_mail
from accounts.throttles import (
    MailThrottle,
    PasswordThrottle,
    ResetThrottle,
    SharedThrottle,
    SignUpThrottle,
)
from accounts.waits import too_many, wait_words

LINKS_ENOUGH = _(
    "Several links were asked for with this address. Look into your mail, also in the spam folder, or try again in %(time)s."
)


class LimitedPost(View):
    """A form that one person, or one client, may only send so often."""

    throttle: type[SharedThrottle]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seconds = self.throttle.seconds_to_wait(request) if request.method == "POST" else 0
        if seconds:
            return refusal(request, seconds, too_many(seconds))
        return super().dispatch(request, *args, **kwargs)


class SignInView(views.LoginView):
    """Sign in with e-mail and password."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignUpView(views.RedirectURLMixin, FormView[SignUpForm]):
    """Make an account and be signed in, then go where one wanted to go."""

    template_name = "accounts/sign_up.html"
    form_class = SignUpForm
    next_page = "dashboard"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        if seconds := SignUpThrottle.seconds_to_wait(self.request):
            form.add_error(None, too_many(seconds))
        user = form.register(site=site_of(self.request)) if form.is_valid() else None
        if user is None:
            return self.form_invalid(form)
        login(self.request, user, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(self.request, f"Welcome, {user}. Your account is ready.")
        return redirect(self.get_success_url())


class ProfileView(
    LoginRequiredMixin, SuccessMessageMixin[ProfileForm], UpdateView[User, ProfileForm]
):
    """Name, language and time zone."""

    template_name = "accounts/profile.html"
    form_class = ProfileForm
    success_url = reverse_lazy("profile")
    success_message = "Saved."

    def get_object(self, queryset: object = None) -> User:
        return User.objects.get(pk=cast("User", self.request.user).pk)


class PasswordChangeView(LimitedPost, SuccessMessageMixin, views.PasswordChangeView):  # type: ignore[type-arg]
    """A new password; every other session and every token ends with the old one."""

    throttle = PasswordThrottle
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("profile")
    success_message = "Your password is changed. Every other device is signed out."


class PasswordResetView(LimitedPost, FormView[PasswordResetForm]):
    """Ask for a link by e-mail; the answer is the same for every address, and as quick."""

    throttle = ResetThrottle
    template_name = "accounts/password_reset.html"
    form_class = PasswordResetForm
    success_url = reverse_lazy("password-reset-sent")

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        if seconds := MailThrottle.seconds_for(email):
            form.add_error("email", LINKS_ENOUGH % {"time": wait_words(seconds)})
            return self.form_invalid(form)
        queue_mail(template="password_reset", to=email, site=site_of(self.request))
        return super().form_valid(form)


class PasswordResetConfirmView(LimitedPost, views.PasswordResetConfirmView):
    """Choose a new password behind a link from an e-mail; it works at once, also after too many failed sign-ins."""

    throttle = PasswordThrottle
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: object) -> HttpResponse:
        forgive(cast("User", self.user))
        messages.success(self.request, _("Your password is changed. Sign in with it."))
        return super().form_valid(form)  # type: ignore[arg-type]
