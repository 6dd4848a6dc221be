"""The product's addresses, and the bare ones."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/hello/", bare.hello),
    path("bare/jobs/", bare.jobs),
    path("bare/jobs/<uuid:job_id>/", bare.job),
    path("", include("kotowari.config.urls")),
]
