"""The account API: `auth/*` and `users/*`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import generics, mixins, permissions, status, viewsets
from rest_framework.exceptions import APIException, AuthenticationFailed, ValidationError
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.views import TokenRefreshView

from accounts.authentication import NOT_VALID
from accounts.erasing import StillNeeded, erase_person
from accounts.families import UsedToken, end
from accounts.forms import TAKEN
from accounts.lists import KnownParameters
from accounts.mails import site_of
from accounts.models import User
from accounts.parsing import ShallowJSONParser
from accounts.requests import user_of
from accounts.serializers import (
    LoginSerializer,
    LogoutSerializer,
    OAuthTokenSerializer,
    PasswordGrantSerializer,
    RefreshSerializer,
    RegisterSerializer,
    TokenPairSerializer,
    UserSerializer,
    oauth_names,
)
from accounts.services import EmailTaken, sign_up
from accounts.throttles import SignUpThrottle

VIEW = "accounts.view_user"
ERASE = OpenApiParameter(
    "erase",
    bool,
    description="Take everything the person said, too; needs the right to erase people.",
)


class NeededByOthers(APIException):
    """What others rely on hangs on this account."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy("This account is still needed. Disable it instead.")
    default_code = "still_needed"


class UserFilters(filters.FilterSet):  # type: ignore[misc]
    """By what the list of users can be narrowed."""

    is_staff = extend_schema_field(bool)(
        filters.TypedChoiceFilter(
            choices=[("true", "true"), ("false", "false")], coerce=lambda value: value == "true"
        )
    )

    class Meta:
        model = User
        fields = ["is_staff", "language"]


class MayListPeople(permissions.IsAuthenticated):
    """The list is for those with the right to view people; single users are decided by the queryset."""

    def has_permission(self, request: Request, view: Any) -> bool:
        signed_in = super().has_permission(request, view)
        return signed_in and (view.action != "list" or user_of(request).has_perm(VIEW))


def erase(request: Request, person: User) -> Response:
    """Delete an account as the request asks for it."""
    wanted = request.query_params.get("erase", "false").lower()
    if wanted not in {"1", "true", "0", "false"}:
        raise ValidationError({"erase": [_("Send true or false.")]})
    try:
        erase_person(person=person, actor=user_of(request), with_records=wanted in {"1", "true"})
    except StillNeeded as error:
        raise NeededByOthers(str(error)) from error
    return Response(status=status.HTTP_204_NO_CONTENT)


class RegisterView(KnownParameters, APIView):
    """Makes a candidate's account and signs it in."""

    permission_classes = [permissions.AllowAny]
    authentication_classes = []
    throttle_classes = [SignUpThrottle]

    @extend_schema(
        operation_id="auth_register",
        summary="Make an account",
        parameters=[
            OpenApiParameter(
                "Location", str, OpenApiParameter.HEADER, response=[201], description="The profile."
            )
        ],
        request=RegisterSerializer,
        responses={201: TokenPairSerializer},
    )
    def post(self, request: Request) -> Response:
        form = RegisterSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            user = sign_up(site=site_of(request), **form.validated_data)
        except EmailTaken as error:
            raise ValidationError({"email": [TAKEN]}) from error
        pair, headers = TokenPairSerializer(user).data, {"Location": reverse("api-me")}
        return Response(pair, status=status.HTTP_201_CREATED, headers=headers)


class LoginView(KnownParameters, APIView):
    """Signs in with e-mail and password; the same 401 for a wrong password and an unknown address.

    After too many failures `accounts.lockout` answers in its place.
    """

    permission_classes = [permissions.AllowAny]
    authentication_classes = []
    fails = {"post": (401, 429)}

    def get_authenticate_header(self, request: Request) -> str:
        """Make a failed sign-in a 401, although no authentication is asked for here."""
        return 'Bearer realm="api"'

    @extend_schema(
        operation_id="auth_login",
        summary="Sign in",
        request=LoginSerializer,
        responses=TokenPairSerializer,
    )
    def post(self, request: Request) -> Response:
        form = self.read(request)
        form.is_valid(raise_exception=True)
        user = authenticate(request._request, **form.validated_data)
        if user is None:
            raise SignInFailed
        return Response(TokenPairSerializer(user).data)

    def read(self, request: Request) -> BaseSerializer[Any]:
        return LoginSerializer(data=request.data)


