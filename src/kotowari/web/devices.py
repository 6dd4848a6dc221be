"""Where I am signed in, which devices are known, and every try to come in: seen and ended by its owner (A035, A119)."""

from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors, services
from kotowari.accounts.callers import label_in_words, network_in_words
from kotowari.accounts.diagnosis import OUTCOMES, WAYS
from kotowari.accounts.models import SignInRecord
from kotowari.accounts.sessions import DEVICE
from kotowari.foundation import policy
from kotowari.kernel.gates import decide_many, explain
from kotowari.kernel.text import Text
from kotowari.web import current, paging
from kotowari.web.forms import posted_key
from kotowari.web.login_settings import Given, section
from kotowari.web.screens import redirect, render, screen, see, tell

IN_SECTION = 3


@section("devices")
def devices_section(request: HttpRequest) -> Given:
    """The first open sessions and the way to all of it."""
    me = current.me()
    sessions = selectors.open_sessions(me, request.session.session_key)
    return {
        "sessions": sessions[:IN_SECTION],
        "more": max(0, len(sessions) - IN_SECTION),
        "end_others": explain(gates.END_OTHER_SESSIONS, me),
    }


@screen(
    "my_settings_login_devices",
    path="my/settings/login/devices/",
    title=Text("ログイン中の端末", "Your devices"),
    actions=[gates.SEE_OWN, gates.END_SESSION, gates.FORGET_DEVICE],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def devices(request: HttpRequest) -> HttpResponse:
    """Every open session and every device that is known, each with the button that ends it."""
    me = current.me()
    sessions = selectors.open_sessions(me, request.session.session_key)
    known = list(selectors.devices_visible_to(me))
    return render(
        request,
        "account/devices.html",
        {
            "sessions": list(zip(sessions, decide_many(gates.END_SESSION, me, sessions), strict=True)),
            "devices": list(zip(known, decide_many(gates.FORGET_DEVICE, me, known), strict=True)),
            "programs": selectors.working_tokens_of(me).filter(device__isnull=False).count(),
            "this_device": request.session.get(DEVICE, ""),
            "label_of": label_in_words,
            "network_of": network_in_words,
            "end_others": explain(gates.END_OTHER_SESSIONS, me),
            "end_all": explain(gates.END_ALL_SESSIONS, me),
            "session_days": policy.value("accounts.session_days"),
            "session_hours": policy.value("accounts.session_hours"),
        },
    )


@screen(
    "my_settings_login_history",
    path="my/settings/login/history/",
    title=Text("ログインの記録", "History of sign-ins"),
    actions=[gates.SEE_OWN],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    """Every try to come in, with how it ended, the newest first."""
    page = paging.newest_first(selectors.records_visible_to(current.me()), request.GET.get("after"))
    return render(
        request,
        "account/history.html",
        {
            "page": page,
            "rows": [(record, *in_words(record)) for record in page.rows],
            "history_days": policy.value("accounts.history_days"),
        },
    )


def in_words(record: SignInRecord) -> tuple[Text, Text, Text, Text]:
    """A try as its owner reads it: device, network, way, outcome."""
    return (
        label_in_words(record.label),
        network_in_words(record.network),
        WAYS.get(record.way, Text(record.way, record.way)),
        OUTCOMES.get(record.outcome, Text(record.outcome, record.outcome)),
    )


@screen(
    "my_settings_login_session_end",
    path="my/settings/login/devices/sessions/<uuid:session_id>/end/",
    title=Text("端末をログアウトする", "Sign a device out"),
    actions=[gates.END_SESSION],
    methods=["POST"],
    parent="my_settings_login_devices",
    members_only=True,
)
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one session; if it was the present one, this browser is signed out."""
    me = current.me()
    present = [s for s in selectors.open_sessions(me, request.session.session_key) if s.is_this]
    services.end_session(actor=me, session_id=session_id, idempotency_key=posted_key(request.POST))
    if present and present[0].pk == session_id:
        return _signed_out(request)
    tell(request, Text("端末をログアウトしました。", "The device is signed out."))
    return redirect("my_settings_login_devices")


@screen(
    "my_settings_login_end_others",
    path="my/settings/login/devices/end-others/",
    title=Text("ほかの端末をすべてログアウトする", "Sign all other devices out"),
    actions=[gates.END_OTHER_SESSIONS],
    methods=["POST"],
    parent="my_settings_login_devices",
    members_only=True,
)
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    services.end_other_sessions(
        actor=current.me(),
        present_key=request.session.session_key or "",
        idempotency_key=posted_key(request.POST),
    )
    tell(request, Text("ほかの端末をすべてログアウトしました。", "All other devices are signed out."))
    return redirect("my_settings_login_devices")


@screen(
    "my_settings_login_end_all",
    path="my/settings/login/devices/end-all/",
    title=Text("すべての端末をログアウトする", "Sign out everywhere"),
    actions=[gates.END_ALL_SESSIONS],
    methods=["POST"],
    parent="my_settings_login_devices",
    members_only=True,
)
def end_all(request: HttpRequest) -> HttpResponse:
    """End every session, this one too."""
    services.end_all_sessions(actor=current.me())
    return _signed_out(request)


@screen(
    "my_settings_login_device_forget",
    path="my/settings/login/devices/<uuid:device_id>/forget/",
    title=Text("端末の記憶を消す", "Forget a device"),
    actions=[gates.FORGET_DEVICE],
    methods=["POST"],
    parent="my_settings_login_devices",
    members_only=True,
)
def forget_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Make a device a stranger again."""
    services.forget_device(
        actor=current.me(),
        device_id=device_id,
        present_key=request.session.session_key or "",
        idempotency_key=posted_key(request.POST),
    )
    tell(
        request,
        Text(
            "端末の記憶を消しました。次にその端末からログインがあると、お知らせが届きます。",
            "The device is forgotten. You will be told when somebody signs in from it again.",
        ),
    )
    return redirect("my_settings_login_devices")


def _signed_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    tell(request, Text("ログアウトしました。", "You are signed out."))
    return see("/")
