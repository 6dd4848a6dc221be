"""A new password for whoever can read the registered mail (A021–A024)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import gates, limits, services, tries
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import caller_of, network_of
from kotowari.accounts.links import Fate, owner_by_reset
from kotowari.accounts.names import email_problems
from kotowari.foundation import policy
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import Blocker, Decision, Remedy, explain
from kotowari.kernel.text import Text, language
from kotowari.web import current
from kotowari.web.account_forms import AskResetForm, NewPasswordForm
from kotowari.web.refusals import refuse_on_page, told_when
from kotowari.web.screens import render, screen, see

SESSION_KEY = "reset_link"
HIDDEN = "new"
"""Stands in the address instead of the secret part of the link once that is kept in the session."""


@screen(
    "account_reset_password",
    path="password/reset/",
    title=Text("パスワード再設定", "Set a new password"),
    actions=[gates.ASK_RESET],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for the address and nothing else; the answer is the same for every address."""
    member = current.member_of(request)
    form = AskResetForm(
        request.POST if request.method == "POST" else None, initial={"email": member.email if member else ""}
    )
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            with form.merging():
                if problems := email_problems(email):
                    raise InputError({"email": problems})
                limits.count_reset(email=email, network=network_of(request))
                services.ask_password_reset(actor=VISITOR, email=email, language=language.get())
                return see("/password/reset/sent/")
        except Refused as refused:
            decision = refused.decision
    status = decision.status if decision else form.status
    return told_when(
        render(request, "account/reset.html", {"form": form, "decision": decision}, status=status), decision
    )


@screen(
    "account_reset_password_done",
    path="password/reset/sent/",
    title=Text("メールをご確認ください", "Please look into your mail"),
    actions=[gates.ASK_RESET],
    parent="account_reset_password",
)
def sent(request: HttpRequest) -> HttpResponse:
    """The neutral answer, with what to try when no mail comes (A023)."""
    return render(request, "account/reset_sent.html", {"minutes": policy.value("accounts.reset_link_minutes")})


@screen(
    "account_reset_password_from_key",
    path="password/reset/<str:key>/",
    title=Text("新しいパスワード", "New password"),
    actions=[gates.SET_PASSWORD],
    methods=["GET", "POST"],
    parent="account_reset_password",
)
@sensitive_post_parameters("password", "password_again")
@never_cache
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """The page that the link opens. The secret moves to the session first, so that no address bar keeps it."""
    if key != HIDDEN and request.method == "GET" and owner_by_reset(key)[1] is Fate.GOOD:
        request.session[SESSION_KEY] = key
        return see(f"/password/reset/{HIDDEN}/")
    member, fate = owner_by_reset(request.session.get(SESSION_KEY, "") if key == HIDDEN else key)
    if member is None or key != HIDDEN or fate is not Fate.GOOD:
        return _dead_link(request, fate)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, owner=member)
    decision = explain(gates.SET_PASSWORD, member)
    if decision.allowed and form.is_bound and form.is_valid():
        with form.merging():
            services.set_password(actor=member, password=form.cleaned_data["password"])
            tries.forget(member, caller_of(request))
            request.session.flush()  # somebody signed in here was signed out with everybody else
            words = Text(
                "新しいパスワードを設定しました。ログインしてください。", "Your new password is set. Please sign in."
            )
            messages.success(request, str(words))
            return see("/login/")
    status = form.status if decision.allowed else decision.status
    context = {"form": form, "decision": decision, "username": member.username}
    return render(request, "account/new_password.html", context, status=status)


def _dead_link(request: HttpRequest, fate: Fate) -> HttpResponse:
    """Each link says what became of it, and offers a new one."""
    words = _DEAD[fate].format(minutes=policy.value("accounts.reset_link_minutes"))
    return refuse_on_page(
        request,
        gates.SET_PASSWORD,
        Blocker(
            code=f"link_{fate.value}",
            reason=words,
            rule="A022",
            resolved_by="you",
            remedy=Remedy(Text("新しいリンクを送る", "Send a new link"), "/password/reset/"),
        ),
    )


_DEAD = {
    Fate.EXPIRED: Text(
        "このリンクの期限({minutes}分)が過ぎました。新しいリンクをお送りします。",
        "This link has expired: it works for {minutes} minutes. A new one can be sent.",
    ),
    Fate.USED: Text(
        "このリンクはもう使えません。すでに使われたか、そのあとでログインや設定の変更がありました。",
        "This link is over: it was used already, or somebody signed in or changed something since.",
    ),
    Fate.BROKEN: Text(
        "このリンクは途中で切れているか、このサイトのものではありません。メールのリンクの全体をお使いください。",
        "This link was cut off or is not one of ours. Please use all of the link in the mail.",
    ),
    Fate.GOOD: Text(
        "このリンクは、メールから開いたブラウザでだけ使えます。メールのリンクをもう一度開いてください。",
        "Please open the link in the mail again, in this browser.",
    ),
}
