"""Signing in by a link from a mail: no password, and no other service that could die (A029)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, limits, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import network_of
from kotowari.accounts.links import Fate, owner_by_sign_in
from kotowari.accounts.names import email_problems, folded
from kotowari.accounts.sessions import REMEMBER
from kotowari.foundation import policy
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import Blocker, Decision, Remedy
from kotowari.kernel.text import Text, language
from kotowari.web import fields
from kotowari.web.external_login import let_in
from kotowari.web.forms import KotowariForm
from kotowari.web.refusals import refuse_on_page, told_when
from kotowari.web.screens import render, screen, see
from kotowari.web.sign_in import AFTER_SIGN_IN

SESSION_KEY = "sign_in_link"
HIDDEN = "go"
"""Stands in the address instead of the secret part of the link once that is kept in the session."""


class AskLinkForm(KotowariForm):
    """A registered address, and nothing else."""

    email = fields.EmailField(
        Text("登録したメールアドレス", "The address you signed up with"), autocomplete="username email"
    )


@screen(
    "sign_in_link",
    path="login/by-mail/",
    title=Text("メールのリンクでログイン", "Sign in by a link from a mail"),
    actions=[gates.ASK_SIGN_IN_LINK],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for the address and nothing else; the answer is the same for every address."""
    form = AskLinkForm(request.POST if request.method == "POST" else None)
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            with form.merging():
                if problems := email_problems(folded(email)):
                    raise InputError({"email": problems})
                limits.count_sign_in_link(email=email, network=network_of(request))
                services.ask_sign_in_link(actor=VISITOR, email=email, language=language.get())
                return see("/login/by-mail/sent/")
        except Refused as refused:
            decision = refused.decision
    status = decision.status if decision else form.status
    response = render(request, "account/mail_link.html", {"form": form, "decision": decision}, status=status)
    return told_when(response, decision)


@screen(
    "sign_in_link_sent",
    path="login/by-mail/sent/",
    title=Text("メールをご確認ください", "Please look into your mail"),
    actions=[gates.ASK_SIGN_IN_LINK],
    parent="sign_in_link",
)
def sent(request: HttpRequest) -> HttpResponse:
    """The neutral answer, with what to try when no mail comes."""
    return render(request, "account/mail_link_sent.html", {"minutes": policy.value("accounts.sign_in_link_minutes")})


@screen(
    "sign_in_link_open",
    path="login/by-mail/<str:key>/",
    title=Text("メールのリンクでログイン", "Sign in by a link from a mail"),
    actions=[gates.SIGN_IN],
    methods=["GET", "POST"],
    parent="sign_in_link",
)
@never_cache
def open_link(request: HttpRequest, key: str) -> HttpResponse:
    """The page that the link opens; it signs in at a press, so that no scanner of mails uses the link up. The secret
    moves to the session first, so that no address bar keeps it."""
    if key != HIDDEN and request.method == "GET" and owner_by_sign_in(key)[1] is Fate.GOOD:
        request.session[SESSION_KEY] = key
        return see(f"/login/by-mail/{HIDDEN}/")
    member, fate, then = owner_by_sign_in(request.session.get(SESSION_KEY, "") if key == HIDDEN else key)
    if member is None or key != HIDDEN or fate is not Fate.GOOD:
        return _dead_link(request, fate)
    if request.method == "GET":
        return render(request, "account/mail_link_open.html", {"username": member.username})
    request.session.pop(SESSION_KEY, None)
    request.session[REMEMBER] = False
    return let_in(request, member, "mail", then=then or AFTER_SIGN_IN)


def _dead_link(request: HttpRequest, fate: Fate) -> HttpResponse:
    """Each link says what became of it, and offers a new one."""
    return refuse_on_page(
        request,
        gates.ASK_SIGN_IN_LINK,
        Blocker(
            code=f"link_{fate.value}",
            reason=_DEAD[fate].format(minutes=policy.value("accounts.sign_in_link_minutes")),
            rule="A029",
            resolved_by="you",
            remedy=Remedy(Text("新しいリンクを送る", "Send a new link"), "/login/by-mail/"),
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
