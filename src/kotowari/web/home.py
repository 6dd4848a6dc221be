"""The front page: search, categories with live counts, the newest jobs, how money is kept safe, figures."""

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.kernel.text import Text
from kotowari.market import gates, selectors
from kotowari.web import current
from kotowari.web.screens import render, screen


@screen("home", path="", title=Text("Kotowari ことわり", "Kotowari"), actions=[gates.SEARCH_JOBS])
def home(request: HttpRequest) -> HttpResponse:
    """What the market is and what is in it now (A098)."""
    done = Milestone.objects.filter(state="accepted").aggregate(count=Count("*"), total=Sum("price_yen"))
    return render(
        request,
        "home.html",
        {
            "groups": selectors.categories_by_group(),
            "newest": selectors.search_jobs(current.member_of(request), limit=6).cards,
            "members": Member.objects.filter(is_staff=False, left_at__isnull=True).count(),
            "done_count": done["count"],
            "done_yen": done["total"] or 0,
        },
    )
