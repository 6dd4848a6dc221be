"""The rules in force: every value with its source, and what is known to change."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.foundation import policy as rules
from kotowari.kernel.text import Text
from kotowari.web.screens import render

ORIGINS = {
    "preset": Text("プリセット", "preset"),
    "base": Text("基本", "base"),
    "operator": Text("運営の変更", "changed by the operator"),
}


@staff_screen("console.policy", path="policy/", title=Text("規則の値", "Policy values"))
def policy(request: HttpRequest, staff: Member) -> HttpResponse:  # noqa: ARG001
    """All values of today, by area; the words to look for may be given."""
    words = request.GET.get("q", "").strip().lower()[:50]
    now = rules.active()
    entries = [
        entry
        for entry in now.entries.values()
        if not words or words in f"{entry.key.name} {entry.key.title.ja} {entry.key.title.en} {entry.key.rule}".lower()
    ]
    return render(
        request,
        "console/policy.html",
        {
            "words": words,
            "values": now,
            "areas": [(area, list(found)) for area, found in groupby(entries, key=lambda e: e.key.area)],
            "coming": rules.coming(),
            "origins": ORIGINS,
        },
    )
