"""URLs of the account API; a trailing slash is optional."""

from django.urls import re_path

from accounts import api

urlpatterns = [
    re_path(r"^auth/register/?$", api.RegisterView.as_view(), name="api-register"),
    re_path(r"^auth/login/?$", api.LoginView.as_view(), name="api-login"),
    re_path(r"^auth/token/?$", api.TokenView.as_view(), name="api-token"),
    re_path(r"^auth/refresh/?$", api.RefreshView.as_view(), name="api-refresh"),
    re_path(r"^auth/logout/?$", api.LogoutView.as_view(), name="api-logout"),
    re_path(r"^users/me/?$", api.MeView.as_view(), name="api-me"),
    re_path(r"^users/?$", api.UserViewSet.as_view({"get": "list"}), name="api-users"),
    re_path(
        r"^users/(?P<pk>[0-9]{1,18})/?$",
        api.UserViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api-user",
    ),
]
