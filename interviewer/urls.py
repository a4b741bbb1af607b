"""All URLs of the product."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from interviewer import system, views

urlpatterns = [
    path("", views.welcome, name="welcome"),
    re_path(r"^health/?$", system.health, name="health"),
    path("admin/system/", system.system_page, name="admin-system"),
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="password-change"),
        name="admin-password",
    ),
    path("admin/", admin.site.urls),
    path("account/", include("accounts.urls")),
    re_path(r"^api/schema/?$", SpectacularAPIView.as_view(), name="api-schema"),
    re_path(
        r"^api/docs/?$",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api_docs.html"),
        name="api-docs",
    ),
    re_path(r"^api/problems/?$", csrf_exempt(views.problems), name="problems"),
    path("api/", include("accounts.api_urls")),
    path("api/", include("interviews.api.urls")),
    path("", include("interviews.pages.urls")),
]

handler400 = "interviewer.views.bad_request"
handler403 = "interviewer.views.forbidden"
handler404 = "interviewer.views.not_found"
handler500 = "interviewer.views.server_error"
