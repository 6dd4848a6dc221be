"""仕事: searching, one job with its proposals, posting, closing, proposing and declining."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.contracts.gates import HIRE
from kotowari.foundation import subjects
from kotowari.kernel import gates as kernel_gates
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import Decision, decide_many, explain
from kotowari.kernel.text import Text
from kotowari.market import gates, menus, selectors, services
from kotowari.market.models import Job, Proposal
from kotowari.market.pay import pay_of
from kotowari.market.postings import Posting
from kotowari.market.services import ProposedMilestone
from kotowari.payouts.gates import BE_PAID
from kotowari.pricing import PricingTerms
from kotowari.web import current, rows
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.job_forms import DeclineForm, PartForm, PostingForm, ProposalForm
from kotowari.web.paging import Page
from kotowari.web.rows import Rows
from kotowari.web.screens import redirect, render, screen, tell

PAGE_SIZE = 20


@screen("jobs", path="jobs/", title=Text("仕事を探す", "Find work"), actions=[gates.SEARCH_JOBS])
def jobs(request: HttpRequest) -> HttpResponse:
    """Open jobs, newest first, with what each brings the worker."""
    asked = request.GET
    minimum = "".join(c for c in asked.get("min_yen", "") if c.isdecimal())[:10]
    found = selectors.search_jobs(
        current.member_of(request),
        query=asked.get("q", "")[:200],
        category=asked.get("category", "")[:30],
        group=asked.get("group", "")[:30],
        kind=asked.get("kind", "")[:20],
        min_yen=int(minimum or 0),
        stays_inside=asked.get("stays_inside") == "on",
        cursor=asked.get("after", "")[:60],
        limit=PAGE_SIZE,
    )
    filters = ("q", "category", "group", "min_yen", "stays_inside")
    return render(
        request,
        "jobs/list.html",
        {
            "page": Page(found.cards, found.next_cursor, is_first=not asked.get("after")),
            "groups": selectors.categories_by_group(),
            "asked": {name: asked.get(name, "") for name in filters},
            "filtered": sum(bool(asked.get(name)) for name in filters[1:]),
        },
    )


@screen(
    "job",
    path="jobs/<uuid:job_id>/",
    title=Text("仕事", "Job"),
    actions=[gates.SEE_JOB, BE_PAID],
    parent="jobs",
)
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """A job: terms at a glance, text, the client's record, and what the reader can do."""
    return _job_page(request, job_id)


def _job_page(
    request: HttpRequest,
    job_id: UUID,
    *,
    proposing: tuple[KotowariForm, Rows] | None = None,
    declining: tuple[UUID, DeclineForm] | None = None,
) -> HttpResponse:
    me = current.member_of(request)
    row: Job = subjects.load("market.job", str(job_id), actor=me)
    kernel_gates.require(gates.SEE_JOB, me, row)
    is_mine = me is not None and row.client_id == me.pk
    proposals = list(selectors.proposals_visible_to(me).filter(job=row)[:100]) if me else []
    form, parts = proposing or (ProposalForm(), Rows("milestones", PartForm, request))
    wrong = bool(form.errors or parts.wrong_count or (declining and declining[1].errors))
    return render(
        request,
        "jobs/detail.html",
        {
            "job": row,
            "is_mine": is_mine,
            "pay": pay_of(row, PricingTerms.in_force()),
            "record": selectors.client_records([row.client_id], with_answers=True).get(row.client_id, None),
            "counts": selectors.proposal_counts(row),
            "can_propose": explain(gates.SEND_PROPOSAL, me, row),
            "can_be_paid": explain(BE_PAID, me) if me and not is_mine and not me.is_staff else None,
            "can_close": explain(gates.CLOSE_JOB, me, row),
            "proposals": _with_decisions(me, proposals),
            "away": selectors.away_among([row.client_id, *(p.worker_id for p in proposals)]) if proposals else {},
            "form": form,
            "parts": parts,
            "is_proposing": proposing is not None,
            "decline_forms": {p.pk: DeclineForm(auto_id=f"f-{p.pk}-%s") for p in proposals}
            | dict([declining] if declining else []),
            "menus": menus,
        },
        status=422 if wrong else 200,
    )


def _with_decisions(me: Any, proposals: list[Proposal]) -> list[tuple[Proposal, dict[str, Decision]]]:
    asked = {"hire": HIRE, "decline": gates.DECLINE_PROPOSAL, "withdraw": gates.WITHDRAW_PROPOSAL}
    answers = {name: decide_many(action, me, proposals) for name, action in asked.items()}
    return [(row, {name: answers[name][n] for name in asked}) for n, row in enumerate(proposals)]


