"""The API under /api/v1: its calls, its OpenAPI document and its pages."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from ninja import NinjaAPI

from kotowari.api import (
    calls,
    contracts,
    decisions,
    jobs,
    money,
    names,
    pages,
    papers,
    programs,
    status,
    threads,
    tickets,
)

api = NinjaAPI(
    title="Kotowari",
    version="1",
    description=(
        "Every refusal is an RFC 9457 problem with all its reasons, ways on and clocks. Calls that move something "
        "need an Idempotency-Key of your own: sent again, they have one effect."
    ),
    urls_namespace="api",
    parser=calls.Body(),
    docs_url=None,
    openapi_url=None,
)
calls.answer_problems(api)
for _module in (programs, decisions, jobs, contracts, threads, money, names, papers, tickets, status):
    api.add_router("", _module.router)


def document(_request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(calls.describe_problems(api))


def docs(request: HttpRequest) -> HttpResponse:
    """The same document as a page."""
    return pages.docs(request, calls.describe_problems(api))


urlpatterns = [
    path("openapi.json", document, name="api-document"),
    path("docs", docs, name="api-docs"),
    path("", api.urls),
]
