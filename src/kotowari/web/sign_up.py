"""Signing up: the form, then the code from the mail."""

from uuid import UUID

from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import gates, limits, selectors, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import network_of
from kotowari.accounts.models import SignUp
from kotowari.kernel.errors import NotVisible, Refused
from kotowari.kernel.gates import Blocker, explain
from kotowari.kernel.text import Text, language
from kotowari.web import current
from kotowari.web.account_forms import ConfirmForm, SignUpForm
from kotowari.web.refusals import refuse_on_page, told_when
from kotowari.web.screens import render, screen, see

SESSION_KEY = "sign_up"
"""Where a session keeps which sign-up was begun in it."""


@screen(
    "account_signup",
    path="signup/",
    title=Text("会員登録", "Sign up"),
    actions=[gates.SIGN_UP],
    methods=["GET", "POST"],
)
@sensitive_post_parameters("password")
@never_cache
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form; what follows is the same page whether or not the address has an account (A010)."""
    decision = explain(gates.SIGN_UP, current.member_of(request))
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                typed = form.typed()
                limits.count_sign_up(email=typed["email"], network=network_of(request))
                begun = services.start_sign_up(
                    actor=VISITOR, language=language.get(), idempotency_key=form.key, **typed
                )
                request.session[SESSION_KEY] = str(begun.pk)
                return see("/signup/verify/")
        except Refused as refused:
            decision = refused.decision
    status = form.status if decision.allowed else decision.status
    return told_when(
        render(request, "account/signup.html", {"form": form, "decision": decision}, status=status), decision
    )


@screen(
    "account_signup_verify",
    path="signup/verify/",
    title=Text("メールアドレスの確認", "Prove your address"),
    actions=[gates.CONFIRM_SIGN_UP],
    methods=["GET", "POST"],
    parent="account_signup",
)
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The code, in the browser in which signing up was begun."""
    begun = selectors.sign_up(request.session.get(SESSION_KEY, ""))
    return _verify(request, begun, elsewhere=False) if begun else _nothing_begun(request)


@screen(
    "account_signup_link",
    path="signup/verify/<uuid:sign_up_id>/",
    title=Text("メールアドレスの確認", "Prove your address"),
    actions=[gates.CONFIRM_SIGN_UP],
    methods=["GET", "POST"],
    parent="account_signup",
)
@sensitive_post_parameters("password")
@never_cache
def verify_by_link(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """The code, carried by the link in the mail; in another browser the password is asked for as well."""
    begun = selectors.sign_up(sign_up_id)
    if begun is None:
        return _nothing_begun(request)
    elsewhere = request.session.get(SESSION_KEY) != str(sign_up_id)
    if elsewhere and begun.provider:
        return _begun_elsewhere(request)
    return _verify(request, begun, elsewhere=elsewhere)


@screen(
    "account_signup_resend",
    path="signup/resend/",
    title=Text("新しい確認コードを送る", "Send a new code"),
    actions=[gates.RESEND_CODE],
    methods=["POST"],
    parent="account_signup_verify",
)
def resend(request: HttpRequest) -> HttpResponse:
    """A new code for the sign-up that was begun in this browser."""
    begun = selectors.sign_up(request.session.get(SESSION_KEY, ""))
    if begun is None:
        return _nothing_begun(request)
    limits.count_resend(email=begun.email, network=network_of(request))
    services.resend_code(actor=VISITOR, sign_up_id=begun.pk)
    words = Text(
        "新しい確認コードを送りました。前のコードは使えません。", "A new code is on its way; the one before is void."
    )
    messages.success(request, str(words))
    return see("/signup/verify/")


def _verify(request: HttpRequest, begun: SignUp, *, elsewhere: bool) -> HttpResponse:
    if request.method == "POST":
        form = ConfirmForm(request.POST, elsewhere=elsewhere)
    else:
        form = ConfirmForm(elsewhere=elsewhere, initial={"code": request.GET.get("code", "")[:40]})
    decision = explain(gates.CONFIRM_SIGN_UP, VISITOR, begun)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                return _finish(request, begun, form)
        except Refused as refused:
            decision = refused.decision
        except NotVisible:
            return _nothing_begun(request)
    response = render(
        request,
        "account/verify.html",
        {
            "form": form,
            "decision": decision,
            "email": begun.email,
            "elsewhere": elsewhere,
            "expires_at": begun.code_expires_at,
            "resend": explain(gates.RESEND_CODE, VISITOR, begun),
        },
        status=form.status if decision.allowed else decision.status,
    )
    return told_when(response, decision)


def _finish(request: HttpRequest, begun: SignUp, form: ConfirmForm) -> HttpResponse:
    """Count the try, finish signing up, and open the first session. Raises `InputError`, `Refused`, `NotVisible`."""
    limits.count_code(sign_up_id=begun.pk, codes_sent=begun.codes_sent)
    given = form.cleaned_data
    with transaction.atomic():
        member = services.confirm_sign_up(
            actor=VISITOR,
            sign_up_id=begun.pk,
            code=given["code"],
            password=given.get("password"),
            username=given["username"] or None,
        )
        response: HttpResponse = perform_login(request, member, redirect_url="/my/", signup=True)
    request.session.pop(SESSION_KEY, None)
    messages.success(request, str(Text("会員登録が完了しました。ようこそ。", "You are a member now. Welcome.")))
    return response


def _begun_elsewhere(request: HttpRequest) -> HttpResponse:
    """Begun through an external account there is no password by which to tell who goes on in another browser."""
    return refuse_on_page(
        request,
        gates.CONFIRM_SIGN_UP,
        Blocker(
            code="begun_elsewhere",
            reason=Text(
                "この登録の手続きは、外部アカウントを使って別のブラウザで始められました。ご本人かどうかを確かめるため、始めた"
                "ブラウザでコードを入力してください。",
                "This was begun in another browser with an external account. So that it is you who finishes it, please "
                "enter the code in that browser.",
            ),
            rule="A028",
            resolved_by="you",
            remedy=gates.TO_LOGIN,
        ),
    )


def _nothing_begun(request: HttpRequest) -> HttpResponse:
    return refuse_on_page(
        request,
        gates.CONFIRM_SIGN_UP,
        Blocker(
            code="nothing_begun",
            reason=Text(
                "この登録の手続きは見つかりません。すでに終わったか、期限が過ぎたか、別のブラウザで始めたものです。"
                "終わっている場合はログインできます。別のブラウザで始めた場合は、メールのリンクから続けられます。",
                "This sign-up cannot be found: it is finished, its time has run out, or it was begun in another browser. "
                "If it is finished you can sign in; if it was begun elsewhere, the link in the mail goes on with it.",
            ),
            rule="A022",
            resolved_by="you",
            remedy=gates.TO_SIGN_UP,
        ),
    )
