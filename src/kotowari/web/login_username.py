"""The username, changed in place (A093, A095)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors, services
from kotowari.foundation import policy
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web import current, fields
from kotowari.web.forms import KotowariForm
from kotowari.web.login_settings import Given, back_to, section, show
from kotowari.web.password_fields import PLAIN_TYPING
from kotowari.web.screens import screen, tell


class UsernameForm(KotowariForm):
    """Another username; the keyword of `change_username`."""

    username = fields.TextField(
        Text("新しいユーザー名", "New username"),
        hint=Text("半角の英小文字・数字・下線(_)で3〜20文字。", "3 to 20 lower-case letters, digits or underscores."),
        fold=True,
        autocomplete="username",
        attrs=PLAIN_TYPING,
    )


@section("username")
def username_section(_request: HttpRequest) -> Given:
    """The username, the names before it, and a form for another one."""
    me = current.me()
    return {
        "username": me.username,
        "former": list(selectors.former_usernames_of(me)),
        "form": UsernameForm(),
        "decision": explain(gates.CHANGE_USERNAME, me),
        "days": policy.value("accounts.username_change_days"),
        "kept_days": policy.value("accounts.former_username_days"),
    }


@screen(
    "my_settings_login_username",
    path="my/settings/login/username/",
    title=Text("ユーザー名を変える", "Change the username"),
    actions=[gates.CHANGE_USERNAME],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Go by another username from now on; the old address of the profile leads to the new one."""
    me = current.me()
    form = UsernameForm(request.POST)
    decision = explain(gates.CHANGE_USERNAME, me)
    if decision.allowed and form.is_valid():
        try:
            with form.merging():
                changed = services.change_username(actor=me, idempotency_key=form.key, **form.cleaned_data)
                words = Text("ユーザー名を {name} にしました。", "Your username is {name} now.")
                tell(request, words.format(name=changed.username))
                return back_to("username")
        except Refused as refused:
            decision = refused.decision
    status = form.status if decision.allowed else decision.status
    return show(request, "username", {"form": form, "decision": decision}, status=status)
