"""Members as others see them, and one's own profile."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from kotowari.accounts.gates import SEE_OWN
from kotowari.accounts.models import Member
from kotowari.accounts.selectors import owner_of_former
from kotowari.contracts.models import Milestone
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.market import gates, menus, selectors, services
from kotowari.market.services import ProfileText
from kotowari.web import current, paging
from kotowari.web.gates import READ
from kotowari.web.job_forms import ProfileForm
from kotowari.web.login_password import password_section
from kotowari.web.screens import redirect, render, screen, tell


@screen("members", path="members/", title=Text("メンバーを探す", "Find members"), actions=[READ])
def members(request: HttpRequest) -> HttpResponse:
    """Members who say what work they offer, newest first, found by words of their profile."""
    words = request.GET.get("q", "").strip()[:100]
    page = paging.newest_first(selectors.members_found(words), request.GET.get("after"))
    return render(
        request, "members/list.html", {"page": page, "profiles": selectors.public_profiles(page.rows), "q": words}
    )


@screen(
    "member",
    path="members/<str:username>/",
    title=Text("プロフィール", "Profile"),
    actions=[READ],
    parent="members",
)
def member(request: HttpRequest, username: str) -> HttpResponse:
    """A member's profile and record; never an address. A name given up leads on to the new one (A095)."""
    found = Member.objects.filter(username=username.lower(), left_at__isnull=True, is_staff=False).first()
    if found is None:
        renamed = owner_of_former(username)
        if renamed is None or renamed.left_at is not None or renamed.is_staff:
            raise NotVisible("accounts.member", username)
        return HttpResponsePermanentRedirect(reverse("member", kwargs={"username": renamed.username}))
    record = selectors.client_records([found.pk], with_answers=True).get(found.pk)
    profile = selectors.public_profile(found)
    works = Milestone.objects.filter(contract__worker=found, state="accepted")
    return render(
        request,
        "members/detail.html",
        {
            "found": found,
            "profile": profile,
            "titles": menus.PROFILE_PARTS,
            "record": record,
            "done": works.count() if profile.shows_works_done else None,
        },
    )


@screen(
    "my.profile",
    path="my/profile/",
    title=Text("プロフィール編集", "Edit profile"),
    actions=[gates.EDIT_PROFILE, SEE_OWN],
    parent="my",
    methods=["GET", "POST"],
    members_only=True,
)
def my_profile(request: HttpRequest) -> HttpResponse:
    """Seven parts, skills, and the time when no answer is to be expected."""
    me = current.me()
    row = selectors.profile_of(me)
    initial = {name: getattr(row, name) for name in menus.PROFILE_PARTS}
    initial |= {"skills": "、".join(row.skills), "away_until": row.away_until}
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.merging():
            services.update_profile(actor=me, profile=ProfileText(**form.given()), idempotency_key=form.key)
            tell(request, Text("プロフィールを保存しました。", "Your profile is saved."))
            return redirect("my.profile")
    return render(
        request,
        "members/edit.html",
        {
            "form": form,
            "me": me,
            "can_edit": explain(gates.EDIT_PROFILE, me),
            "given": password_section(request),
        },
        status=form.status,
    )
