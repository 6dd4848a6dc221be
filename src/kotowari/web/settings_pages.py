"""Own settings, and tokens for programs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors, services
from kotowari.accounts.models import ApiToken, Member
from kotowari.accounts.scopes import SCOPES
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import decide_many, explain
from kotowari.kernel.text import Text, use_language
from kotowari.web import current
from kotowari.web.account_forms import SettingsForm, TokenForm
from kotowari.web.forms import posted_key
from kotowari.web.languages import keep_language
from kotowari.web.screens import render, screen, see


@screen(
    "my_settings",
    path="my/settings/",
    title=Text("設定", "Settings"),
    actions=[gates.SEE_OWN, gates.CHANGE_SETTINGS],
    methods=["GET", "POST"],
    parent="my",
    members_only=True,
)
def settings(request: HttpRequest) -> HttpResponse:
    """The display name and the language."""
    member = _me(request)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial={"display_name": member.display_name, "language": member.language},
    )
    decision = explain(gates.CHANGE_SETTINGS, member)
    if decision.allowed and form.is_bound and form.is_valid():
        with form.merging():
            changed = services.change_settings(actor=member, idempotency_key=form.key, **form.cleaned_data)
            with use_language("en" if changed.language == "en" else "ja"):
                messages.success(request, str(Text("設定を更新しました。", "Your settings are updated.")))
            response = see("/my/settings/")
            keep_language(response, changed.language)
            return response
    context = {"form": form, "decision": decision, "username": member.username, "email": member.email}
    return render(request, "account/settings.html", context, status=form.status)


@screen(
    "my_settings_api",
    path="my/settings/api/",
    title=Text("APIトークン", "Tokens for programs"),
    actions=[gates.SEE_OWN, gates.CREATE_TOKEN],
    methods=["GET", "POST"],
    parent="my_settings",
    members_only=True,
)
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens, and a new one; its secret is shown on the answer to the form and nowhere else."""
    member = _me(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    decision = explain(gates.CREATE_TOKEN, member)
    made: ApiToken | None = None
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                made = services.create_api_token(actor=member, idempotency_key=form.key, **form.cleaned_data)
                form, decision = TokenForm(), explain(gates.CREATE_TOKEN, member)
        except Refused as refused:
            decision = refused.decision
    rows = list(selectors.tokens_visible_to(member).select_related("member"))
    return render(
        request,
        "account/tokens.html",
        {
            "form": form,
            "decision": decision,
            "made": made,
            "tokens": list(zip(rows, decide_many(gates.REVOKE_TOKEN, member, rows), strict=True)),
            "scope_words": SCOPES,
            "now": clock.now(),
            "token_days": policy.value("accounts.token_days"),
        },
        status=form.status if decision.allowed or not form.is_bound else decision.status,
    )


@screen(
    "my_settings_api_revoke",
    path="my/settings/api/<uuid:token_id>/revoke/",
    title=Text("APIトークンを無効にする", "Revoke a token"),
    actions=[gates.REVOKE_TOKEN],
    methods=["POST"],
    parent="my_settings_api",
    members_only=True,
)
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of my tokens, at once and for good."""
    token = services.revoke_api_token(actor=_me(request), token_id=token_id, idempotency_key=posted_key(request.POST))
    words = Text("APIトークン「{name}」を無効にしました。", 'The token "{name}" is revoked.').format(name=token.name)
    messages.success(request, str(words))
    return see("/my/settings/api/")


def _me(request: HttpRequest) -> Member:
    member = current.member_of(request)
    assert member is not None  # the screen is for members only
    return member
