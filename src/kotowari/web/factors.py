"""二段階認証の設定: the section of the login information, and the pages on which factors are added and changed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from kotowari.accounts import factor_words, gates, one_time_codes, passkeys, phones, second_factor, selectors, services
from kotowari.accounts.callers import caller_of
from kotowari.accounts.models import Factor, Member, RecoverySheet
from kotowari.accounts.services.sent_codes import SETUP
from kotowari.foundation import policy, subjects
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Decision, decide_many, explain
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.factor_forms import CodeForm, NameForm, NewPasskeyForm, TelephoneForm
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.login_settings import section
from kotowari.web.passkey_asking import ask, asked_before
from kotowari.web.qr_codes import drawn
from kotowari.web.refusals import told_when
from kotowari.web.screens import redirect, render, screen, see, tell

PATH = "my/settings/login/second-factor/"
ADDRESS = f"/{PATH}"
OVERVIEW = "my_settings_second_factor"


@section("factors")
def factors_section(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - the form of every section
    """What `account/login/factors.html` draws: the member's factors, what can be added, and how many codes are left."""
    member = current.me()
    rows = list(selectors.factors_of(member.pk))
    return {
        "factors": list(
            zip(
                rows,
                decide_many(gates.RENAME_FACTOR, member, rows),
                decide_many(gates.REMOVE_FACTOR, member, rows),
                strict=True,
            )
        ),
        "kinds": factor_words.KINDS,
        "can_add": explain(gates.ADD_FACTOR, member),
        "can_add_telephone": explain(gates.ADD_TELEPHONE, member),
        "can_make_codes": explain(gates.MAKE_RECOVERY_CODES, member),
        "codes_left": selectors.codes_left(member.pk),
        "has_codes": RecoverySheet.objects.filter(member=member).exists(),
        "codes_low": policy.value("accounts.recovery_codes_low"),
    }


