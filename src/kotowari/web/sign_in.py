"""Signing in and out."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.logout import logout as end_session
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import authentication, gates
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import SignUp
from kotowari.accounts.sessions import REMEMBER
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Decision, explain
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.account_forms import SignInForm
from kotowari.web.refusals import told_when
from kotowari.web.screens import render, screen, see
from kotowari.web.sign_up import SESSION_KEY

AFTER_SIGN_IN = "/my/"


@screen(
    "account_login",
    path="login/",
    title=Text("ログイン", "Sign in"),
    actions=[gates.SIGN_IN],
    methods=["GET", "POST"],
)
@sensitive_post_parameters("password")
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """The form; a failure is told in the same words for an unknown address and for a wrong password (A010)."""
    if current.member_of(request) is not None:
        return see(wanted(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    decision: Decision | None = None
    if form.is_bound and form.is_valid():
        try:
            return _let_in(request, form)
        except Refused as refused:
            decision = refused.decision
    response = render(
        request,
        "account/login.html",
        {"form": form, "decision": decision, "next": wanted(request)},
        status=decision.status if decision else form.status,
    )
    return told_when(response, decision)


@screen(
    "account_logout",
    path="logout/",
    title=Text("ログアウト", "Sign out"),
    actions=[gates.SIGN_OUT],
    methods=["GET", "POST"],
)
@never_cache
def logout(request: HttpRequest) -> HttpResponse:
    """Asked for by its button; opened as a page it says what signing out is and what it is not (A036)."""
    member = current.member_of(request)
    if member is None:
        return see("/")
    if request.method == "GET":
        return render(request, "account/logout.html", {"decision": explain(gates.SIGN_OUT, member)})
    end_session(request)
    messages.success(request, str(Text("ログアウトしました。", "You are signed out.")))
    return see("/")


def wanted(request: HttpRequest) -> str:
    """The page that signing in was asked for, if it is one of this site; else my page."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else AFTER_SIGN_IN


def _let_in(request: HttpRequest, form: SignInForm) -> HttpResponse:
    """Find out whose password it is, then the gate, then open the session. Raises `Refused`."""
    owner = authentication.by_password(
        login=form.cleaned_data["login"], password=form.cleaned_data["password"], caller=caller_of(request)
    )
    if isinstance(owner, SignUp):
        request.session[SESSION_KEY] = str(owner.pk)
        raise Refused(explain(gates.SIGN_IN, owner))
    request.session[REMEMBER] = form.cleaned_data["remember"]
    response: HttpResponse = perform_password_login(
        request, {"username": owner.username}, Login(user=owner, redirect_url=wanted(request))
    )
    return response
