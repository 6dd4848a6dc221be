"""Signing in with an external account: to the provider and back, and what follows when it is linked to nobody yet."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from kotowari.accounts import credentials, gates, limits, selectors, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import network_of
from kotowari.accounts.external import identity as identities
from kotowari.accounts.external import protocol
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.external.protocol import Trouble
from kotowari.accounts.external.providers import provider
from kotowari.accounts.models import Member
from kotowari.accounts.sessions import REMEMBER
from kotowari.foundation import policy
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, explain, require
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.external_troubles import TO_LOGIN, refused_by
from kotowari.web.refusals import refuse_on_page
from kotowari.web.screens import render, screen, see
from kotowari.web.sign_in import wanted

CONFIRM_LINK = "/my/settings/login/external/confirm/"
CARRIED = ("code", "state", "error", "iss")
"""What a provider may send by a form of its own; nothing else of it is taken along."""


@screen(
    "external_login",
    path="login/with/<slug:provider_id>/",
    title=Text("外部アカウントでログイン", "Sign in with an external account"),
    actions=[gates.ENTER_EXTERNAL],
    methods=["POST"],
    parent="account_login",
)
@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Say where it goes and what will be asked for there, and go."""
    request.session[REMEMBER] = "remember" in request.POST
    return to_provider(request, provider_id, purpose="sign_in", then=wanted(request))


@screen(
    "external_back",
    path="login/with/<slug:provider_id>/back/",
    title=Text("外部アカウントからの返事", "Back from an external account"),
    actions=[gates.ENTER_EXTERNAL, gates.LINK_EXTERNAL],
    methods=["GET", "POST"],
    parent="account_login",
)
@csrf_exempt
@never_cache
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where providers send people back to. A form of theirs (Apple's) does nothing but lead on to the page itself:
    it comes without our cookies, so it could not be told whose it is."""
    if request.method == "POST":
        carried = {name: request.POST[name] for name in CARRIED if name in request.POST}
        return see(f"{request.path}?{urlencode(carried)}")
    of = provider(provider_id)
    if not of.configured:
        raise Refused(explain(gates.ENTER_EXTERNAL, VISITOR, of))
    limits.count_external(network=network_of(request))
    try:
        came = protocol.finish(request, provider_id)
    except Trouble as trouble:
        raise refused_by(trouble.kind, of.name, linking=current.member_of(request) is not None) from None
    if came.purpose == "link":
        identities.keep(request, came.identity)
        return see(CONFIRM_LINK)
    require(gates.ENTER_EXTERNAL, VISITOR, of)
    member = selectors.owner_of(came.identity)
    if member is not None:
        return let_in(request, member, "socialaccount", then=came.then, provider=provider_id)
    identities.keep(request, came.identity)
    belongs = came.identity.email_proved and credentials.member_of(came.identity.email) is not None
    return see("/login/link/" if belongs else "/signup/with/")


@screen(
    "external_unlinked",
    path="login/link/",
    title=Text("外部アカウントをつなぐ", "Link an external account"),
    actions=[gates.ENTER_EXTERNAL, gates.ASK_SIGN_IN_LINK],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def unlinked(request: HttpRequest) -> HttpResponse:
    """An external account that is linked to nobody, with an address of a member's: never linked without its owner."""
    identity = identities.kept(request)
    if identity is None or not identity.email_proved:
        return refuse_on_page(request, gates.ENTER_EXTERNAL, nothing_kept())
    if current.member_of(request) is not None:
        return see(CONFIRM_LINK)
    sent = request.method == "POST"
    if sent:
        limits.count_sign_in_link(email=identity.email, network=network_of(request))
        services.ask_link_to_link(actor=VISITOR, identity=identity)
    context = {
        "provider": provider(identity.provider),
        "email": identity.email,
        "sent": sent,
        "next": CONFIRM_LINK,
        "minutes": policy.value("accounts.sign_in_link_minutes"),
        "decision": explain(gates.ASK_SIGN_IN_LINK, VISITOR),
    }
    return render(request, "account/external_unlinked.html", context)


def to_provider(request: HttpRequest, provider_id: str, *, purpose: protocol.Purpose, then: str) -> HttpResponse:
    """A page that leads on to the provider by itself: a form of ours may not be answered with another site's address
    (content policy), and whoever goes there should see where. Raises `Refused`."""
    of = provider(provider_id)
    require(gates.ENTER_EXTERNAL, VISITOR, of)
    limits.count_external(network=network_of(request))
    try:
        address = protocol.begin(request, provider_id, purpose=purpose, then=then)
    except Trouble as trouble:
        raise refused_by(trouble.kind, of.name, linking=purpose == "link") from None
    response = render(request, "account/external_leaving.html", {"provider": of, "address": address})
    response["Referrer-Policy"] = "no-referrer"
    return response


def let_in(request: HttpRequest, member: Member, way: str, *, then: str, **how: Any) -> HttpResponse:
    """Somebody recognised without a password: past the gate, the second factor and into a session. Raises `Refused`."""
    record_authentication(request, member, way, **how)
    response: HttpResponse = perform_login(request, Login(user=member, redirect_url=then))
    return response


def welcome(request: HttpRequest, member: Member, identity: Identity) -> HttpResponse:
    """The first session of somebody who became a member through an external account."""
    response = let_in(request, member, "socialaccount", then="/my/", provider=identity.provider)
    identities.forget(request)
    messages.success(request, str(Text("会員登録が完了しました。ようこそ。", "You are a member now. Welcome.")))
    return response


def nothing_kept() -> Blocker:
    """A page that goes on with an external account was opened without one, or too late."""
    return Blocker(
        code="nothing_kept",
        reason=Text(
            "外部アカウントでの手続きが見つかりません。すでに終わったか、時間がたちすぎたか、別のブラウザで始めたものです。"
            "ログイン画面からもう一度お試しください。",
            "There is no external account to go on with: it is done, too much time went by, or it was begun in another "
            "browser. Please begin again on the sign-in page.",
        ),
        rule="A033",
        resolved_by="you",
        remedy=TO_LOGIN,
    )