@screen(
    OVERVIEW,
    path=PATH,
    title=Text("二段階認証", "Second factor"),
    actions=[gates.SEE_OWN],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """The section on a page of its own: where refusals and notices lead (A113)."""
    return render(request, "account/factors/overview.html", {"given": factors_section(request)})


@screen(
    "my_settings_factor_app_begin",
    path=f"{PATH}app/",
    title=Text("認証アプリを登録する", "Add an authenticator app"),
    actions=[gates.ADD_FACTOR],
    methods=["POST"],
    parent=OVERVIEW,
    members_only=True,
)
def begin_app(request: HttpRequest) -> HttpResponse:
    """A fresh secret for an app, shown on the next page."""
    factor = services.begin_app(actor=current.me(), idempotency_key=posted_key(request.POST))
    return redirect("my_settings_factor_confirm", factor_id=factor.pk)


@screen(
    "my_settings_factor_telephone",
    path=f"{PATH}telephone/",
    title=Text("電話番号を登録する", "Add a telephone number"),
    actions=[gates.ADD_TELEPHONE],
    methods=["GET", "POST"],
    parent=OVERVIEW,
    members_only=True,
)
@never_cache
def begin_telephone(request: HttpRequest) -> HttpResponse:
    """The number, then the code that is sent there."""
    member, form = current.me(), TelephoneForm(request.POST if request.method == "POST" else None)
    decision = explain(gates.ADD_TELEPHONE, member)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                factor = services.begin_telephone(actor=member, **form.cleaned_data)
                second_factor.send_code(member, factor=factor, purpose=SETUP, caller=caller_of(request))
                return redirect("my_settings_factor_confirm", factor_id=factor.pk)
        except Refused as refused:
            decision = refused.decision
    return _form_page(request, "telephone", form, decision)


@screen(
    "my_settings_factor_confirm",
    path=f"{PATH}<uuid:factor_id>/confirm/",
    title=Text("登録を終える", "Finish adding it"),
    actions=[gates.CONFIRM_FACTOR],
    methods=["GET", "POST"],
    parent=OVERVIEW,
    members_only=True,
)
@sensitive_post_parameters("code")
@sensitive_variables()
@never_cache
def confirm(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """For an app the QR code, for a telephone what was sent; then a code of it."""
    member, factor = current.me(), _own(factor_id)
    form = CodeForm(request.POST if request.method == "POST" else None)
    decision = explain(gates.CONFIRM_FACTOR, member, factor)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            second_factor.confirm(member, factor_id=factor.pk, code=form.cleaned_data["code"])
            return _added(request, factor)
        except Refused as refused:
            decision = refused.decision
    setup: dict[str, Any] = {}
    is_open = explain(gates.CONFIRM_FACTOR, member, factor).allowed
    if is_open and factor.kind == Factor.Kind.TOTP:
        secret = factor.secret or ""
        address = one_time_codes.address_for_apps(secret, member.username)
        label = Text("認証アプリで読み取るQRコード", "QR code for your app")
        setup = {"qr": drawn(address, str(label)), "secret": one_time_codes.grouped(secret), "address": address}
    number = phones.masked(factor.secret or "") if factor.kind == Factor.Kind.SMS else ""
    return _form_page(request, "confirm", form, decision, factor=factor, is_open=is_open, number=number, setup=setup)


@screen(
    "my_settings_factor_resend",
    path=f"{PATH}<uuid:factor_id>/send/",
    title=Text("新しいコードを送る", "Send a new code"),
    actions=[gates.SEND_FACTOR_CODE, gates.CONFIRM_FACTOR],
    methods=["POST"],
    parent="my_settings_factor_confirm",
    members_only=True,
)
def resend(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """Another code to the telephone that is being added."""
    second_factor.send_code(current.me(), factor=_own(factor_id), purpose=SETUP, caller=caller_of(request))
    tell(
        request,
        Text("新しいコードを送りました。前のコードは使えません。", "A new code is on its way; the one before is void."),
    )
    return redirect("my_settings_factor_confirm", factor_id=factor_id)


@screen(
    "my_settings_factor_passkey",
    path=f"{PATH}passkey/",
    title=Text("パスキーを登録する", "Add a passkey"),
    actions=[gates.ADD_FACTOR],
    methods=["GET", "POST"],
    parent=OVERVIEW,
    members_only=True,
)
@never_cache
def add_passkey(request: HttpRequest) -> HttpResponse:
    """The browser makes the key and keeps its secret half; we keep the other half and the name."""
    member = current.me()
    form = NewPasskeyForm(
        request.POST if request.method == "POST" else None, initial={"name": caller_of(request).label}
    )
    decision = explain(gates.ADD_FACTOR, member)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                factor = services.add_passkey(
                    actor=member,
                    name=form.cleaned_data["name"],
                    state=asked_before(request, SETUP),
                    answer=second_factor.passkey_answer(form.cleaned_data["answer"]),
                )
                return _added(request, factor)
        except Refused as refused:
            decision = refused.decision
    asking = None
    if decision.allowed:
        mine = selectors.factors_of(member.pk).filter(kind=Factor.Kind.PASSKEY)
        asking = ask(request, SETUP, passkeys.ask_to_add(member, mine), "create")
    return _form_page(request, "passkey", form, decision, asking=asking)


@screen(
    "my_settings_factor_rename",
    path=f"{PATH}<uuid:factor_id>/rename/",
    title=Text("二段階認証の名前を変える", "Rename a second factor"),
    actions=[gates.RENAME_FACTOR],
    methods=["GET", "POST"],
    parent=OVERVIEW,
    members_only=True,
)
@never_cache
def rename(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """Another name for one of mine."""
    member, factor = current.me(), _own(factor_id)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": factor.name})
    decision = explain(gates.RENAME_FACTOR, member, factor)
    if decision.allowed and form.is_bound and form.is_valid():
        with form.merging():
            services.rename_factor(actor=member, factor_id=factor.pk, **form.cleaned_data)
            tell(request, Text("名前を変えました。", "It has another name now."))
            return see(ADDRESS)
    return _form_page(request, "rename", form, decision, factor=factor)


@screen(
    "my_settings_factor_remove",
    path=f"{PATH}<uuid:factor_id>/remove/",
    title=Text("二段階認証を外す", "Remove a second factor"),
    actions=[gates.REMOVE_FACTOR],
    methods=["POST"],
    parent=OVERVIEW,
    members_only=True,
)
def remove(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """One of mine is asked for no more."""
    services.remove_factor(actor=current.me(), factor_id=factor_id, idempotency_key=posted_key(request.POST))
    tell(request, Text("二段階認証から外しました。", "It is no second factor of yours any more."))
    return see(ADDRESS)


@screen(
    "my_settings_recovery_codes",
    path=f"{PATH}codes/",
    title=Text("回復コード", "Recovery codes"),
    actions=[gates.MAKE_RECOVERY_CODES],
    methods=["GET", "POST"],
    parent=OVERVIEW,
    members_only=True,
)
@sensitive_variables("sheet")
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """How many are left; new ones are shown on the answer to the form and nowhere else (A116)."""
    member, sheet = current.me(), None
    if request.method == "POST":
        sheet = services.make_recovery_codes(actor=member, idempotency_key=posted_key(request.POST))
    held = RecoverySheet.objects.filter(member=member).first()
    return render(
        request,
        "account/factors/codes.html",
        {
            "sheet": sheet,
            "held": held,
            "left": selectors.codes_left(member.pk),
            "low": policy.value("accounts.recovery_codes_low"),
            "decision": explain(gates.MAKE_RECOVERY_CODES, member),
            "as_text": _as_text(member, sheet) if sheet else "",
        },
    )


def _as_text(member: Member, sheet: RecoverySheet) -> str:
    """The codes as a small file to be kept."""
    head = Text(
        "ことわり 回復コード(ユーザー名: {username})\n1つずつ、1回だけ使えます。人に見られない所に保管してください。",
        "Kotowari recovery codes (username: {username})\nEach works once. Keep them where nobody sees them.",
    ).format(username=member.username)
    return "\n".join([str(head), "", *sheet.plaintexts, ""])


def _added(request: HttpRequest, factor: Factor) -> HttpResponse:
    words = Text(
        "「{name}」を登録しました。次のログインから、これで確かめます。",
        "“{name}” is added and is asked for from now on.",
    ).format(name=factor.name)
    messages.success(request, str(words))
    if RecoverySheet.objects.filter(member_id=factor.member_id).exists():
        return see(ADDRESS)
    return redirect("my_settings_recovery_codes")


def _own(factor_id: UUID) -> Factor:
    found: Factor = subjects.load("accounts.factor", str(factor_id), actor=current.me())
    return found


def _form_page(request: HttpRequest, name: str, form: KotowariForm, decision: Decision, **more: Any) -> HttpResponse:
    response = render(
        request,
        f"account/factors/{name}.html",
        {"form": form, "decision": decision, **more},
        status=form.status if decision.allowed or not form.is_bound else decision.status,
    )
    return told_when(response, decision if form.is_bound else None)
