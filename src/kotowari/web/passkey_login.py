"""Signing in by a passkey alone: no login is typed, the passkey names its account and the device verifies the person."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, passkeys, second_factor
from kotowari.accounts.callers import caller_of
from kotowari.accounts.sessions import REMEMBER
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Decision
from kotowari.kernel.text import Text
from kotowari.web import current, fields
from kotowari.web.forms import KotowariForm
from kotowari.web.passkey_asking import ask, asked_before
from kotowari.web.refusals import told_when
from kotowari.web.screens import render, screen, see
from kotowari.web.sign_in import wanted

PURPOSE = "alone"


class PasskeySignInForm(KotowariForm):
    """What `static/passkeys.js` brings from the browser."""

    answer = fields.TextField(Text("パスキー", "Passkey"), max_length=20_000, required=False)
    remember = fields.AgreeField(
        Text("ログイン状態を保存する", "Keep me signed in on this device"),
        hint=Text("共用の端末では選ばないでください。", "Not on a device that others use."),
        required=False,
    )


@screen(
    "account_login_passkey",
    path="login/passkey/",
    title=Text("パスキーでログイン", "Sign in with a passkey"),
    actions=[gates.SIGN_IN, gates.SHOW_FACTOR],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def passkey_login(request: HttpRequest) -> HttpResponse:
    """One button. On `/login/` the same form is fetched when its button is pressed, so nothing random stands there."""
    if current.member_of(request) is not None:
        return see(wanted(request))
    form = PasskeySignInForm(request.POST if request.method == "POST" else None)
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        try:
            return _let_in(request, form)
        except Refused as refused:
            decision = refused.decision
    response = render(
        request,
        "account/passkey_login.html",
        {"form": form, "asking": ask(request, PURPOSE, passkeys.ask()), "decision": decision, "next": wanted(request)},
        status=decision.status if decision else form.status,
    )
    return told_when(response, decision)


def _let_in(request: HttpRequest, form: KotowariForm) -> HttpResponse:
    """Find out whose passkey it is, then the gate, then open the session. Raises `Refused`."""
    member = second_factor.passkey_alone(
        state=asked_before(request, PURPOSE),
        answer=second_factor.passkey_answer(form.cleaned_data["answer"]),
        caller=caller_of(request),
    )
    request.session[REMEMBER] = form.cleaned_data["remember"]
    with transaction.atomic():
        record_authentication(request, member, method=second_factor.PASSKEY)
        response: HttpResponse = perform_login(request, Login(user=member, redirect_url=wanted(request)))
    return response
