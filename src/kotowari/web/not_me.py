"""The link in the notice of a new device: what happened, and one button that protects the account without signing in."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, services
from kotowari.accounts.links import Fate, record_by_not_me
from kotowari.foundation import policy
from kotowari.kernel.gates import Blocker, explain
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.devices import in_words
from kotowari.web.gates import READ
from kotowari.web.refusals import refuse_on_page
from kotowari.web.screens import redirect, render, screen


@screen(
    "security_check.not_me",
    path="my/security-check/not-me/<str:token>/",
    title=Text("このログインはあなたですか", "Was this you?"),
    actions=[gates.REPORT_NOT_ME],
    methods=["GET", "POST"],
)
@never_cache
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it shows the device, the time and the network, and changes nothing: mail scanners open links, too."""
    record, fate = record_by_not_me(token)
    if record is None or record.member is None or fate in (Fate.BROKEN, Fate.EXPIRED):
        return _dead(request, fate)
    if request.method == "POST":
        is_here = current.member_of(request) == record.member
        services.report_not_me(actor=record.member, record_id=record.pk)
        if is_here:
            logout(request)
        return redirect("security_check.protected")
    label, network, way, _ = in_words(record)
    return render(
        request,
        "account/not_me.html",
        {
            "at": record.at,
            "label": label,
            "network": network,
            "way": way,
            "is_covered": fate is Fate.USED,
            "decision": explain(gates.REPORT_NOT_ME, record.member),
        },
    )


@screen(
    "security_check.protected",
    path="my/security-check/protected/",
    title=Text("アカウントを保護しました", "The account is protected"),
    actions=[READ],
)
@never_cache
def protected(request: HttpRequest) -> HttpResponse:
    """What was done and what comes next, the same for everybody: it tells nothing of any account."""
    return render(
        request,
        "account/protected.html",
        {"days": policy.value("accounts.hold_days"), "minutes": policy.value("accounts.reset_link_minutes")},
    )


def _dead(request: HttpRequest, fate: Fate) -> HttpResponse:
    words = _BROKEN if fate is Fate.BROKEN else _EXPIRED.format(days=policy.value("accounts.not_me_link_days"))
    return refuse_on_page(
        request,
        gates.REPORT_NOT_ME,
        Blocker(
            code=f"link_{fate.value}",
            reason=words,
            rule="A120",
            resolved_by="you",
            remedy=gates.TO_SECURITY_CHECK,
        ),
    )


_EXPIRED = Text(
    "このリンクの期限({days}日)が過ぎました。ログインすると、セキュリティ点検のページからいつでも同じことができます。ログイン"
    "できないときは、パスワードの再設定かお問い合わせへお進みください。",
    "This link has expired: it works for {days} days. Signed in, you can do the same on the security check page at any "
    "time. If you cannot sign in, set a new password or contact us.",
)
_BROKEN = Text(
    "このリンクは途中で切れているか、このサイトのものではありません。メールのリンクの全体をお使いください。",
    "This link was cut off or is not one of ours. Please use all of the link in the mail.",
)
