"""What staff do to a member's account: unlock, freeze, lift, require a new password, sign out everywhere.

Each says beforehand what will happen and what the member will read; each is told to the member and recorded.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts import gates, mails, services
from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.restrictions import CAUSES
from kotowari.console.account_card import STAFF_CAUSES, can_freeze, scope_words
from kotowari.console.pages import staff_screen
from kotowari.foundation import policy, subjects
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web.fields import ChoiceField, LongTextField, NumberField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell


class FreezeForm(KotowariForm):
    """Why, with which facts, and for how long."""

    cause = ChoiceField(
        Text("理由", "Cause"),
        choices=[(code, cause.title) for code, cause in STAFF_CAUSES.items()],
        as_list=False,
    )
    explanation = LongTextField(
        Text("確認された事実", "The facts"),
        hint=Text(
            "いつ・何が・どの規約に触れたのか。本人がこのまま読みます。ほかの会員の個人情報は書かないでください。",
            "What happened, when, and which term it breaks. The member reads this as it is: no personal data of others.",
        ),
        max_length=2_000,
        rows=5,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = policy.value("accounts.freeze_days_max")
        self.fields["until"] = NumberField(
            Text("日数", "Days"),
            minimum=1,
            maximum=most,
            unit=Text("日", "days"),
            hint=Text(
                "{most}日まで。この日数がたつと自動で終わります。", "At most {most}; it then ends by itself."
            ).format(most=most),
        )


class BecauseForm(KotowariForm):
    """A reason that the member reads."""

    because = LongTextField(
        Text("理由", "Why"),
        hint=Text("本人がこのまま読みます。", "The member reads this as it is."),
        max_length=500,
        rows=3,
    )


@staff_screen(
    "console.member.freeze",
    path="members/<uuid:member_id>/freeze/",
    title=Text("アカウントを凍結する", "Freeze an account"),
    actions=[gates.RESTRICT],
    parent="console.member",
    methods=["GET", "POST"],
)
def freeze(request: HttpRequest, staff: Member, member_id: UUID) -> HttpResponse:
    """The cause and its facts, then what the member will read, then the freeze itself."""
    member = _member(staff, member_id)
    form = FreezeForm(request.POST if request.method == "POST" else None)
    preview: tuple[Text, Text] | None = None
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        given["until"] = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=given["until"])
        if "confirmed" in request.POST:
            with form.merging():
                services.restrict(actor=staff, member_id=member.pk, **given, idempotency_key=form.key)
                tell(request, Text("凍結しました。本人に知らせました。", "Frozen; the member has been told."))
                return _back(request, staff, member)
        elif "edit" not in request.POST:
            preview = _preview(member, **given)
    context = {"member_seen": member, "form": form, "decision": can_freeze(staff, member), "preview": preview}
    return render(request, "console/freeze.html", {**context, "case": _case(request)}, status=form.status)


@staff_screen(
    "console.restriction.lift",
    path="restrictions/<uuid:restriction_id>/lift/",
    title=Text("制限を解除する", "Lift a restriction"),
    actions=[gates.LIFT],
    parent="console.members",
    methods=["GET", "POST"],
)
def lift(request: HttpRequest, staff: Member, restriction_id: UUID) -> HttpResponse:
    """One restriction as it stands, and the reason why it ends."""
    row: Restriction = subjects.load("accounts.restriction", str(restriction_id), actor=staff)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.merging():
            services.lift(actor=staff, restriction_id=row.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("解除しました。本人に知らせました。", "Lifted; the member has been told."))
            return redirect("console.member", member_id=row.member_id)
    context = {"row": row, "cause": CAUSES[row.cause], "scope": scope_words(row), "form": form}
    return render(
        request, "console/lift.html", {**context, "decision": explain(gates.LIFT, staff, row)}, status=form.status
    )


@staff_screen(
    "console.lock.end",
    path="locks/<uuid:lock_id>/end/",
    title=Text("ロックを解く", "End a lock"),
    actions=[gates.UNLOCK],
    parent="console.members",
    methods=["POST"],
)
def unlock(request: HttpRequest, staff: Member, lock_id: UUID) -> HttpResponse:
    """End a lock now (A016)."""
    row = services.end_lock(actor=staff, lock_id=lock_id, by="staff", idempotency_key=posted_key(request.POST))
    tell(request, Text("ロックを解きました。本人に知らせました。", "The lock is ended; the member has been told."))
    return redirect("console.member", member_id=row.member_id)


@staff_screen(
    "console.member.force_password",
    path="members/<uuid:member_id>/new-password/",
    title=Text("新しいパスワードを求める", "Require a new password"),
    actions=[gates.FORCE_PASSWORD],
    parent="console.member",
    methods=["GET", "POST"],
)
def force_password(request: HttpRequest, staff: Member, member_id: UUID) -> HttpResponse:
    """The password so far opens nothing any more; the member sets a new one by mail."""
    member = _member(staff, member_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.merging():
            services.force_new_password(actor=staff, member_id=member.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(
                request,
                Text(
                    "いままでのパスワードを使えなくしました。本人に知らせました。",
                    "The password is void; the member has been told.",
                ),
            )
            return _back(request, staff, member)
    context = {"member_seen": member, "form": form, "case": _case(request)}
    decision = explain(gates.FORCE_PASSWORD, staff, member)
    return render(request, "console/force_password.html", {**context, "decision": decision}, status=form.status)


@staff_screen(
    "console.member.end_sessions",
    path="members/<uuid:member_id>/end-sessions/",
    title=Text("すべての端末からログアウトさせる", "Sign a member out everywhere"),
    actions=[gates.END_SESSIONS],
    parent="console.member",
    methods=["POST"],
)
def end_sessions(request: HttpRequest, staff: Member, member_id: UUID) -> HttpResponse:
    """Every session ends now."""
    services.end_sessions_for(actor=staff, member_id=member_id, idempotency_key=posted_key(request.POST))
    tell(request, Text("ログアウトさせました。本人に知らせました。", "Signed out; the member has been told."))
    return redirect("console.member", member_id=member_id)


def _member(staff: Member, member_id: UUID) -> Member:
    found: Member = subjects.load("accounts.member", str(member_id), actor=staff)
    return found


def _preview(member: Member, *, cause: str, explanation: str, until: Any) -> tuple[Text, Text]:
    """What the member would read; the address in it is made when it is sent."""
    row = Restriction(member=member, cause=cause, scope=list(CAUSES[cause].scope), explanation=explanation, until=until)
    return mails.restricted(row, appeal_url=str(Text("(異議申立てのページ)", "(the page for contesting it)")))


def _case(request: HttpRequest) -> str:
    """The matter of risk that led here, if one did."""
    return (request.POST.get("case") or request.GET.get("case") or "")[:36]


def _back(request: HttpRequest, staff: Member, member: Member) -> HttpResponse:
    """To the matter that led here, else to the member."""
    try:
        case = subjects.load("accounts.riskcase", _case(request), actor=staff)
    except NotVisible:
        return redirect("console.member", member_id=member.pk)
    return redirect("console.risk", case_id=case.pk)
