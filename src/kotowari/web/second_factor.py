"""The second step of signing in."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import factor_words, gates, passkeys, phones, second_factor, selectors, services, sms, stages
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import Factor, Member
from kotowari.accounts.services.sent_codes import SIGN_IN
from kotowari.accounts.sessions import DEVICE
from kotowari.accounts.stages import SecondFactorStage
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, Decision
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.factor_forms import AppForm, PasskeyForm, RecoveryCodeForm, SmsForm
from kotowari.web.forms import KotowariForm
from kotowari.web.passkey_asking import ask, asked_before
from kotowari.web.refusals import refuse_on_page, told_when
from kotowari.web.screens import render, screen, see

ADDRESS = "/login/second-factor/"
FORMS: dict[str, type[KotowariForm]] = {
    "passkey": PasskeyForm,
    "totp": AppForm,
    "sms": SmsForm,
    "recovery": RecoveryCodeForm,
}
"""What can be shown here, by kind, in the order in which it is offered."""


@screen(
    "account_second_factor",
    path="login/second-factor/",
    title=Text("二段階認証", "Second factor"),
    actions=[gates.SHOW_FACTOR, gates.SIGN_IN],
    methods=["GET", "POST"],
    parent="account_login",
)
@sensitive_post_parameters("totp.code", "sms.code", "recovery.code")
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Each way the member has; whoever lost them all finds the way on here as well (A114)."""
    stage = stages.waiting(request)
    if stage is None:
        return see("/my/") if current.member_of(request) else _nothing_waits(request)
    kind = request.POST.get("kind", "") if request.method == "POST" else ""
    decision: Decision | None = None
    form: KotowariForm | None = None
    if kind in FORMS:
        form = FORMS[kind](request.POST, prefix=kind)
        if form.is_valid():
            try:
                return _let_in(request, stage, kind, form)
            except Refused as refused:
                decision = refused.decision
    return _page(request, stage.login.user, form, decision)


@screen(
    "account_second_factor_send",
    path="login/second-factor/send/",
    title=Text("SMSでコードを送る", "Send a code by text message"),
    actions=[gates.SEND_FACTOR_CODE],
    methods=["POST"],
    parent="account_second_factor",
)
@never_cache
def send(request: HttpRequest) -> HttpResponse:
    """A code to one of the telephones of whoever is signing in."""
    stage = stages.waiting(request)
    if stage is None:
        return _nothing_waits(request)
    member = stage.login.user
    factor = selectors.telephone_of(member, request.POST.get("factor", ""))
    try:
        second_factor.send_code(member, factor=factor, purpose=SIGN_IN, caller=caller_of(request))
    except Refused as refused:
        return _page(request, member, None, refused.decision)
    messages.success(request, str(code_sent(factor)))
    return see(f"{ADDRESS}#sms")


def code_sent(factor: Factor) -> Text:
    """What is said when a code is on its way to a telephone."""
    return Text(
        "{number}の電話にコードを送りました。届くまで1分ほどかかることがあります。",
        "A code is on its way to {number}. It may take a minute.",
    ).format(number=phones.masked(factor.secret or ""))


def _let_in(request: HttpRequest, stage: SecondFactorStage, kind: str, form: KotowariForm) -> HttpResponse:
    """Take what was shown, then the gate, then the session. Raises `Refused`."""
    member, caller = stage.login.user, caller_of(request)
    if kind == "passkey":
        second_factor.by_passkey(
            member,
            state=asked_before(request, SIGN_IN),
            answer=second_factor.passkey_answer(form.cleaned_data["answer"]),
            caller=caller,
        )
    else:
        second_factor.by_code(member, kind=kind, typed=form.cleaned_data["code"], caller=caller)
    with transaction.atomic():
        response = stage.passed(kind)
        if form.cleaned_data.get("trust"):
            services.trust_device(actor=member, device_id=UUID(request.session[DEVICE]))
    return response


def _page(request: HttpRequest, member: Member, bound: KotowariForm | None, decision: Decision | None) -> HttpResponse:
    factors = list(selectors.factors_of(member.pk))
    kinds = [kind for kind in FORMS if kind == "recovery" or any(each.kind == kind for each in factors)]
    forms = {kind: bound if bound and bound.prefix == kind else FORMS[kind](prefix=kind) for kind in kinds}
    own_passkeys = [each for each in factors if each.kind == Factor.Kind.PASSKEY]
    response = render(
        request,
        "account/second_factor.html",
        {
            "forms": forms,
            "asking": ask(request, SIGN_IN, passkeys.ask(own_passkeys)) if own_passkeys else None,
            "telephones": [(each, phones.masked(each.secret or "")) for each in factors if each.kind == "sms"],
            "texts_offered": sms.is_offered(),
            "kinds": factor_words.KINDS,
            "decision": decision,
            "failed": bound.prefix if bound else "",
        },
        status=decision.status if decision else bound.status if bound else 200,
    )
    return told_when(response, decision)


def _nothing_waits(request: HttpRequest) -> HttpResponse:
    return refuse_on_page(
        request,
        gates.SHOW_FACTOR,
        Blocker(
            code="nothing_waits",
            reason=Text(
                "二段階認証を待っているログインが見つかりません。時間が経って終わったか、別のブラウザで始めたものです。",
                "No sign-in waits for a second factor here: it took too long, or was begun in another browser.",
            ),
            rule="A114",
            resolved_by="you",
            remedy=gates.TO_LOGIN,
        ),
    )
