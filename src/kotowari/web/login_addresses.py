"""Addresses of an account: the section of the login information, and what it sends."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import address_mails, gates, limits, names, selectors, services
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import AddressChange
from kotowari.foundation import policy
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import Blocker, Remedy, decide_many, explain
from kotowari.kernel.text import Text
from kotowari.web import current, fields
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.login_settings import Given, back_to, section, show
from kotowari.web.password_fields import PLAIN_TYPING
from kotowari.web.refusals import refuse_on_page
from kotowari.web.screens import render, screen, see, tell


class AddressForm(KotowariForm):
    """A further address; the keyword of `ask_address`."""

    email = fields.EmailField(
        Text("追加するメールアドレス", "Address to add"),
        hint=Text("確認コードをお送りします。", "We send a code there."),
    )


class AddressCodeForm(KotowariForm):
    """The code from the mail to the further address."""

    code = fields.TextField(
        Text("確認コード", "Code"),
        hint=Text("追加するアドレスに届いた8文字。", "The eight letters from the mail to that address."),
        max_length=40,
        fold=True,
        autocomplete="one-time-code",
        attrs={**PLAIN_TYPING, "autocapitalize": "characters"},
    )


@section("addresses")
def addresses_section(_request: HttpRequest) -> Given:
    """The proved addresses with what can be done to each, those that wait, and a form for one more."""
    me = current.me()
    rows = list(selectors.addresses_of(me))
    return {
        "rows": list(
            zip(
                rows,
                decide_many(gates.MAKE_PRIMARY, me, rows),
                decide_many(gates.REMOVE_ADDRESS, me, rows),
                strict=True,
            )
        ),
        "waiting": list(selectors.waiting_addresses_of(me)),
        "form": AddressForm(),
        "can_add": explain(gates.ADD_ADDRESS, me),
        "undo_hours": policy.value("accounts.address_undo_hours"),
    }


@screen(
    "my_settings_login_address_add",
    path="my/settings/login/addresses/add/",
    title=Text("メールアドレスを追加する", "Add an address"),
    actions=[gates.ADD_ADDRESS],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Send a code to a further address; the page that follows is the same for every address."""
    me = current.me()
    form = AddressForm(request.POST)
    decision = explain(gates.ADD_ADDRESS, me)
    if decision.allowed and form.is_valid():
        try:
            with form.merging():
                if problems := names.email_problems(names.folded(form.cleaned_data["email"])):
                    raise InputError({"email": problems})
                limits.count_new_address(member_id=me.pk, email=form.cleaned_data["email"])
                proof = services.ask_address(actor=me, idempotency_key=form.key, **form.cleaned_data)
                return see(f"/my/settings/login/addresses/{proof.pk}/")
        except Refused as refused:
            decision = refused.decision
    status = form.status if decision.allowed else decision.status
    return show(request, "addresses", {"form": form, "can_add": decision}, status=status)


