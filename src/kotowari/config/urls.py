"""Every address of the product, room by room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("kotowari.api.urls")),
    path("console/", include("kotowari.console.urls")),
    path("", include("kotowari.web.urls")),
]

handler400 = "kotowari.web.refusals.bad_request"
handler403 = "kotowari.web.refusals.permission_denied"
handler404 = "kotowari.web.refusals.page_not_found"
handler500 = "kotowari.web.refusals.server_error"