@screen(
    "job.new",
    path="jobs/new/",
    title=Text("仕事を依頼する", "Post a job"),
    actions=[gates.POST_JOB],
    parent="jobs",
    methods=["GET", "POST"],
    members_only=True,
)
def new_job(request: HttpRequest) -> HttpResponse:
    """Post a job with all its facts and terms; those of the last posting are filled in."""
    me = current.me()
    form = PostingForm(request.POST) if request.method == "POST" else PostingForm(initial=_last_terms(me))
    if request.method == "POST" and form.is_valid():
        with form.merging():
            made = services.post_job(actor=me, posting=Posting(**form.given()), idempotency_key=form.key)
            tell(request, Text("仕事を募集しました。", "Your job is posted."))
            return redirect("job", job_id=made.pk)
    return render(request, "jobs/new.html", {"form": form, "can_post": explain(gates.POST_JOB, me)}, status=form.status)


def _last_terms(me: Member) -> dict[str, Any]:
    """What the client said in the last posting, as the form says it."""
    last = selectors.posting_defaults(me)
    return {name: ("yes" if value else "no") if isinstance(value, bool) else value for name, value in last.items()}


@screen(
    "job.close",
    path="jobs/<uuid:job_id>/close/",
    title=Text("募集を終了する", "Close the job"),
    actions=[gates.CLOSE_JOB],
    parent="job",
    methods=["POST"],
    members_only=True,
)
def close_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """End a posting for good."""
    services.close_job(actor=current.member_of(request), job_id=job_id, idempotency_key=posted_key(request.POST))
    tell(
        request,
        Text("募集を終了しました。待っていた応募者には理由とともに伝えます。", "Closed. Whoever waited is told why."),
    )
    return redirect("job", job_id=job_id)


@screen(
    "job.propose",
    path="jobs/<uuid:job_id>/propose/",
    title=Text("応募する", "Send a proposal"),
    actions=[gates.SEND_PROPOSAL],
    parent="job",
    methods=["POST"],
    members_only=True,
)
def propose(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Answer a job with a message, parts and prices."""
    form = rows.read(ProposalForm, request)
    parts = Rows("milestones", PartForm, request)
    if not rows.pressed(request.POST) and form.is_valid() & parts.is_valid():
        try:
            services.send_proposal(
                actor=current.member(),
                job_id=job_id,
                message=form.cleaned_data["message"],
                milestones=[ProposedMilestone(**part) for part in parts.cleaned],
                idempotency_key=form.key,
            )
            tell(
                request,
                Text("応募しました。返事の期限は下に表示されます。", "Sent. The client's deadline stands below."),
            )
            return redirect("job", job_id=job_id)
        except InputError as problem:
            rest = parts.merge(problem)
            if rest:
                form.merge(rest)
    return _job_page(request, job_id, proposing=(form, parts))


@screen(
    "proposal.withdraw",
    path="proposals/<uuid:proposal_id>/withdraw/",
    title=Text("応募を取り下げる", "Withdraw the proposal"),
    actions=[gates.WITHDRAW_PROPOSAL],
    parent="jobs",
    methods=["POST"],
    members_only=True,
)
def withdraw(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Take one's proposal back."""
    row = subjects.load("market.proposal", str(proposal_id), actor=current.member_of(request))
    services.withdraw_proposal(
        actor=current.member_of(request), proposal_id=row.pk, idempotency_key=posted_key(request.POST)
    )
    tell(request, Text("応募を取り下げました。", "Your proposal is withdrawn."))
    return redirect("job", job_id=row.job_id)


@screen(
    "proposal.decline",
    path="proposals/<uuid:proposal_id>/decline/",
    title=Text("見送る", "Decline the proposal"),
    actions=[gates.DECLINE_PROPOSAL],
    parent="jobs",
    methods=["POST"],
    members_only=True,
)
def decline(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Decline a proposal with its reason."""
    row = subjects.load("market.proposal", str(proposal_id), actor=current.member_of(request))
    form = DeclineForm(request.POST, auto_id=f"f-{row.pk}-%s")
    if form.is_valid():
        with form.merging():
            services.decline_proposal(
                actor=current.member_of(request),
                proposal_id=row.pk,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                idempotency_key=form.key,
            )
            tell(request, Text("見送りました。理由は応募者に伝わります。", "Declined; the worker is told why."))
            return redirect("job", job_id=row.job_id)
    return _job_page(request, row.job_id, declining=(row.pk, form))