@screen(
    "my_settings_login_address_prove",
    path="my/settings/login/addresses/<uuid:proof_id>/",
    title=Text("メールアドレスの確認", "Prove your address"),
    actions=[gates.PROVE_ADDRESS, gates.RESEND_ADDRESS_CODE, gates.DROP_ADDRESS],
    methods=["GET", "POST"],
    parent="my_settings_login",
    members_only=True,
)
@never_cache
def prove(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The code from the mail, typed or carried here by its link."""
    me = current.me()
    proof = selectors.address_proof(me, proof_id)
    form = (
        AddressCodeForm(request.POST)
        if request.method == "POST"
        else AddressCodeForm(initial={"code": request.GET.get("code", "")[:40]})
    )
    decision = explain(gates.PROVE_ADDRESS, me, proof)
    if decision.allowed and form.is_bound and form.is_valid():
        try:
            with form.merging():
                limits.count_address_code(proof_id=proof.pk, codes_sent=proof.codes_sent)
                services.prove_address(actor=me, proof_id=proof.pk, code=form.cleaned_data["code"])
                words = Text("{email} を追加しました。", "{email} is added.").format(email=proof.email)
                tell(request, words)
                return back_to("addresses")
        except Refused as refused:
            decision = refused.decision
    context = {
        "form": form,
        "decision": decision,
        "proof": proof,
        "resend": explain(gates.RESEND_ADDRESS_CODE, me, proof),
        "drop": explain(gates.DROP_ADDRESS, me, proof),
    }
    status = form.status if decision.allowed else decision.status
    return render(request, "account/address_code.html", context, status=status)


@screen(
    "my_settings_login_address_resend",
    path="my/settings/login/addresses/<uuid:proof_id>/resend/",
    title=Text("新しい確認コードを送る", "Send a new code"),
    actions=[gates.RESEND_ADDRESS_CODE],
    methods=["POST"],
    parent="my_settings_login_address_prove",
    members_only=True,
)
def resend(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """A new code for an address that waits for one."""
    me = current.me()
    proof = selectors.address_proof(me, proof_id)
    limits.count_new_address(member_id=me.pk, email=proof.email)
    services.resend_address_code(actor=me, proof_id=proof.pk, idempotency_key=posted_key(request.POST))
    tell(
        request,
        Text(
            "新しい確認コードを送りました。前のコードは使えません。",
            "A new code is on its way; the one before is void.",
        ),
    )
    return see(f"/my/settings/login/addresses/{proof.pk}/")


@screen(
    "my_settings_login_address_drop",
    path="my/settings/login/addresses/<uuid:proof_id>/drop/",
    title=Text("追加をやめる", "Do not add it"),
    actions=[gates.DROP_ADDRESS],
    methods=["POST"],
    parent="my_settings_login_address_prove",
    members_only=True,
)
def drop(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """Give up an address that waits for its code."""
    services.drop_address(actor=current.me(), proof_id=proof_id, idempotency_key=posted_key(request.POST))
    tell(request, Text("メールアドレスの追加を取りやめました。", "The address will not be added."))
    return back_to("addresses")


@screen(
    "my_settings_login_address_primary",
    path="my/settings/login/addresses/<int:address_id>/primary/",
    title=Text("お知らせ先にする", "Make it the main address"),
    actions=[gates.MAKE_PRIMARY],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
def primary(request: HttpRequest, address_id: int) -> HttpResponse:
    """Send notices to another of my addresses."""
    member = services.make_primary(actor=current.me(), address_id=address_id, idempotency_key=posted_key(request.POST))
    words = Text("お知らせ先を {email} にしました。", "Notices go to {email} now.").format(email=member.email)
    tell(request, words)
    return back_to("addresses")


@screen(
    "my_settings_login_address_remove",
    path="my/settings/login/addresses/<int:address_id>/remove/",
    title=Text("メールアドレスを削除する", "Remove an address"),
    actions=[gates.REMOVE_ADDRESS],
    methods=["POST"],
    parent="my_settings_login",
    members_only=True,
)
def remove(request: HttpRequest, address_id: int) -> HttpResponse:
    """Give up one of my addresses."""
    services.remove_address(actor=current.me(), address_id=address_id, idempotency_key=posted_key(request.POST))
    tell(request, Text("メールアドレスを削除しました。", "The address is removed."))
    return back_to("addresses")


@screen(
    "address_undo",
    path="login/address-undo/<str:key>/",
    title=Text("お知らせ先の変更を元に戻す", "Take back a change of the main address"),
    actions=[gates.UNDO_ADDRESS],
    methods=["GET", "POST"],
    parent="account_login",
)
@never_cache
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """For whoever reads the mail of the address so far, signed in or not: says what it does, and does it at a press."""
    change_id = address_mails.change_in(key)
    change = AddressChange.objects.select_related("member").filter(pk=change_id).first() if change_id else None
    if change is None:
        return refuse_on_page(request, gates.UNDO_ADDRESS, _broken_link())
    decision = explain(gates.UNDO_ADDRESS, VISITOR, change)
    if request.method == "POST":
        services.undo_primary(actor=VISITOR, change_id=change.pk)
        messages.success(
            request,
            str(
                Text(
                    "お知らせ先を元に戻し、アカウントを守りました。新しいパスワードを設定してください。",
                    "The change was taken back and the account protected. Please set a new password.",
                )
            ),
        )
        return see("/password/reset/")
    context = {"change": change, "decision": decision, "key": key}
    return render(request, "account/address_undo.html", context, status=decision.status)


def _broken_link() -> Blocker:
    return Blocker(
        code="link_broken",
        reason=Text(
            "このリンクは途中で切れているか、このサイトのものではありません。メールのリンクの全体をお使いください。",
            "This link was cut off or is not one of ours. Please use all of the link in the mail.",
        ),
        rule="A115",
        resolved_by="you",
        remedy=Remedy(Text("ログインできないとき", "When you cannot sign in"), "/help/cannot-log-in/"),
    )
