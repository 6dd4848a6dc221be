"""What anybody would write first: a word; the newest jobs as cards in a Django template; one job."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kotowari.market.models import Job


def hello(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse("hello")


def jobs(request: HttpRequest) -> HttpResponse:
    """20 cards of 15 values each, most through a filter, from one query."""
    newest = Job.objects.filter(state="open").select_related("client", "category").order_by("-number")[:20]
    return render(request, "bench/jobs.html", {"jobs": newest}, using="bare")


def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One such card with its whole text, from one query."""
    found = Job.objects.select_related("client", "category").get(pk=job_id)
    return render(request, "bench/job.html", {"job": found}, using="bare")
