"""The account API: `auth/*` and `users/*`."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import authenticate
from django.db.models import RestrictedError
from django_filters import rest_framework as filters
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import generics, mixins, permissions, status, viewsets
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import TokenRefreshView

from accounts.forms import TAKEN
from accounts.lockout import WAIT
from accounts.models import User
from accounts.requests import user_of
from accounts.serializers import (
    NOT_VALID,
    LoginSerializer,
    LogoutSerializer,
    RefreshSerializer,
    RegisterSerializer,
    TokenPairSerializer,
    UserSerializer,
)
from accounts.services import EmailTaken, register_user
from accounts.throttles import SignUpThrottle


class StillNeeded(APIException):
    """Other people's interviews hang on this account."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "Other people's sessions hang on this account's interviews. Disable it instead, or hand them over first."
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


class IsAdminOrReadsVisible(permissions.IsAuthenticated):
    """The list is for admins; single users are decided by the queryset."""

    def has_permission(self, request: Request, view: Any) -> bool:
        signed_in = super().has_permission(request, view)
        return signed_in and (view.action != "list" or request.user.is_staff)


class RegisterView(APIView):
    """Makes a candidate's account and signs it in."""

    permission_classes = [permissions.AllowAny]
    authentication_classes = []
    throttle_classes = [SignUpThrottle]

    @extend_schema(
        operation_id="auth_register",
        request=RegisterSerializer,
        responses={201: TokenPairSerializer},
    )
    def post(self, request: Request) -> Response:
        form = RegisterSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            user = register_user(**form.validated_data)
        except EmailTaken as error:
            raise ValidationError({"email": [TAKEN]}) from error
        return Response(TokenPairSerializer(user).data, status=status.HTTP_201_CREATED)


class LoginView(APIView):
    """Signs in with e-mail and password; the same 401 for a wrong password and an unknown address."""

    permission_classes = [permissions.AllowAny]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "login"

    authentication_classes = []

    def get_authenticate_header(self, request: Request) -> str:
        """Make a failed sign-in a 401, although no authentication is asked for here."""
        return 'Bearer realm="api"'

    @extend_schema(request=LoginSerializer, responses=TokenPairSerializer)
    def post(self, request: Request) -> Response:
        form = LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        http_request = request._request
        user = authenticate(http_request, **form.validated_data)
        if getattr(http_request, "axes_locked_out", False):
            raise Throttled(wait=900, detail=WAIT)
        if user is None:
            raise SignInFailed
        return Response(TokenPairSerializer(user).data)


class SignInFailed(AuthenticationFailed):
    """Wrong address or password; which of them is not told."""

    default_detail = "That e-mail address and password do not match."


class RefreshView(TokenRefreshView):
    """Trades a refresh token for a new pair; the old one ends."""

    serializer_class = RefreshSerializer


class LogoutView(generics.GenericAPIView[Any]):
    """Ends a refresh token."""

    serializer_class = LogoutSerializer

    @extend_schema(
        request=LogoutSerializer, responses={204: OpenApiResponse(description="Signed out")}
    )
    def post(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            token = RefreshToken(form.validated_data["refresh"])
        except TokenError as error:
            raise InvalidToken(NOT_VALID) from error
        if str(token.payload.get("user_id")) != str(request.user.pk):
            raise InvalidToken(NOT_VALID)
        token.blacklist()
        user_of(request).note_sign_out()
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(generics.RetrieveUpdateAPIView[User]):
    """The signed-in person's own profile."""

    serializer_class = UserSerializer

    def get_object(self) -> User:
        return cast("User", self.request.user)


@extend_schema_view(list=extend_schema(summary="All users (admins)"))
class UserViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[User],
):
    """People; a candidate sees only themselves."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    permission_classes = [IsAdminOrReadsVisible]
    filterset_class = UserFilters
    ordering_fields = ["id", "email", "date_joined"]
    lookup_value_converter = "int"

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return User.objects.none()
        user = cast("User", self.request.user)
        if self.action == "destroy" and not user.is_staff:
            return User.objects.none()
        return User.objects.visible_to(user)

    def perform_destroy(self, instance: User) -> None:
        if instance == self.request.user:
            raise StillNeeded("This is your own account. Ask another admin to delete it.")
        try:
            instance.delete()
        except RestrictedError as error:
            raise StillNeeded from error
