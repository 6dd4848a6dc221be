"""When signing in does not work: what to check in which order, and the reason by mail to the registered address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, limits, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import network_of
from kotowari.accounts.gates import UNLOCK
from kotowari.accounts.mails import lock_in
from kotowari.accounts.models import Lock
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, Decision, explain
from kotowari.kernel.text import Text, language
from kotowari.web.account_forms import AskWhyForm
from kotowari.web.refusals import refuse_on_page, told_when
from kotowari.web.screens import redirect, render, screen, see, tell


@screen(
    "cannot_log_in",
    path="help/cannot-log-in/",
    title=Text("ログインできないとき", "When you cannot sign in"),
    actions=[gates.ASK_WHY],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The order of A013: connection, what was typed, a new password, and whoever can look into the account."""
    form = AskWhyForm(request.POST if request.method == "POST" else None)
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        login = form.cleaned_data["login"]
        try:
            with form.merging():
                services.check_login(login)
                limits.count_reason(login=login, network=network_of(request))
                services.ask_why(actor=VISITOR, login=login, language=language.get())
                return redirect("cannot_log_in.sent")
        except Refused as refused:
            decision = refused.decision
    status = decision.status if decision else form.status
    page = render(request, "account/cannot_log_in.html", {"form": form, "decision": decision}, status=status)
    return told_when(page, decision)


@screen(
    "cannot_log_in.sent",
    path="help/cannot-log-in/sent/",
    title=Text("メールをご確認ください", "Please look into your mail"),
    actions=[gates.ASK_WHY],
    parent="cannot_log_in",
)
def sent(request: HttpRequest) -> HttpResponse:
    """The neutral answer: the same whether or not there is such an account."""
    return render(request, "account/reason_sent.html")


@screen(
    "account_unlock",
    path="login/unlock/<str:token>/",
    title=Text("ロックを解く", "End the lock"),
    actions=[UNLOCK],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def unlock(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the link in the mail of a lock opens; pressing the button ends it, opening the page does not."""
    lock_id = lock_in(token)
    row = Lock.objects.select_related("member").filter(pk=lock_id).first() if lock_id else None
    if row is None:
        return refuse_on_page(request, UNLOCK, _BROKEN)
    if request.method == "POST":
        services.end_lock(actor=SYSTEM, lock_id=row.pk, by="link")
        tell(request, Text("ロックを解きました。ログインしてください。", "The lock has ended. Please sign in."))
        return see("/login/")
    decision = explain(UNLOCK, SYSTEM, row)
    return render(request, "account/unlock.html", {"decision": decision, "lock": row}, status=decision.status)


_BROKEN = Blocker(
    code="link_broken",
    reason=Text(
        "このリンクは途中で切れているか、このサイトのものではありません。メールのリンクの全体をお使いください。",
        "This link was cut off or is not one of ours. Please use all of the link in the mail.",
    ),
    rule="A017",
    resolved_by="you",
    remedy=gates.TO_DIAGNOSIS,
)
