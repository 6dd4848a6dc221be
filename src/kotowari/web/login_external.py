"""External accounts of a member: which open the account, linking one more, unlinking one (A033, A034)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors, services
from kotowari.accounts.external import identity as identities
from kotowari.accounts.external.providers import ending, offered, provider
from kotowari.incidents.selectors import changes_touching
from kotowari.kernel.gates import decide_many, explain, require
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.external_login import nothing_kept, to_provider
from kotowari.web.forms import posted_key
from kotowari.web.login_settings import ADDRESS, Given, back_to, section
from kotowari.web.refusals import refuse_on_page
from kotowari.web.screens import render, screen, tell


@section("external")
def external_section(_request: HttpRequest) -> Given:
    """The linked accounts with what can be done to each, and the providers that could be linked."""
    me = current.me()
    linked = selectors.linked_accounts(me)
    providers = offered()
    return {
        "linked": list(zip(linked, decide_many(gates.UNLINK_EXTERNAL, me, [e.row for e in linked]), strict=True)),
        "offered": list(zip(providers, decide_many(gates.LINK_EXTERNAL, me, providers), strict=True)),
        "ending": ending(),
        "told_of": {change.provider for change in changes_touching(me)},
    }


@screen(
    "my_settings_login_external_link",
    path="my/settings/login/external/<slug:provider_id>/link/",
    title=Text("外部アカウントをつなぐ", "Link an external account"),
    actions=[gates.LINK_EXTERNAL],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def link(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider, to show the account that is to be linked."""
    require(gates.LINK_EXTERNAL, current.me(), provider(provider_id))
    return to_provider(request, provider_id, purpose="link", then=ADDRESS)


@screen(
    "my_settings_login_external_confirm",
    path="my/settings/login/external/confirm/",
    title=Text("外部アカウントをつなぐ", "Link an external account"),
    actions=[gates.LINK_EXTERNAL],
    methods=["GET", "POST"],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Which account is about to be linked to which: shown before it is done (A197)."""
    me, identity = current.me(), identities.kept(request)
    if identity is None:
        return refuse_on_page(request, gates.LINK_EXTERNAL, nothing_kept())
    if request.method == "POST":
        services.link_external(actor=me, identity=identity)
        identities.forget(request)
        words = Text("{provider}のアカウントをつなぎました。", "The account of {provider} is linked.")
        tell(request, words.format(provider=provider(identity.provider).name))
        return back_to("external")
    decision = explain(gates.LINK_EXTERNAL, me, identity)
    context = {
        "identity": identity,
        "provider": provider(identity.provider),
        "ways": selectors.ways_in(me),
        "decision": decision,
    }
    return render(request, "account/external_confirm.html", context, status=decision.status)


@screen(
    "my_settings_login_external_unlink",
    path="my/settings/login/external/<int:account_id>/unlink/",
    title=Text("外部アカウントを外す", "Unlink an external account"),
    actions=[gates.UNLINK_EXTERNAL],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def unlink(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let it open my account no more."""
    services.unlink_external(actor=current.me(), account_id=account_id, idempotency_key=posted_key(request.POST))
    tell(request, Text("外部アカウントを外しました。", "The external account is unlinked."))
    return back_to("external")