class TokenView(LoginView):
    """The same for OAuth 2.0 clients, which send a form with a username and read `access_token`."""

    parser_classes = [ShallowJSONParser, FormParser]

    @extend_schema(
        operation_id="auth_token",
        summary="Sign in, also with the form of OAuth 2.0",
        request={
            "application/json": LoginSerializer,
            "application/x-www-form-urlencoded": PasswordGrantSerializer,
        },
        responses=OAuthTokenSerializer,
    )
    def post(self, request: Request) -> Response:
        response = super().post(request)
        if isinstance(request.data, QueryDict):
            response.data |= oauth_names(response.data)
        return response

    def read(self, request: Request) -> BaseSerializer[Any]:
        if isinstance(request.data, QueryDict):
            return PasswordGrantSerializer(data=request.data)
        return super().read(request)


class SignInFailed(AuthenticationFailed):
    """Wrong address or password; which of them is not told."""

    default_detail = "That e-mail address and password do not match."
    default_code = "sign_in_failed"


@extend_schema_view(
    post=extend_schema(operation_id="auth_refresh", summary="Get a new pair of tokens", auth=[])
)
class RefreshView(KnownParameters, TokenRefreshView):
    """Trades a refresh token for a new pair; the old one ends."""

    serializer_class = RefreshSerializer
    fails = {"post": (401,)}


class LogoutView(KnownParameters, generics.GenericAPIView[Any]):
    """Ends a refresh token and all that came from the same sign-in."""

    serializer_class = LogoutSerializer

    @extend_schema(
        operation_id="auth_logout",
        summary="Sign out",
        request=LogoutSerializer,
        responses={204: OpenApiResponse(description="Signed out")},
    )
    def post(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            token = UsedToken(form.validated_data["refresh"])
            if str(token.payload.get("user_id")) != str(request.user.pk):
                raise InvalidToken(NOT_VALID)
            end(token)
        except TokenError as error:
            raise InvalidToken(NOT_VALID) from error
        user_of(request).note_sign_out()
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema_view(
    get=extend_schema(summary="My profile"),
    put=extend_schema(summary="Replace my profile"),
    patch=extend_schema(summary="Change my profile"),
)
class MeView(KnownParameters, generics.RetrieveUpdateDestroyAPIView[User]):
    """The signed-in person's own profile."""

    query_parameters = {"delete": {"erase"}}
    fails = {"delete": (403, 409)}
    serializer_class = UserSerializer

    def get_object(self) -> User:
        return user_of(self.request)

    @extend_schema(summary="Delete my account", parameters=[ERASE])
    def delete(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Delete the account with its practice; 409 if finished screenings or others' work hang on it."""
        return erase(request, self.get_object())


@extend_schema_view(
    list=extend_schema(summary="All users (with the right to view people)"),
    retrieve=extend_schema(summary="A user"),
)
class UserViewSet(
    KnownParameters,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[User],
):
    """People; a candidate sees only themselves."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    permission_classes = [MayListPeople]
    filterset_class = UserFilters
    ordering_fields = ["id", "email", "date_joined"]
    lookup_value_converter = "int"
    query_parameters = {"destroy": {"erase"}}
    fails = {"list": (403,), "destroy": (403, 409)}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return User.objects.none()
        user = user_of(self.request)
        if self.action == "destroy":
            return User.objects.deletable_by(user)
        return User.objects.visible_to(user)

    @extend_schema(summary="Delete a user", parameters=[ERASE], filters=False)
    def destroy(self, request: Request, **_kwargs: Any) -> Response:
        """Delete an account; 409 if finished screenings or others' work hang on it."""
        person = self.get_object()
        if person == request.user:
            raise NeededByOthers(_("This is your own account. It is deleted under users/me."))
        return erase(request, person)
