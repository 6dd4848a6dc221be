"""本人であることを確かめる: shown before the keys of an account are touched, and leading back to where it was asked."""

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import factor_words, gates, limits, passkeys, phones, second_factor, selectors, services, sms
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import Factor, Member
from kotowari.accounts.services.sent_codes import PROOF
from kotowari.accounts.sessions import PROVED_AT
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Decision, explain
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.factor_forms import CodeForm, PasskeyForm, PasswordForm
from kotowari.web.forms import KotowariForm
from kotowari.web.passkey_asking import ask, asked_before
from kotowari.web.refusals import told_when
from kotowari.web.screens import exists, render, screen, see
from kotowari.web.second_factor import code_sent

ADDRESS = "/login/again/"
AFTERWARDS = "/my/settings/login/"
FORMS: dict[str, type[KotowariForm]] = {
    "passkey": PasskeyForm,
    "password": PasswordForm,
    "totp": CodeForm,
    "sms": CodeForm,
    "mail": CodeForm,
}
"""What a member may prove with, by kind, in the order in which it is offered."""


@screen(
    "account_prove",
    path="login/again/",
    title=Text("本人であることの確認", "Show that it is you"),
    actions=[gates.PROVE_AGAIN],
    methods=["GET", "POST"],
    parent="my_settings_login",
    members_only=True,
)
@sensitive_post_parameters("password.password", "totp.code", "sms.code", "mail.code")
@never_cache
def prove(request: HttpRequest) -> HttpResponse:
    """Every way the member has, each enough by itself (ASVS 7.5.1); then back to where it was asked for."""
    member = current.me()
    kind = request.POST.get("kind", "") if request.method == "POST" else ""
    decision: Decision | None = None
    form: KotowariForm | None = None
    if kind in FORMS:
        form = FORMS[kind](request.POST, prefix=kind)
        if form.is_valid():
            try:
                _prove(request, member, kind, form)
                return _proved(request)
            except Refused as refused:
                decision = refused.decision
    return _page(request, member, form, decision)


@screen(
    "account_prove_send",
    path="login/again/send/",
    title=Text("確認のコードを送る", "Send a code for the proof"),
    actions=[gates.SEND_PROOF_CODE, gates.SEND_FACTOR_CODE],
    methods=["POST"],
    parent="account_prove",
    members_only=True,
)
@never_cache
def send(request: HttpRequest) -> HttpResponse:
    """A code to one of my telephones or, when I have nothing else, to my address."""
    member, kind = current.me(), "sms" if request.POST.get("factor") else "mail"
    try:
        if kind == "sms":
            factor = selectors.telephone_of(member, request.POST["factor"])
            second_factor.send_code(member, factor=factor, purpose=PROOF, caller=caller_of(request))
            words = code_sent(factor)
        else:
            limits.count_proof_mail(member.pk)
            services.send_proof_code(actor=member)
            words = Text("登録されたメールアドレスにコードを送りました。", "A code is on its way to your address.")
    except Refused as refused:
        return _page(request, member, None, refused.decision)
    messages.success(request, str(words))
    return see(f"{ADDRESS}?{urlencode({'next': afterwards(request)})}#{kind}")


def afterwards(request: HttpRequest) -> str:
    """Where the proof was asked for: said by the address or the form, else the page that led here; a page of ours."""
    given = request.POST.get("next") or request.GET.get("next") or _came_from(request)
    if not url_has_allowed_host_and_scheme(given, allowed_hosts=None) or not exists(given):
        return AFTERWARDS
    return given


def _came_from(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or parts.path.startswith(ADDRESS):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _prove(request: HttpRequest, member: Member, kind: str, form: KotowariForm) -> None:
    """Take the proof. Raises `Refused`."""
    given = form.cleaned_data
    if kind == "password":
        second_factor.prove_by_password(member, password=given["password"], caller=caller_of(request))
    elif kind == "passkey":
        second_factor.prove_by_passkey(
            member, state=asked_before(request, PROOF), answer=second_factor.passkey_answer(given["answer"])
        )
    else:
        second_factor.prove_by_code(member, kind=kind, typed=given["code"])


def _proved(request: HttpRequest) -> HttpResponse:
    """Remember it in this session, which gets a new key: nobody who knew the old one gains by it."""
    request.session.cycle_key()
    request.session[PROVED_AT] = clock.now().isoformat()
    words = Text("本人であることを確かめました。続けて操作できます。", "Thank you, it is you. You can go on.")
    messages.success(request, str(words))
    return see(afterwards(request))


def _page(request: HttpRequest, member: Member, bound: KotowariForm | None, decision: Decision | None) -> HttpResponse:
    factors = list(selectors.factors_of(member.pk))
    by_mail = explain(gates.SEND_PROOF_CODE, member)
    has = {each.kind for each in factors}
    has |= {"password"} if selectors.has_password(member) else set()
    has |= {"mail"} if by_mail.allowed else set()
    kinds = [kind for kind in FORMS if kind in has]
    own_passkeys = [each for each in factors if each.kind == Factor.Kind.PASSKEY]
    response = render(
        request,
        "account/prove_again.html",
        {
            "forms": {k: bound if bound and bound.prefix == k else FORMS[k](prefix=k) for k in kinds},
            "asking": ask(request, PROOF, passkeys.ask(own_passkeys)) if own_passkeys else None,
            "telephones": [(each, phones.masked(each.secret or "")) for each in factors if each.kind == "sms"],
            "texts_offered": sms.is_offered(),
            "kinds": factor_words.KINDS,
            "by_mail": by_mail,
            "decision": decision,
            "minutes": policy.value("accounts.proof_minutes"),
            "next": afterwards(request),
        },
        status=decision.status if decision else bound.status if bound else 200,
    )
    return told_when(response, decision)
