"""The addresses of an account: adding, proving, choosing the main one, removing, and taking a change back."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.oneself import OwnFacts, ProvedFacts, recently_proved, signed_in, still_member
from kotowari.accounts.gates.remedies import TO_ADDRESSES, TO_LOGIN
from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddressFacts(ProvedFacts):
    """How many addresses an account has, those that wait for their code among them, and how many it may have."""

    addresses: int
    addresses_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAddressFacts(OwnFacts):
    """An address that waits for the code from its mail. `is_system` tells that the market itself acts."""

    now: datetime
    lapses_at: datetime
    is_system: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts(ProvedFacts):
    """A proved address of an account, among `proved` of them; until `undo_until` a change away from it can be undone."""

    is_primary: bool
    proved: int
    undo_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFacts:
    """A change of the main address, seen by whoever holds the link from the mail to the old one."""

    now: datetime
    undo_until: datetime
    undone_at: datetime | None = None
    left_at: datetime | None = None


def room_for_an_address(facts: NewAddressFacts) -> Blocker | None:
    if facts.addresses < facts.addresses_max:
        return None
    return Blocker(
        code="too_many_addresses",
        reason=Text(
            "登録できるメールアドレスは{max}個までです。使っていないものを削除すると追加できます。",
            "An account has at most {max} addresses. Remove one that you no longer use to add another.",
        ).format(max=facts.addresses_max),
        rule="A067",
        resolved_by="you",
        facts={"count": facts.addresses, "max": facts.addresses_max},
        remedy=TO_ADDRESSES,
    )


def still_waiting(facts: WaitingAddressFacts) -> Blocker | None:
    if facts.now < facts.lapses_at:
        return None
    return Blocker(
        code="lapsed",
        reason=Text(
            "このメールアドレスの確認の期限が過ぎました。もう一度追加すると、新しいコードが届きます。",
            "The time to prove this address has run out. Add it again to get a new code.",
        ),
        rule="A115",
        resolved_by="you",
        facts={"lapsed_at": facts.lapses_at},
        remedy=TO_ADDRESSES,
    )


def proof_due(facts: WaitingAddressFacts) -> Blocker | None:
    if facts.now >= facts.lapses_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("確認の期限はまだ来ていません。", "The time to prove it has not run out yet."),
        rule="A115",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


def not_primary_yet(facts: AddressFacts) -> Blocker | None:
    if not facts.is_primary:
        return None
    return Blocker(
        code="already_primary",
        reason=Text("すでにお知らせ先になっているメールアドレスです。", "This is the main address already."),
        rule="A115",
        resolved_by="you",
        remedy=TO_ADDRESSES,
    )


def not_the_last(facts: AddressFacts) -> Blocker | None:
    if facts.proved > 1:
        return None
    return Blocker(
        code="last_address",
        reason=Text(
            "確認済みのメールアドレスがこれだけなので、削除すると連絡もパスワードの再設定もできなくなります。"
            "先に別のメールアドレスを追加してください。",
            "This is the only proved address: without it neither notices nor a new password could reach you. "
            "Add another one first.",
        ),
        rule="A067",
        resolved_by="you",
        remedy=TO_ADDRESSES,
    )


def not_primary(facts: AddressFacts) -> Blocker | None:
    if not facts.is_primary:
        return None
    return Blocker(
        code="is_primary",
        reason=Text(
            "お知らせ先のメールアドレスは削除できません。先に別のアドレスをお知らせ先にしてください。",
            "The main address cannot be removed. Make another one the main address first.",
        ),
        rule="A115",
        resolved_by="you",
        remedy=TO_ADDRESSES,
    )


def undo_time_over(facts: AddressFacts) -> Blocker | None:
    """Whoever takes an account over cannot take from its owner the address by which to take it back."""
    if facts.undo_until is None or facts.now >= facts.undo_until:
        return None
    return Blocker(
        code="undo_possible",
        reason=Text(
            "お知らせ先を変えたばかりです。ほかの人による変更だった場合に元へ戻せるよう、いままでのアドレスはしばらく残します。",
            "The main address was changed a short while ago. The one before stays for a while, so that the change can "
            "be taken back in case it was not you.",
        ),
        rule="A115",
        resolved_by="time",
        clears_at=facts.undo_until,
    )


def undo_in_time(facts: UndoFacts) -> Blocker | None:
    if facts.now < facts.undo_until:
        return None
    return Blocker(
        code="too_late",
        reason=Text(
            "元に戻せる期限が過ぎました。心当たりのない変更だった場合は、お問い合わせください。担当者が本人確認のうえで戻します。",
            "The time to take it back is over. If it was not you, please contact us: staff will look at who you are.",
        ),
        rule="A115",
        resolved_by="operator",
        facts={"until": facts.undo_until},
        remedy=Remedy(Text("お問い合わせ", "Contact us"), "/contact/?about=accounts.address.undo"),
    )


def not_undone_yet(facts: UndoFacts) -> Blocker | None:
    if facts.undone_at is None:
        return None
    return Blocker(
        code="already_undone",
        reason=Text(
            "この変更は、すでに元に戻されています。新しいパスワードを設定してログインしてください。",
            "This change was taken back already. Set a new password and sign in.",
        ),
        rule="A115",
        resolved_by="you",
        facts={"undone_at": facts.undone_at},
        remedy=TO_LOGIN,
    )


_OWNER = (signed_in, still_member)

ADD_ADDRESS = Action(
    "accounts.address.add",
    title=Text("メールアドレスを追加する", "Add an address"),
    no=Text("メールアドレスを追加できません", "No address can be added"),
    rules=(*_OWNER, recently_proved, room_for_an_address),
)
PROVE_ADDRESS = Action(
    "accounts.address.prove",
    title=Text("メールアドレスを確認する", "Prove the address"),
    no=Text("メールアドレスを確認できません", "The address cannot be proved"),
    subject="accounts.addressproof",
    rules=(*_OWNER, still_waiting),
)
RESEND_ADDRESS_CODE = Action(
    "accounts.address.resend",
    title=Text("新しいコードを送る", "Send a new code"),
    no=Text("コードを送れません", "No code can be sent"),
    subject="accounts.addressproof",
    rules=(*_OWNER, still_waiting),
)
DROP_ADDRESS = Action(
    "accounts.address.drop",
    title=Text("追加をやめる", "Do not add it"),
    no=Text("取りやめられません", "It cannot be dropped"),
    subject="accounts.addressproof",
    rules=(signed_in,),
)
LAPSE_ADDRESS = Action(
    "accounts.address.lapse",
    title=Text("期限の過ぎた確認待ちを消す", "Drop an address whose time has run out"),
    no=Text("まだ消せません", "It cannot be dropped yet"),
    subject="accounts.addressproof",
    rules=(only_the_system, proof_due),
)
MAKE_PRIMARY = Action(
    "accounts.address.make_primary",
    title=Text("お知らせ先にする", "Make it the main address"),
    no=Text("お知らせ先にできません", "It cannot be the main address"),
    subject="account.emailaddress",
    rules=(*_OWNER, recently_proved, not_primary_yet),
)
REMOVE_ADDRESS = Action(
    "accounts.address.remove",
    title=Text("メールアドレスを削除する", "Remove the address"),
    no=Text("メールアドレスを削除できません", "The address cannot be removed"),
    subject="account.emailaddress",
    rules=(*_OWNER, recently_proved, not_the_last, not_primary, undo_time_over),
)
UNDO_ADDRESS = Action(
    "accounts.address.undo",
    title=Text("変更を元に戻して、アカウントを守る", "Take the change back and protect the account"),
    no=Text("変更を元に戻せません", "The change cannot be taken back"),
    subject="accounts.addresschange",
    rules=(undo_in_time, not_undone_yet, still_member),
)
