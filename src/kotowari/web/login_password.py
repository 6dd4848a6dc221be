"""The password of an account, set or changed while signed in (A030–A032)."""

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kotowari.accounts import authentication, gates, selectors, services, tries
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import Member
from kotowari.accounts.sessions import PROVED_AT
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import Decision, explain
from kotowari.kernel.text import Text
from kotowari.web import current, fields
from kotowari.web.forms import KotowariForm
from kotowari.web.login_settings import Given, back_to, section, show
from kotowari.web.password_fields import PasswordField
from kotowari.web.screens import screen, tell

SENT_TO = "/my/settings/login/password/"


class OwnPasswordForm(KotowariForm):
    """A password twice (A031), and the present one unless its owner proved a short while ago to be just that."""

    current = PasswordField(Text("いまのパスワード", "Present password"), autocomplete="current-password")
    password = PasswordField(Text("パスワード", "Password"), autocomplete="new-password")
    password_again = PasswordField(Text("パスワード(確認)", "Password, again"), autocomplete="new-password", again=True)

    def __init__(self, *args: object, owner: Member, asks_current: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].names = (owner.username, owner.display_name, owner.email)  # type: ignore[attr-defined]
        if not asks_current:
            del self.fields["current"]

    def clean(self) -> None:
        first, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if first and again and first != again:
            words = Text("上のパスワードと違います。同じものを入力してください。", "This differs from the one above.")
            self.add_error("password_again", fields.said([words]))


@section("password")
def password_section(_request: HttpRequest) -> Given:
    """The form, which asks for the present password only where that is needed."""
    me = current.me()
    return {
        "form": OwnPasswordForm(owner=me, asks_current=_asks_current(me)),
        "decision": _possible(me),
        "has_password": selectors.has_password(me),
        "url": SENT_TO,
    }


@screen(
    "my_settings_login_password",
    path="my/settings/login/password/",
    title=Text("パスワードを変える", "Change the password"),
    actions=[gates.CHANGE_PASSWORD],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
@sensitive_post_parameters("current", "password", "password_again")
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Keep this session, end the others, and say so at every address."""
    me = current.me()
    form = OwnPasswordForm(request.POST, owner=me, asks_current=_asks_current(me))
    decision = _possible(me)
    if decision.allowed and form.is_valid():
        try:
            with form.merging():
                _change(request, me, form)
                tell(
                    request,
                    Text(
                        "ログイン情報を更新しました。ほかの端末ではログアウトされました。",
                        "Your login information is updated. Other devices were signed out.",
                    ),
                )
                return back_to("password")
        except Refused as refused:
            decision = refused.decision
    status = form.status if decision.allowed else decision.status
    return show(request, "password", {"form": form, "decision": decision}, status=status)


def _change(request: HttpRequest, me: Member, form: OwnPasswordForm) -> None:
    """Count and check the present password, then change it. Raises `InputError`, `Refused`."""
    shown = form.cleaned_data.get("current")
    if shown is not None and not authentication.own_password_right(me, shown, caller=caller_of(request)):
        raise InputError(
            {
                "current": [
                    Text(
                        "いまのパスワードと違います。わからない場合は、メールで本人であることを確かめて再設定できます。",
                        "This is not your present password. If you do not know it, set a new one by mail.",
                    )
                ]
            }
        )
    with transaction.atomic():
        member = services.change_password(
            actor=me,
            password=form.cleaned_data["password"],
            current_right=shown is not None,
            session_key=request.session.session_key,
        )
        update_session_auth_hash(request, member)
    if shown is not None:
        request.session[PROVED_AT] = clock.now().isoformat()
    tries.forget(member, caller_of(request))


def _asks_current(me: Member) -> bool:
    """Whether the present password is to be shown: there is one, and no proof is fresh enough."""
    return selectors.has_password(me) and not explain(gates.CHANGE_PASSWORD, me).allowed


def _possible(me: Member) -> Decision:
    """Whether the form can be sent: it may bring the proof itself."""
    return explain(gates.CHANGE_PASSWORD, me, _asks_current(me))
